"""A request whose connection the worker has: answered on it, or handed over to the JVM and then like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List

from loomgate_worker.wire.exchange import Exchange
from loomgate_worker.wsgi.response import WsgiExchange

if TYPE_CHECKING:
    from typing import Protocol

    from loomgate_worker.direct.kinds import Asked
    from loomgate_worker.wire.exchange import Mode

    class Owner(Protocol):
        """What a request asks of the `Acceptor` that has taken its connection."""

        def reply(self, exchange: Direct, head: bytes, body: bytes) -> bool:
            ...

        def hand_over(self, exchange: Direct) -> None:
            ...


class Direct(Exchange):
    """What such requests have in common, whatever the application is called by. In front of the other base.

    The thread that takes the descriptor out of `connection` has the connection: to answer, or to hand it over. A whole
    response goes straight to the client. Before any other frame is sent, the connection is handed over, so that the JVM knows
    whose frame it is.

    :ivar packet: what the JVM is told of the request: a uwsgi packet, or a line and the head of HTTP
    :ivar since: when it began, in nanoseconds of `time.monotonic_ns`
    """

    acceptor: Owner
    listener: int
    packet: bytes
    body: bytes
    since: int
    connection: List[int]

    asked: Asked
    """What `kinds` counts it by; there where something is counted."""

    def answer(self, head: bytes, body: bytes) -> bool:
        return self.acceptor.reply(self, head, body) or super().answer(head, body)

    def hand_over(self) -> None:
        """Any thread."""
        self.acceptor.hand_over(self)

    def emit(self, kind: int, payload: bytes, flags: int = 0) -> None:
        self.hand_over()
        super().emit(kind, payload, flags)

    def _start(self, head: bytes, piece: bytes) -> None:
        self.hand_over()
        super()._start(head, piece)


class DirectExchange(Direct, WsgiExchange):
    """A uwsgi packet's."""

    def __init__(
        self,
        acceptor: Owner,
        mode: Mode,
        request_id: int,
        environ: Dict[str, Any],
        listener: int,
        descriptor: int,
        packet: bytes,
        body: bytes,
        since: int,
    ) -> None:
        # What Exchange's does, without a call.
        self.runner = mode
        self.id = request_id
        self.environ = environ
        self.granted = mode.window
        self.acceptor = acceptor
        self.listener = listener
        self.packet = packet
        self.body = body
        self.since = since
        self.connection = [descriptor]
