"""An alarm for another thread: a descriptor that becomes readable when the time is over, unless it is set again before."""

from __future__ import annotations

import os
import time
from typing import Any, Callable, Optional, Tuple

from loomgate_worker.process import descriptors

try:
    import ctypes
except ImportError:
    # Some builds of Python lack it.
    ctypes = None  # type: ignore[assignment]

_FLAGS = 0o2000000 | 0o4000  # TFD_CLOEXEC, TFD_NONBLOCK


class Alarm:
    """A timerfd. `set(seconds)` replaces what was set before: a system call, and no thread wakes for it.

    Raises `OSError` where there is none: without ctypes before Python 3.13.
    """

    def __init__(self) -> None:
        made = _of_os() or _of_ctypes()
        if made is None:
            raise OSError("there is no timerfd")
        self.descriptor, self.set = made

    def clear(self) -> None:
        """After it went off: it isn't readable any more."""
        try:
            os.read(self.descriptor, 8)
        except BlockingIOError:
            pass  # it was set again meanwhile


_Made = Optional[Tuple[int, Callable[[float], Any]]]


def _of_os() -> _Made:
    create: Any = getattr(os, "timerfd_create", None)
    settime: Any = getattr(os, "timerfd_settime", None)
    if create is None:
        return None
    descriptor = descriptors.moved(create(time.CLOCK_MONOTONIC, flags=_FLAGS))
    return descriptor, lambda seconds: settime(descriptor, initial=seconds)


def _of_ctypes() -> _Made:
    if ctypes is None:
        return None
    try:
        # Without letting go of the interpreter's lock: it takes less time than to get it back.
        library = ctypes.PyDLL(None)
        create, settime = library.timerfd_create, library.timerfd_settime
    except (OSError, AttributeError):
        return None
    made: int = create(time.CLOCK_MONOTONIC, _FLAGS)
    if made < 0:
        return None
    descriptor = descriptors.moved(made)
    settime.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
    # struct itimerspec: the interval, which is zero, and the time until it goes off; seconds and nanoseconds each.
    times = (ctypes.c_long * 4)()
    address = ctypes.addressof(times)

    def set_alarm(seconds: float) -> None:
        times[2], times[3] = int(seconds), int(seconds % 1 * 1e9)
        settime(descriptor, 0, address, None)

    return descriptor, set_alarm
