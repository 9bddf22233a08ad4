"""`uwsgi.websocket_*`: WebSockets as uWSGI's programs use them, by blocking calls.

What isn't possible is an `OSError` with uWSGI's words. Handshake, pings, fragments and UTF-8 are the JVM's matter; each connection has
its own fragments, and one subprotocol is chosen.
"""

from __future__ import annotations

from typing import Any, Callable, List, Optional

from loomgate_worker.uwsgi.areas import Areas
from loomgate_worker.uwsgi.missing import NotOffered
from loomgate_worker.uwsgi.texts import Text, octets, text
from loomgate_worker.wire.cancelled import RequestCancelled
from loomgate_worker.wire.exchange import Exchange
from loomgate_worker.wire.websocket import BINARY, TEXT, Socket

_NO_HANDSHAKE = "unable to complete websocket handshake"
_NOT_RECEIVED = "unable to receive websocket message"
_NOT_SENT = "unable to send websocket message"
_LEFT_OUT = ("content-length", "content-type", "sec-websocket-protocol")


class WebSockets:
    """The public methods are the module's functions. `request_context` is what `request_context()` gives, for another thread or
    greenlet than the request's own.

    :param exchange: the current request, for the function of that name
    """

    def __init__(self, exchange: Callable[[str], Exchange], areas: Areas) -> None:
        self._exchange = exchange
        self._areas = areas

    def request_context(self) -> Any:
        """The current request, for the functions that take one."""
        return self._exchange("request_context")

    def connection_fd(self) -> int:
        """A descriptor that is readable while a message waits, or the socket is closed; of a request for a WebSocket alone."""
        exchange = self._exchange("connection_fd")
        if not exchange.offers_websocket:
            raise NotOffered(
                "uwsgi.connection_fd() is there for WebSockets alone: the client's connection belongs to the server process"
            )
        return _socket(exchange).fileno()

    def websocket_handshake(
        self, key: Optional[Text] = None, origin: Optional[Text] = None, proto: Optional[Text] = None
    ) -> None:
        """Accepts the WebSocket that the current request asks for.

        :param key: means nothing: the server has the client's
        :param origin: means nothing
        :param proto: the subprotocol; the first of those in it that the client offers. Without it, the client's first one
        """
        exchange = self._exchange("websocket_handshake")
        socket = exchange.websocket
        if not exchange.offers_websocket or exchange.started or (socket is not None and socket.opened):
            raise OSError(_NO_HANDSHAKE)
        parts = [b"101 Switching Protocols", *_fields(exchange.head)]
        chosen = _subprotocol(exchange, proto)
        if chosen:
            parts += [b"Sec-WebSocket-Protocol", chosen.encode("latin-1")]
        exchange.open_websocket(b"\n".join(parts))

    def websocket_recv(self, request_context: Any = None) -> bytes:
        """The next message; waits for it."""
        exchange, socket = self._opened("websocket_recv", request_context, _NOT_RECEIVED)
        exchange.runner.urge()
        while True:
            message: Optional[bytes] = socket.take()
            if message is not None:
                return message
            self._check(exchange, socket)
            exchange.runner.wait(exchange, socket.has_news)

    def websocket_recv_nb(self, request_context: Any = None) -> bytes:
        """The next message if one is there; else none, `b""`."""
        exchange, socket = self._opened("websocket_recv_nb", request_context, _NOT_RECEIVED)
        if not socket.has_news():
            # Which reads what has come, where no other thread does.
            exchange.runner.turn(exchange)
        message = socket.take()
        if message is None:
            self._check(exchange, socket)
        # The JVM is told what was taken: the program may wait for the descriptor now, and more comes only if there is room.
        exchange.runner.urge()
        return message or b""

    def websocket_is_binary(self, request_context: Any = None) -> bool:
        """Whether the message that was received last is one of bytes. (uWSGI has no such thing.)"""
        return self._opened("websocket_is_binary", request_context, _NOT_RECEIVED)[1].last_kind == BINARY

    def websocket_send(self, message: Text, request_context: Any = None) -> None:
        """Sends a message of text; waits while the client is slow. Bytes have to be UTF-8."""
        data = octets(message, "a WebSocket's message")
        if not isinstance(message, str):
            data.decode("utf-8")
        self._send("websocket_send", TEXT, data, request_context)

    def websocket_send_binary(self, message: Text, request_context: Any = None) -> None:
        """Sends a message of bytes; waits while the client is slow."""
        data = octets(message, "a WebSocket's message")
        self._send("websocket_send_binary", BINARY, data, request_context)

    def websocket_send_from_sharedarea(self, area: int, position: int, length: int = 0) -> None:
        """Sends so many bytes of a sharedarea, all that follow if `length` is 0, as a message of text."""
        self.websocket_send(self._areas.sharedarea_read(area, position, length))

    def websocket_send_binary_from_sharedarea(self, area: int, position: int, length: int = 0) -> None:
        """Sends so many bytes of a sharedarea, all that follow if `length` is 0, as a message of bytes."""
        self.websocket_send_binary(self._areas.sharedarea_read(area, position, length))

    # ---- inside

    def _opened(self, name: str, context: Any, otherwise: str) -> tuple[Exchange, Socket]:
        exchange: Exchange = self._exchange(name) if context is None else context
        socket = exchange.websocket
        if socket is None or not socket.opened:
            raise OSError(otherwise)
        return exchange, socket

    def _check(self, exchange: Exchange, socket: Socket) -> None:
        if exchange.over or socket.closed is not None:
            raise OSError(_NOT_RECEIVED)
        if exchange.cancelled:
            raise RequestCancelled("the request was cancelled while it waited for a message")

    def _send(self, name: str, kind: int, data: bytes, context: Any) -> None:
        exchange, socket = self._opened(name, context, _NOT_SENT)
        if not socket.send(kind, data):
            if exchange.cancelled and not exchange.over and socket.closed is None:
                raise RequestCancelled("the request was cancelled while it sent a message")
            raise OSError(_NOT_SENT)


def _socket(exchange: Exchange) -> Socket:
    socket = exchange.websocket
    if socket is None:
        socket = exchange.websocket = Socket(exchange)
    return socket


def _fields(head: Optional[bytes]) -> List[bytes]:
    """Those of a start_response that came before, without what isn't for a handshake."""
    parts = head.split(b"\n")[1:] if head is not None else []
    kept: List[bytes] = []
    for name, value in zip(parts[::2], parts[1::2]):
        if name.decode("latin-1").lower() not in _LEFT_OUT:
            kept += [name, value]
    return kept


def _subprotocol(exchange: Exchange, asked: Optional[Text]) -> str:
    offered = _names(exchange.environ.get("HTTP_SEC_WEBSOCKET_PROTOCOL", ""))
    wanted = offered if asked is None else _names(text(asked))
    return next((name for name in wanted if name in offered), "")


def _names(listed: str) -> List[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]
