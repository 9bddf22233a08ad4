"""What `ps` shows of this process, in place of its command line."""

from __future__ import annotations

import os
from typing import Any

try:
    import ctypes as _ctypes

    ctypes: Any = _ctypes
except ImportError:
    # Some builds of Python lack it.
    ctypes = None

# proc(5), /proc/pid/stat: counted from the third field, which follows the name.
_ARG_START = 45
_ARG_END = 46


def set_title(text: str) -> None:
    """Writes over the memory in which the kernel put the command line, which is what it shows; no longer than that fits.

    Python has its own copy. The short name, of which `ps -o comm` shows 15 bytes, is set as well. Where that isn't possible,
    nothing happens.
    """
    data = os.fsencode(text)
    try:
        with open("/proc/self/comm", "wb") as comm:
            comm.write(data)
        with open("/proc/self/stat", "rb") as stat:
            fields = stat.read().rpartition(b") ")[2].split()
        start, end = int(fields[_ARG_START]), int(fields[_ARG_END])
    except (OSError, ValueError, IndexError):
        return
    if ctypes is None or end - start < 2:
        return
    ctypes.memset(start, 0, end - start)
    ctypes.memmove(start, data, min(len(data), end - start - 1))
