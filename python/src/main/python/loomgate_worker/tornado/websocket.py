"""What a `WebSocketHandler` has in the place of Tornado's `WebSocketProtocol13`: messages instead of a stream.

The server speaks the protocol with the client. So what is Tornado's setting there is the server's here: pings and compression.
"""

from __future__ import annotations

import sys
from typing import Any, NoReturn, Optional

from loomgate_worker.process import log
from loomgate_worker.process.handlers import calls_application
from loomgate_worker.tornado.connection import Connection

_NORMAL = 1000
_TOO_BIG = 1009
_FAILED = 1011
_NONE = (1005, 1006)  # no code, and no closing handshake

# What a handler has no use for once it has accepted.
_OF_HTTP = ("write", "redirect", "set_header", "set_cookie", "set_status", "flush", "finish")

_warned = False


def install(websocket: Any) -> None:
    """Has handlers of requests that come through a `Connection` use `Messages`.

    :param websocket: the module tornado.websocket
    """
    theirs = websocket.WebSocketHandler.get_websocket_protocol
    if getattr(theirs, "of_loomgate", False):
        return

    def get_websocket_protocol(self: Any) -> Any:
        connection = self.request.connection
        if not isinstance(connection, Connection):
            return theirs(self)
        return Messages(self, connection) if connection.is_websocket else None

    get_websocket_protocol.of_loomgate = True  # type: ignore[attr-defined]
    websocket.WebSocketHandler.get_websocket_protocol = get_websocket_protocol


class Messages:
    """A handler's WebSocket: the methods of `tornado.websocket.WebSocketProtocol` that a handler calls."""

    def __init__(self, handler: Any, connection: Connection) -> None:
        self.handler = handler
        self.stream = connection.stream
        self.selected_subprotocol: Optional[str] = None
        self.client_terminated = False
        self.server_terminated = False
        self.close_code: Optional[int] = None
        self.close_reason: Optional[str] = None
        self._connection = connection

    @calls_application
    async def accept_connection(self, handler: Any) -> None:
        """Accepts, and gives the handler what comes, until the end."""
        header = handler.request.headers.get("Sec-WebSocket-Protocol", "")
        offered = [name.strip() for name in header.split(",") if name.strip()]
        self.selected_subprotocol = handler.select_subprotocol(offered)
        if self.selected_subprotocol:
            handler.set_header("Sec-WebSocket-Protocol", self.selected_subprotocol)
        handler.clear_header("Content-Type")
        handler.set_status(101)
        handler.finish()
        handler.detach()
        for method in _OF_HTTP:
            setattr(handler, method, _not_supported)
        try:
            opened = handler.open(*handler.open_args, **handler.open_kwargs)
            if opened is not None:
                await opened
        except Exception:
            handler.log_exception(*sys.exc_info())
            self._abort()
            return
        try:
            await self._receive_all()
        except Exception:
            handler.log_exception(*sys.exc_info())
            self._abort()
        handler.on_ws_connection_close(self.close_code, self.close_reason)

    def write_message(self, message: Any, binary: bool = False) -> Any:
        if binary:
            data = message.encode("utf-8") if isinstance(message, str) else bytes(message)
            sent = {"type": "websocket.send", "bytes": data}
        else:
            text = message if isinstance(message, str) else bytes(message).decode("utf-8")
            sent = {"type": "websocket.send", "text": text}
        return self._connection.put(sent, "websocket.WebSocketClosedError")

    def write_ping(self, data: bytes) -> None:
        global _warned
        if not _warned:
            _warned = True
            log.say(
                "loomgate: ping() of a WebSocketHandler does nothing, and on_pong isn't called: the server itself sends pings"
                " (said once per worker)"
            )

    def close(self, code: Optional[int] = None, reason: Optional[str] = None) -> None:
        if not self.server_terminated:
            self.server_terminated = True
            self._connection.put(
                {"type": "websocket.close", "code": code or _NORMAL, "reason": reason or ""},
                "websocket.WebSocketClosedError",
            )

    def is_closing(self) -> bool:
        return self.client_terminated or self.server_terminated or self._connection.closed

    def on_connection_close(self) -> None:
        self._abort()

    def set_nodelay(self, value: bool) -> None:
        """It always is."""

    def _abort(self) -> None:
        self.client_terminated = True
        self.close(_FAILED)

    @calls_application
    async def _receive_all(self) -> None:
        handler, connection = self.handler, self._connection
        convert = sys.modules["tornado.gen"].convert_yielded
        while True:
            message = await connection.receive()
            if message["type"] == "websocket.disconnect":
                self.client_terminated = True
                if message["code"] not in _NONE:
                    self.close_code, self.close_reason = message["code"], message.get("reason") or None
                connection.lose()
                return
            data = message.get("text")
            size = len(message["bytes"] if data is None else data.encode("utf-8"))
            if size > handler.max_message_size:
                self.close(_TOO_BIG, "message too big")
                continue
            result = handler.on_message(message["bytes"] if data is None else data)
            if result is not None:
                await convert(result)


def _not_supported(*_: Any, **__: Any) -> NoReturn:
    raise RuntimeError("Method not supported for Web Sockets")
