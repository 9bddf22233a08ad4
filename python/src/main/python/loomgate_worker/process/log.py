"""What this package itself has to say: lines in the server's log, whatever the program has made of `sys.stderr`."""

from __future__ import annotations

import errno
import io
import os
import select
import sys
import traceback
from typing import Any

from loomgate_worker.process import descriptors

_descriptor = 2


def descriptor() -> int:
    """Where lines are written."""
    return _descriptor


def take(descriptor: int) -> None:
    """From now on lines are written to this descriptor, which is one of descriptors.py."""
    global _descriptor
    _descriptor = descriptor


def say(text: str) -> None:
    """Writes a line, or several, at once: other threads have something to say too."""
    data = (text.rstrip("\n") + "\n").encode("utf-8", "backslashreplace")
    while data:
        try:
            data = data[os.write(_descriptor, data) :]
        except BlockingIOError:
            # The program has made its standard error non-blocking, which this one shares.
            poll = select.poll()
            poll.register(_descriptor, select.POLLOUT)
            poll.poll()
        except OSError as e:
            if e.errno == errno.EBADF and _descriptor != 2:
                # The program has closed it: perhaps this one is left.
                take(2)
                continue
            # Nobody reads it any more.
            return


def say_exception(e: BaseException) -> None:
    """Writes an exception with its traceback."""
    try:
        text = "".join(traceback.format_exception(type(e), e, e.__traceback__))
    except Exception:
        text = type(e).__name__
    say(text)


def flush() -> None:
    """Flushes the program's streams, whatever they are by now."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            # None, closed, or an object of the program's own.
            pass


def errors() -> Any:
    """A stream for `wsgi.errors`: `sys.stderr`, unless the program has put it away."""
    stream: Any = sys.stderr
    try:
        if stream is not None and not stream.closed:
            return stream
    except AttributeError:
        return stream
    except Exception:
        # One of the program's own that isn't well.
        pass
    raw = io.FileIO(descriptors.copy(_descriptor), "w")
    return io.TextIOWrapper(raw, "utf-8", "backslashreplace", line_buffering=True, write_through=True)
