"""A connection that a worker keeps, and a request of ASGI that has come on it."""

from __future__ import annotations

import ipaddress
from typing import Any, Dict, List, Optional, Tuple

from loomgate_worker.asgi import scope
from loomgate_worker.asgi.exchange import AsgiExchange
from loomgate_worker.direct.exchange import Direct
from loomgate_worker.wire import request_ids

Client = Optional[Tuple[str, int]]


class Kept:
    """The thread that takes the descriptor out of `place` has the connection: to read from it, or to hand it over.

    :ivar number: of the listening socket
    :ivar port: the server's
    :ivar told: both ends, as the JVM is told of them
    :ivar before: the beginning of a request whose body is on its way
    :ivar rest: of a response, which the socket hasn't taken yet
    :ivar running: the request that is being answered
    :ivar quiet: looks at it since something has happened
    :ivar used: whether a request has been answered on it
    """

    __slots__ = (
        "place",
        "number",
        "client",
        "port",
        "told",
        "before",
        "rest",
        "running",
        "quiet",
        "used",
    )

    def __init__(self, descriptor: int, number: int, address: Any, own: Any) -> None:
        self.place: List[int] = [descriptor]
        self.number = number
        self.client: Client = None
        self.port = _HTTP
        self.told = b"- - - - "
        self.before = b""
        self.rest = b""
        self.running: Optional[KeptExchange] = None
        self.used = False
        self.quiet = 0
        if isinstance(address, tuple):
            self.client = (text(address[0]), address[1])
            self.port = own[1]
            self.told = b"%b %d %b %d " % (
                self.client[0].encode(),
                address[1],
                text(own[0]).encode(),
                self.port,
            )


_HTTP = 80
"""What a unix socket has instead of a port."""


def text(address: str) -> str:
    """An address as the JVM writes it: those of IPv6 without `::`."""
    if ":" not in address:
        return address
    parsed = ipaddress.IPv6Address(address.partition("%")[0])
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return ":".join(f"{int(group, 16):x}" for group in parsed.exploded.split(":"))


class KeptExchange(Direct, AsgiExchange):
    """The exchange of a request that was read here, with its scope.

    :ivar route: by which the program has routed it, where somebody wants to know that
    """

    acceptor: Any
    route: Optional[str] = None

    def __init__(
        self,
        acceptor: Any,
        mode: Any,
        its: Dict[str, Any],
        kept: Kept,
        descriptor: int,
        packet: bytes,
        body: bytes,
        since: int,
    ) -> None:
        # What Exchange's does, without a call.
        self.runner = mode
        self.granted = mode.window
        self.acceptor = acceptor
        self.kept = kept
        self.listener = kept.number
        self.packet = packet
        self.body = self._body = body
        self.since = since
        self.connection = [descriptor]
        self._its = its
        if acceptor.tells_routes:
            self._takes_route = True

    def _emit_log_variables(self) -> None:
        its = self._scope
        if its is not None and self.connection and not self.log_variables:
            # While the connection is here, a frame would hand it over.
            self.route = scope.route(its)
            return
        super()._emit_log_variables()

    def answer(self, head: bytes, body: bytes) -> bool:
        if self.acceptor.reply(self, head, body):
            return True
        self._emit_log_variables()
        return super(Direct, self).answer(head, body)

    def fail(self, e: BaseException) -> None:
        self.hand_over()
        super().fail(e)

    def _http_scope(self) -> Dict[str, Any]:
        its = self._its
        its["asgi"] = {"version": "3.0", "spec_version": "2.5"}
        its["client"] = self.kept.client
        its["state"] = self.runner.state.copy()
        its["extensions"] = {"http.response.pathsend": {}, "http.response.early_hint": {}}
        self._takes_hints = True
        return its

    @property
    def environ(self) -> Dict[str, Any]:  # type: ignore[override]
        """What reports and log lines show of it."""
        its = self._its
        shown = {
            "REQUEST_METHOD": its["method"],
            "SCRIPT_NAME": "",
            "PATH_INFO": its["path"],
            "REQUEST_URI": its["raw_path"].decode("latin-1"),
            "QUERY_STRING": its["query_string"].decode("latin-1"),
        }
        if request_ids.KEY in its:
            shown[request_ids.KEY] = its[request_ids.KEY]
        return shown
