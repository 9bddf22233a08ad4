"""A WebSocket that a program has accepted: its messages as records in BODY and CHUNK frames.

::

     0      1         5
     | kind | length  | payload ...       little-endian; 1 text (UTF-8), 2 bytes, 8 the end: u16 code, reason in UTF-8

The JVM speaks the protocol with the client: what comes here are whole messages, and the end.
"""

from __future__ import annotations

import os
import select
import struct
import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Deque, Optional, Tuple, Union

from loomgate_worker.wire import frames

if TYPE_CHECKING:
    from typing import Protocol

    class Request(Protocol):
        """What a socket asks of its request, which is an `Exchange`."""

        runner: Any
        id: int
        cancelled: bool
        over: bool
        granted: int
        sent: int

        def emit(self, kind: int, payload: bytes, flags: int = 0) -> None:
            ...


TEXT = 1
BINARY = 2
CLOSED = 8

_HEADER = struct.Struct("<BI")
_WHOLE = struct.Struct("<IBBHIBI")
"""A frame's header, and then a record's."""

_PIECE_BYTES = 256 * 1024
_MESSAGE_BYTES = 128
"""What a message takes besides its content."""


class Socket:
    """The messages of one request's WebSocket, in both directions.

    Any thread or greenlet of the program's may receive and send: messages don't mix. Who waits does so by the mode's `wait`.
    """

    def __init__(self, exchange: Request) -> None:
        self._exchange = exchange
        self.opened = False
        self.lent: Any = None
        """Where messages go and come from while the worker has the connection (direct/lent.py)."""
        self.asking = False
        """The worker has asked for the connection: no message may be sent before the answer."""
        self.reclaimed = False
        """The JVM wants the connection back that it has yet to lend."""
        self.lendable = True
        self.used = 0
        """Messages either way, since the connection was the JVM's."""
        self.used_since = 0.0
        self.held = 0
        """What messages take that the worker has read itself, and the program hasn't received."""
        self._step: int = max(exchange.runner.window // 4, 1)
        # What has come: whole messages with the bytes that their records took, and the beginning of the next record.
        self._lock = threading.Lock()
        self._messages: Deque[Tuple[int, Union[str, bytes], int]] = deque()
        self._partial = bytearray()
        self._partial_told = 0
        self._taken = 0
        self.last_kind = TEXT
        self.closed: Optional[Tuple[int, str]] = None
        # What is to be sent: records, of which the first one may be sent in part.
        self._send_lock = threading.Lock()
        self._outgoing: Deque[bytes] = deque()
        self._at = 0
        self._put = 0
        self._sent = 0
        # Of the descriptor that is readable while a message waits, once somebody has asked for it.
        self._readable = -1
        self._mark = -1
        self._marked = False
        self._both: Optional[select.epoll] = None

    # ---- the thread that reads the data connection

    def feed(self, data: bytes, last: bool) -> None:
        """A BODY frame has come."""
        told = 0
        with self._lock:
            partial = self._partial
            partial += data
            at = 0
            while len(partial) - at >= _HEADER.size:
                kind, length = _HEADER.unpack_from(partial, at)
                end = at + _HEADER.size + length
                if end > len(partial):
                    break
                payload = bytes(partial[at + _HEADER.size : end])
                cost = end - at - self._partial_told
                self._partial_told = 0
                at = end
                if kind == CLOSED:
                    self._end(int.from_bytes(payload[:2], "little"), payload[2:].decode("utf-8", "replace"))
                else:
                    self._messages.append((kind, payload, cost))
            del partial[:at]
            # A message may be longer than the window: of what isn't whole the JVM is told at once.
            told = len(partial) - self._partial_told
            self._partial_told = len(partial)
            self._show()
        if told:
            self._tell(told)

    def fail(self, reason: str) -> None:
        """Nothing more will come."""
        with self._lock:
            if self.closed is None:
                self._end(1006, reason)
            self._show()

    def _end(self, code: int, reason: str) -> None:
        """With the lock."""
        self.closed = (code, reason)
        self.asking = False  # What waits for the answer goes on now.

    def add(self, kind: int, message: Union[str, bytes]) -> None:
        """A message has come on a connection that the worker has."""
        with self._lock:
            self._messages.append((kind, message, 0))
            # Characters, for text: it is a limit, and no length.
            self.held += _MESSAGE_BYTES + len(message)

    # ---- the program: receiving

    def has_news(self) -> bool:
        """Whether there is a message, or nothing more to wait for."""
        return bool(self._messages) or self.closed is not None or self._exchange.cancelled

    def take(self) -> Any:
        """The next message; None if there is none. Text is `str` where the worker has read it itself."""
        with self._lock:
            if not self._messages:
                return None
            self.last_kind, payload, cost = self._messages.popleft()
            self._taken += cost
            if not cost:
                self.held -= _MESSAGE_BYTES + len(payload)
            tell = 0
            if self._taken >= self._step or not self._messages:
                tell, self._taken = self._taken, 0
            self._show()
        if tell:
            self._tell(tell)
        if self.lent is not None and not cost:
            self.lent.taken()
        return payload

    def _tell(self, count: int) -> None:
        self._exchange.emit(frames.CONSUMED, frames.U32.pack(count))

    # ---- the program: sending

    def send(self, kind: int, payload: bytes) -> bool:
        """Sends a message; waits while the client is slow. False if the socket is closed."""
        if self.closed is not None or self._exchange.over:
            return False
        if self.send_at_once(kind, payload):
            self._exchange.runner.urge()
            return True
        mine = self.put(kind, payload)
        while not self.sent(mine):
            if self._is_over():
                return False
            self._exchange.runner.wait(self._exchange, lambda: self.may_go_on(mine))
        self._exchange.runner.urge()
        return True

    def send_at_once(self, kind: int, payload: bytes) -> bool:
        """Sends a message if nothing waits before it, and there is credit for all of it. Whether it was sent."""
        exchange = self._exchange
        length = _HEADER.size + len(payload)
        with self._send_lock:
            if (
                self._outgoing
                or self.asking
                or length > exchange.granted - exchange.sent
                or length > _PIECE_BYTES
                or exchange.over
            ):
                return False
            exchange.sent += length
            exchange.runner.emit_message(
                _WHOLE.pack(length, frames.CHUNK, 0, 0, exchange.id, kind, len(payload)) + payload
            )
            return True

    def put(self, kind: int, payload: bytes) -> int:
        """A message is to be sent: its number, for `sent`."""
        if self.lent is not None:
            self.lent.give_back()
        with self._send_lock:
            self._outgoing.append(_HEADER.pack(kind, len(payload)) + payload)
            self._put += 1
            return self._put

    def sent(self, number: int) -> bool:
        """Sends what there is credit for. Whether this message is sent."""
        self._send_some()
        return self._sent >= number

    def may_go_on(self, number: int) -> bool:
        """Whether `sent` may say more now than before."""
        return self._sent >= number or (self._may_send() and not self.asking) or self._is_over()

    def _may_send(self) -> bool:
        return self._exchange.granted > self._exchange.sent

    def take_outgoing(self, most: int) -> Optional[Tuple[int, bytes]]:
        """The first message that waits to be sent, its kind and payload, for the worker to send it itself. None if there is
        none, and for what is the JVM's matter: the end, and a message of more bytes than `most`."""
        with self._send_lock:
            if not self._outgoing:
                return None
            record = self._outgoing[0]
            if record[0] == CLOSED or len(record) > _HEADER.size + most:
                return None
            self._outgoing.popleft()
            self._sent += 1
            return record[0], record[_HEADER.size :]

    def may_be_lent(self) -> bool:
        """Whether the worker may ask for the connection now."""
        return (
            self.lendable
            and not self.asking
            and self.lent is None
            and self.closed is None
            and not self._outgoing
        )

    def has_outgoing(self) -> bool:
        """Whether anything waits to be sent."""
        return bool(self._outgoing)

    def _is_over(self) -> bool:
        return self._exchange.cancelled or self._exchange.over

    def _send_some(self) -> None:
        """As much as there is credit for, of all senders' messages."""
        exchange = self._exchange
        with self._send_lock:
            while self._outgoing and not exchange.over and not self.asking:
                record = self._outgoing[0]
                count = min(len(record) - self._at, exchange.granted - exchange.sent, _PIECE_BYTES)
                if count <= 0:
                    break
                whole = count == len(record)
                piece = record if whole else record[self._at : self._at + count]
                exchange.sent += count
                self._at += count
                if self._at == len(record):
                    self._outgoing.popleft()
                    self._at = 0
                    self._sent += 1
                exchange.emit(frames.CHUNK, piece)

    # ---- a descriptor for select()

    def fileno(self) -> int:
        """Readable while `take` has something, or the socket is closed; low enough for `select.select`."""
        with self._lock:
            if self._readable < 0:
                self._readable, self._mark = os.pipe()
                os.set_blocking(self._readable, False)
                self._show()
            descriptor: int = self._exchange.runner.data_descriptor()
            if descriptor < 0:
                return self._readable
            if self._both is None:
                # Nobody reads the data connection while the program waits for this descriptor.
                self._both = select.epoll()
                self._both.register(descriptor, select.EPOLLIN)
                self._both.register(self._readable, select.EPOLLIN)
            return self._both.fileno()

    def _show(self) -> None:
        """With the lock."""
        if self._readable < 0:
            return
        wanted = bool(self._messages) or self.closed is not None
        if wanted and not self._marked:
            os.write(self._mark, b"\0")
        elif self._marked and not wanted:
            os.read(self._readable, 1)
        self._marked = wanted

    def close(self) -> None:
        """The request is over."""
        with self._lock:
            if self._readable >= 0:
                os.close(self._readable)
                os.close(self._mark)
                self._readable = self._mark = -1
            if self._both is not None:
                self._both.close()
                self._both = None
