"""A Tornado application as an application of ASGI."""

from __future__ import annotations

import asyncio
import sys
from typing import Any, Dict, Optional

from loomgate_worker.process import isolation
from loomgate_worker.process.handlers import calls_application
from loomgate_worker.tornado import websocket
from loomgate_worker.tornado.connection import Connection, Receive, Send

_CLEAN_UP_SECONDS = 1.0
_BAD_REQUEST = 400
_REQUEST_TIMEOUT = 408


class _TimeOut(Exception):
    pass


class Adapter:
    """Gives requests to what is `tornado.httputil.HTTPServerConnectionDelegate`, such as a `tornado.web.Application`."""

    def __init__(self, application: Any) -> None:
        self._application = application
        isolation.import_program("tornado.websocket")
        isolation.import_program("tornado.gen")
        self._httputil = sys.modules["tornado.httputil"]
        websocket.install(sys.modules["tornado.websocket"])

    async def __call__(self, scope: Dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            # Tornado has none.
            return
        loop = asyncio.get_running_loop()
        connection = Connection(scope, receive, send, loop)
        reading = loop.create_task(self._read(scope, connection))
        try:
            await connection.run()
        except BaseException:
            await connection.cancel(_CLEAN_UP_SECONDS)
            raise
        finally:
            reading.cancel()

    @calls_application
    async def _read(self, scope: Dict[str, Any], connection: Connection) -> None:
        """Gives the request to the application, and tells it when the client has gone."""
        try:
            delegate = self._application.start_request(connection, connection)
            try:
                if await self._request(scope, connection, delegate):
                    return
            except self._httputil.HTTPInputError:
                connection.refuse(_BAD_REQUEST)
                delegate.on_connection_close()
            except _TimeOut:
                connection.refuse(_REQUEST_TIMEOUT)
                delegate.on_connection_close()
            while not connection.closed:
                if (await connection.receive())["type"] == "http.disconnect":
                    connection.lose()
        except Exception as e:
            connection.fail(e)

    @calls_application
    async def _request(self, scope: Dict[str, Any], connection: Connection, delegate: Any) -> bool:
        """Whether there is nothing to be received any more, or by others."""
        start_line, headers = self._head(scope)
        waiting = connection.begin(lambda: delegate.headers_received(start_line, headers))
        if waiting is not None:
            await waiting
        if connection.is_websocket:
            await connection.receive()
            connection.begin(delegate.finish)
            return True
        received = 0
        more = True
        while more and not connection.finished:
            message = await _in_time(connection)
            if message["type"] == "http.disconnect":
                delegate.on_connection_close()
                connection.lose()
                return True
            body = message["body"]
            more = message["more_body"]
            received += len(body)
            if connection.max_body_size is not None and received > connection.max_body_size:
                raise self._httputil.HTTPInputError("the body is too long")
            if body and not connection.finished:
                waiting = delegate.data_received(body)
                if waiting is not None:
                    await waiting
        if not connection.finished:
            connection.begin(delegate.finish)
        return False

    def _head(self, scope: Dict[str, Any]) -> Any:
        target = scope["raw_path"].decode("latin-1")
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        headers = self._httputil.HTTPHeaders()
        for name, value in scope["headers"]:
            headers.add(name.decode("latin-1"), value.decode("latin-1"))
        if scope["type"] == "websocket":
            # Over HTTP/2 there are none, and handlers look for them.
            headers["Upgrade"] = "websocket"
            headers["Connection"] = "Upgrade"
            headers.setdefault("Sec-WebSocket-Version", "13")
        method = scope.get("method", "GET")
        version = "HTTP/" + scope["http_version"]
        return self._httputil.RequestStartLine(method, target, version), headers


async def _in_time(connection: Connection) -> Dict[str, Any]:
    deadline: Optional[float] = connection.body_deadline
    if deadline is None:
        return await connection.receive()
    left = deadline - asyncio.get_running_loop().time()
    try:
        return await asyncio.wait_for(connection.receive(), left)
    except asyncio.TimeoutError:
        raise _TimeOut from None
