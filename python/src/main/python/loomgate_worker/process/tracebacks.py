"""Tracebacks as people read them: without the frames of this package."""

from __future__ import annotations

import importlib
import os
import traceback
from types import TracebackType
from typing import Optional

PACKAGE = os.path.dirname(os.path.dirname(__file__)) + os.sep
"""What the file names of this package's code begin with."""

# It goes to the JVM in one frame or line: a program that puts a document into its exception's text is cut short.
_MOST_CHARACTERS = 64 * 1024


def describe(e: BaseException) -> str:
    """The traceback without the frames of this package and of the import system that it begins with."""
    trace: Optional[TracebackType] = e.__traceback__
    while trace is not None and _is_ours(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    try:
        return shortened("".join(traceback.format_exception(type(e), e, trace)), _MOST_CHARACTERS)
    except Exception as second:
        # An exception's own __str__, a limit of the program's: what happened must be told all the same.
        return f"{type(e).__name__} (its traceback can't be formatted: {type(second).__name__})\n"


def shortened(text: str, most: int) -> str:
    """The beginning and the end of a text that is too long."""
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]}\n... {len(text) - 2 * half} characters are left out here ...\n{text[-half:]}"


def _is_ours(filename: str) -> bool:
    return (
        filename.startswith(PACKAGE)
        or filename.startswith("<frozen importlib")
        or filename == importlib.__file__
    )
