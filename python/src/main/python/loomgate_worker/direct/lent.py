"""WebSockets whose connections the JVM has lent to this worker (decision 115): read, written, and given back.

::

    BORROW --> asking --LENT--> lent --anything that isn't plain, a quiet minute, a slow client, RECLAIM--> RETURN
                  +-----REFUSED, or the WebSocket's end

All of it in the loop's thread.
"""

from __future__ import annotations

import os
import select
from typing import TYPE_CHECKING, Any, Dict, List, Union

from loomgate_worker.asgi.exchange import MOST_LENT
from loomgate_worker.direct import functions
from loomgate_worker.direct.messages import MOST_BYTES
from loomgate_worker.process import descriptors
from loomgate_worker.wire import frames
from loomgate_worker.wire.websocket import BINARY, TEXT

if TYPE_CHECKING:
    from loomgate_worker.asgi.exchange import AsgiExchange
    from loomgate_worker.wire.links import Descriptors

_MOST_EVENTS = 128
_MOST_PENDING_BYTES = 128 * 1024
_AFTER_SLOW = 1000
"""The connection of a client that was slow is asked for after so many messages more."""
_AFTER_NOT_NOW = 20
"""The same where the JVM was just busy with it."""

_MOST_HELD_BYTES = 256 * 1024
"""What messages take that the program hasn't received: then nothing more is read."""


class Lent:
    """One WebSocket, as long as its connection is here.

    :ivar before: the beginning of a message that has come
    :ivar written: bytes
    :ivar reads: whether what comes is read now
    :ivar quiet: seconds since something has come
    """

    __slots__ = (
        "owner",
        "exchange",
        "descriptor",
        "before",
        "pending",
        "pending_bytes",
        "written",
        "reads",
        "quiet",
    )

    def __init__(self, owner: LentSockets, exchange: AsgiExchange, descriptor: int) -> None:
        self.owner = owner
        self.exchange = exchange
        self.descriptor = descriptor
        self.before = b""
        self.pending: List[bytes] = []
        self.pending_bytes = 0
        self.written = 0
        self.reads = False
        self.quiet = 0

    def send(self, message: Union[str, bytes]) -> None:
        """Goes out at the end of the loop's turn, or as soon as it is much. Raises UnicodeEncodeError for a lone surrogate."""
        frame = self.owner.frame(message)
        if not self.pending:
            self.owner.has_pending(self)
        self.pending.append(frame)
        self.pending_bytes += len(frame)
        if self.pending_bytes >= _MOST_PENDING_BYTES:
            self.owner.write(self)

    def taken(self) -> None:
        """The program has received a message."""
        socket: Any = self.exchange.websocket
        if not self.reads and socket.held < _MOST_HELD_BYTES // 2:
            self.owner.read_on(self)

    def give_back(self) -> None:
        self.owner.give_back(self)


class LentSockets:
    """All of a worker.

    :ivar descriptor: can be read when there is something for `turn` to do
    """

    def __init__(self, mode: Any, link: Descriptors, quiet_seconds: float, most_bytes: int) -> None:
        """
        :param quiet_seconds: a connection on which nothing comes for so long goes back; never, if that is 0
        :param most_bytes: of a message that a client may send
        """
        self._mode = mode
        self._link = link
        self._quiet_seconds = quiet_seconds
        self._most_bytes = min(most_bytes, MOST_BYTES)
        self._epoll = descriptors.epoll()
        self.descriptor: int = self._epoll.fileno()
        self._lent: Dict[int, Lent] = {}
        self._to_write: List[Lent] = []
        self._read = functions.lending.read_messages
        self._write = functions.lending.write
        self.frame = functions.lending.frame

    # ---- the JVM

    def ask(self, exchange: AsgiExchange) -> None:
        """Asks for the connection. Until the answer, no message of this WebSocket may be sent."""
        socket = exchange.websocket
        assert socket is not None
        socket.asking = True
        exchange.emit(frames.BORROW, b"")

    def heed(self, kind: int, flags: int, exchange: Any) -> None:
        """LENT, REFUSED or RECLAIM has come; `exchange` is None if that request is over."""
        if kind == frames.LENT:
            try:
                descriptor = self._link.receive(1)[0]
            except OSError:
                # The program has so many open that there is no number left.
                self._return_at_once(exchange)
                return
            if exchange is None or exchange.over:
                descriptors.close(descriptor)
                return
            self._begin(exchange, descriptor)
        elif exchange is not None and exchange.websocket is not None:
            socket = exchange.websocket
            if kind == frames.REFUSED:
                socket.asking = socket.reclaimed = False
                if flags & frames.NOT_NOW:
                    socket.used = -_AFTER_NOT_NOW
                else:
                    socket.lendable = False
                exchange.woken()
            elif socket.lent is not None:
                socket.lent.give_back()
            else:
                socket.reclaimed = socket.asking  # LENT is on its way.

    def _begin(self, exchange: AsgiExchange, descriptor: int) -> None:
        socket = exchange.websocket
        assert socket is not None
        socket.asking = False
        socket.lent = lent = Lent(self, exchange, descriptor)
        self._lent[descriptor] = lent
        if socket.held < _MOST_HELD_BYTES:
            self.read_on(lent)
        while socket.lent is lent:
            message = socket.take_outgoing(MOST_LENT)
            if message is None:
                break
            kind, payload = message
            lent.send(payload.decode("utf-8") if kind == TEXT else payload)
        if socket.has_outgoing() or socket.closed is not None or socket.reclaimed:
            lent.give_back()
        socket.reclaimed = False
        exchange.woken()

    def _return_at_once(self, exchange: Any) -> None:
        if exchange is not None and not exchange.over:
            socket = exchange.websocket
            socket.asking = socket.reclaimed = False
            socket.used = -_AFTER_SLOW
            exchange.emit(frames.RETURN, frames.RETURN_PAYLOAD.pack(0, 0))
            exchange.woken()

    # ---- reading

    def turn(self) -> None:
        """Reads what has come."""
        for descriptor, _ in self._epoll.poll(0, _MOST_EVENTS):
            lent = self._lent.get(descriptor)
            if lent is not None:
                self._look(lent)

    def _look(self, lent: Lent) -> None:
        try:
            messages, rest, plain = self._read(lent.descriptor, lent.before, self._most_bytes)
        except OSError:
            # Nothing leads to the client, or the program has closed it.
            messages, rest, plain = [], lent.before, False
        if messages is None:
            return
        lent.before = rest
        lent.quiet = 0
        exchange = lent.exchange
        socket: Any = exchange.websocket
        for message in messages:
            socket.add(TEXT if isinstance(message, str) else BINARY, message)
        if not plain:
            self.give_back(lent)
        elif socket.held >= _MOST_HELD_BYTES and lent.reads:
            lent.reads = False
            self._epoll.unregister(lent.descriptor)
        exchange.woken()

    def read_on(self, lent: Lent) -> None:
        lent.reads = True
        self._epoll.register(lent.descriptor, select.EPOLLIN)

    # ---- writing

    def has_pending(self, lent: Lent) -> None:
        self._to_write.append(lent)
        self._mode.flush_later()

    def flush(self) -> None:
        """Sends what is pending."""
        if self._to_write:
            some, self._to_write = self._to_write, []
            for lent in some:
                self.write(lent)

    def write(self, lent: Lent) -> None:
        pending = lent.pending
        if not pending:
            return
        data = pending[0] if len(pending) == 1 else b"".join(pending)
        lent.pending = []
        lent.pending_bytes = 0
        sent = self._write(lent.descriptor, data)
        lent.written += max(sent, 0)
        if sent < 0:
            self._return(lent, b"")  # The JVM sees that the client has gone.
        elif sent < len(data):
            self._return(lent, data[sent:])

    # ---- giving back

    def give_back(self, lent: Lent, flags: int = 0) -> None:
        self.write(lent)
        if lent.exchange.websocket is not None and lent.exchange.websocket.lent is lent:
            self._return(lent, b"", flags)

    def _return(self, lent: Lent, unwritten: bytes, flags: int = 0) -> None:
        del self._lent[lent.descriptor]
        if lent.reads:
            self._epoll.unregister(lent.descriptor)
        descriptors.close(lent.descriptor)
        socket: Any = lent.exchange.websocket
        socket.lent = None
        socket.used = -_AFTER_SLOW if unwritten else 0
        head = frames.RETURN_PAYLOAD.pack(lent.written, len(unwritten))
        lent.exchange.emit(frames.RETURN, head + unwritten + lent.before, flags)
        lent.exchange.woken()

    def sweep(self) -> None:
        """Once a second."""
        if self._quiet_seconds:
            for lent in list(self._lent.values()):
                lent.quiet += 1
                if lent.quiet > self._quiet_seconds:
                    self.give_back(lent, frames.QUIET)
