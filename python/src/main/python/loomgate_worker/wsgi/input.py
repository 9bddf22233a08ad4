"""`wsgi.input`: an `io.BufferedIOBase`, whichever way the body comes.

Two classes, which an application can't tell apart by what they do: `Input` has the whole body, and reads it as fast as
`io.BytesIO`; `ArrivingInput` reads it while it comes. Neither can be sought, for a body that is large or slow can't be, and
a program should not learn that in production.
"""

from __future__ import annotations

import io
from collections import deque
from operator import index
from typing import TYPE_CHECKING, Any, Deque, List, NoReturn, Optional

from loomgate_worker.wire import frames
from loomgate_worker.wire.cancelled import RequestCancelled

if TYPE_CHECKING:
    from loomgate_worker.wire.exchange import Exchange


class Input(io.BytesIO):
    """A body that was complete when its request began."""

    def __del__(self) -> None:
        """Not io's, which calls close() on each: there is nothing to be closed."""

    def seekable(self) -> bool:
        _check_open(self)
        return False

    def writable(self) -> bool:
        _check_open(self)
        return False

    def _only_read(self, *_: Any) -> NoReturn:
        _only_read(self)

    @property
    def _absent(self) -> NoReturn:
        # hasattr() must say so: some take whatever has them for an io.BytesIO.
        raise AttributeError("wsgi.input is not an io.BytesIO")

    # What io.BytesIO can do beyond a stream that is read.
    seek = tell = truncate = write = writelines = _only_read
    getvalue = getbuffer = _absent

    def __reduce_ex__(self, _: Any) -> NoReturn:
        raise TypeError(f"cannot pickle {type(self).__name__!r} object")


class ArrivingInput(io.BufferedIOBase):
    """A body, read while it comes.

    A read waits until it has what it asked for, or the body's end; how it waits is the mode's matter. It raises `OSError`
    if the rest of the body will not come, and `RequestCancelled` if the client is gone. `read1` and `readinto1` wait for
    some bytes only. After `close()` reads raise `ValueError`; what hasn't been read is the JVM's matter then.

    The body is bounded by the JVM: a part is acknowledged (CONSUMED) when a read takes it, so that at most `window` bytes
    and one frame are in memory which nobody has asked for.
    """

    def __init__(self, exchange: Exchange, beginning: bytes) -> None:
        self._exchange = exchange
        self._buffer = beginning
        self._at = 0
        self._step = max(exchange.runner.window // 4, 1)
        self._unacknowledged = 0
        self._incoming: Deque[bytes] = deque()
        self._complete = False
        self._failure: Optional[str] = None

    # ---- the thread that reads the data connection

    def feed(self, data: bytes, last: bool) -> None:
        """A BODY frame has come."""
        if data and not self.closed:
            self._incoming.append(data)
        if last:
            self._complete = True

    def fail(self, reason: str) -> None:
        """The rest will not come."""
        self._failure = reason

    # ---- the application

    def readable(self) -> bool:
        _check_open(self)
        return True

    def writable(self) -> bool:
        _check_open(self)
        return False

    def seekable(self) -> bool:
        _check_open(self)
        return False

    def read(self, size: Optional[int] = -1) -> bytes:
        """So many bytes; all that is left if `size` is negative or None."""
        _check_open(self)
        wanted = -1 if size is None else index(size)
        rest = len(self._buffer) - self._at
        if 0 <= wanted <= rest:
            return self._take(wanted)
        parts = [self._take(rest)]
        while wanted < 0 or rest < wanted:
            part = self._next()
            if part is None:
                break
            if wanted >= 0 and rest + len(part) > wanted:
                self._buffer = part
                parts.append(self._take(wanted - rest))
                break
            rest += len(part)
            parts.append(part)
        return b"".join(parts)

    def read1(self, size: Optional[int] = -1) -> bytes:
        """What is there, at most so many bytes of it; waits only if nothing is."""
        _check_open(self)
        wanted = -1 if size is None else index(size)
        if self._at == len(self._buffer) and wanted:
            self._buffer = self._next() or b""
            self._at = 0
        rest = len(self._buffer) - self._at
        return self._take(rest if wanted < 0 else min(wanted, rest))

    def readline(self, size: Optional[int] = -1) -> bytes:
        """A line with its end; at most `size` bytes of it if `size` isn't negative or None."""
        _check_open(self)
        limit = -1 if size is None else index(size)
        parts: List[bytes] = []
        length = 0
        while True:
            rest = len(self._buffer) - self._at
            end = self._buffer.find(b"\n", self._at) + 1
            count = end - self._at if end else rest
            if 0 <= limit <= length + count:
                count, end = limit - length, 1
            parts.append(self._take(count))
            length += count
            if end:
                return b"".join(parts)
            part = self._next()
            if part is None:
                return b"".join(parts)
            self._buffer = part

    def close(self) -> None:
        """Lets go of what hasn't been read."""
        super().close()
        self._incoming.clear()
        self._buffer = b""
        self._at = 0

    def _only_read(self, *_: Any) -> NoReturn:
        _only_read(self)

    seek = tell = truncate = write = writelines = _only_read

    def has_news(self) -> bool:
        """Whether `read1` would not wait: there are bytes, or the end, or an error."""
        return self._at < len(self._buffer) or self._ready()

    # ---- inside

    def _take(self, count: int) -> bytes:
        start = self._at
        self._at = start + count
        data = self._buffer[start : self._at]
        if self._at == len(self._buffer):
            self._buffer = b""
            self._at = 0
        return data

    def _next(self) -> Optional[bytes]:
        """The next part; None at the end. Only called when the buffer is empty."""
        while not self._incoming:
            if self._exchange.cancelled:
                raise RequestCancelled("the request was cancelled while its body was read")
            if self._failure is not None:
                raise OSError(self._failure)
            if self._exchange.over:
                raise ValueError("wsgi.input was read after the end of its request")
            # In this order: feed() adds the last part before it says that it was the last.
            if self._complete and not self._incoming:
                return None
            if not self._incoming:
                self._exchange.runner.wait(self._exchange, self._ready)
                _check_open(self)
        part = self._incoming.popleft()
        self._unacknowledged += len(part)
        if self._unacknowledged >= self._step and not self._complete and not self._exchange.over:
            self._exchange.emit(frames.CONSUMED, frames.U32.pack(self._unacknowledged))
            self._unacknowledged = 0
        return part

    def _ready(self) -> bool:
        exchange = self._exchange
        return bool(
            self._incoming
            or self._complete
            or exchange.cancelled
            or exchange.over
            or self._failure is not None
            or self.closed
        )


def _check_open(stream: io.IOBase) -> None:
    if stream.closed:
        raise ValueError("I/O operation on closed file.")


def _only_read(stream: io.IOBase) -> NoReturn:
    _check_open(stream)
    raise io.UnsupportedOperation("wsgi.input can only be read, from its beginning to its end")
