"""`wsgi.input` of a request whose body was not complete when it began. (A complete one is an `io.BytesIO`.)"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Deque, Iterator, List, Optional

from loomgate_worker import frames
from loomgate_worker.runner import RequestCancelled

if TYPE_CHECKING:
    from loomgate_worker.exchange import Exchange


class Input:
    """The body, read while it comes.

    A read waits until it has what it asked for, or the body's end; how it waits is the mode's matter. It raises `OSError`
    if the rest of the body will not come, and `RequestCancelled` if the client has gone. `read()` returns all that is left,
    `read(n)` n bytes, less only at the end; `readline`, `readlines` and iteration as for files.

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
        if data:
            self._incoming.append(data)
        if last:
            self._complete = True

    def fail(self, reason: str) -> None:
        """The rest will not come."""
        self._failure = reason

    # ---- the application

    def read(self, size: Optional[int] = -1) -> bytes:
        """So many bytes; all that is left if `size` is negative or None."""
        wanted = -1 if size is None else size
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

    def readline(self, size: Optional[int] = -1) -> bytes:
        """A line with its end; at most `size` bytes of it if `size` isn't negative or None."""
        limit = -1 if size is None else size
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

    def readlines(self, hint: Optional[int] = None) -> List[bytes]:
        """The lines that are left; if `hint` is positive, no more after so many bytes."""
        lines: List[bytes] = []
        length = 0
        for line in self:
            lines.append(line)
            length += len(line)
            if hint is not None and 0 < hint <= length:
                break
        return lines

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        line = self.readline()
        if not line:
            raise StopIteration
        return line

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
        )
