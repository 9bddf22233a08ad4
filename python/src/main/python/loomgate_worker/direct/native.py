"""Loads the accelerator, `python/src/main/c/loomgate_direct.c`, where this interpreter can have it.

It lies beside this file, one for each machine's architecture, in a directory or in a JAR file. What is in a JAR file, or on a
file system without programs, is loaded from a private directory that is removed at once, or from memory.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import sys
import tempfile
from typing import Any, Iterator, Optional

from loomgate_worker.process import log

_NAME = "_loomgate_direct"
_SUFFIX = ".abi3.so"


def load(directory: Optional[str] = None) -> Optional[Any]:
    """The module with `take`, `read` and `reply`; None where there is none for this interpreter: why is logged.

    `directory` is where accelerators are instead of beside this file.
    """
    try:
        return _found(directory or os.path.dirname(os.path.abspath(__file__)))
    except ImportError as e:
        log.say(f"loomgate: direct mode's accelerator can't be loaded, Python code is used instead: {e}")
        return None


def _found(directory: str) -> Any:
    if not _fits():
        raise ImportError("this interpreter has no stable ABI")
    name = f"{_NAME}.abi3.{os.uname().machine}.so"
    path = os.path.join(directory, name)
    try:
        content = _content(path)
    except OSError:
        raise ImportError(
            f"none was built for this machine ({name}), for want of a C compiler or Python's headers"
        ) from None
    problems = []
    for place in _places(path, content):
        try:
            return _load(place)
        except (ImportError, OSError) as e:
            problems.append(str(e))
    raise ImportError("; ".join(problems))


def _fits() -> bool:
    """Whether this is a CPython with the stable ABI, which free-threaded builds don't have."""
    return (
        sys.implementation.name == "cpython"
        and _SUFFIX in importlib.machinery.EXTENSION_SUFFIXES
        and "t" not in getattr(sys, "abiflags", "")
    )


def _content(path: str) -> bytes:
    """Of a file, or of one in the JAR file that this module is from."""
    loader: Any = globals()["__spec__"].loader
    content: bytes = loader.get_data(path)
    return content


def _places(path: str, content: bytes) -> Iterator[str]:
    """Where to load it from, one after the other. What is made for it is gone when the next one is asked for."""
    if os.path.isfile(path):
        yield path
    try:
        with tempfile.TemporaryDirectory(prefix="loomgate-") as private:
            copy = os.path.join(private, os.path.basename(path))
            with open(copy, "xb") as file:
                file.write(content)
            yield copy
    except OSError:
        # Full, or not to be written to.
        pass
    try:
        descriptor = os.memfd_create(_NAME)
    except (AttributeError, OSError):
        # Not in every build of Python.
        return
    try:
        with open(descriptor, "wb", closefd=False) as file:
            file.write(content)
        # No path that anybody else loads something from: the linker tells libraries apart by them.
        yield f"/proc/{os.getpid()}/fd/{descriptor}"
    finally:
        os.close(descriptor)


def _load(path: str) -> Any:
    loader = importlib.machinery.ExtensionFileLoader(_NAME, path)
    spec = importlib.util.spec_from_loader(_NAME, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module
