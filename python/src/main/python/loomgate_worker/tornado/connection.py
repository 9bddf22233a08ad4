"""`tornado.httputil.HTTPConnection` over ASGI: what a handler writes its response to.

A handler writes without waiting, and may await the future that it gets. So what is written is put into a queue, from which the
request's own task sends; the future is done when the server has taken it.
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from typing import Any, Awaitable, Callable, Deque, Dict, List, NoReturn, Optional, Tuple

from loomgate_worker.process.handlers import calls_application

Message = Dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]

_SWITCHING = 101
_NOT_MODIFIED = 304
# What is the server's matter in a response.
_OF_THE_SERVER = frozenset(
    (b"connection", b"keep-alive", b"transfer-encoding", b"upgrade", b"sec-websocket-accept")
)
_SCHEMES = {"ws": "http", "wss": "https"}


class Context:
    """Whom a request comes from, as the server knows it: what a proxy says has been judged there."""

    def __init__(self, scope: Dict[str, Any]) -> None:
        self.address = scope["client"] or ("0.0.0.0", 0)
        self.remote_ip: str = self.address[0]
        scheme = scope["scheme"]
        self.protocol: str = _SCHEMES.get(scheme, scheme)

    def __str__(self) -> str:
        return self.remote_ip

    # Of HTTPServer(xheaders=True).
    def _apply_xheaders(self, headers: Any) -> None:
        pass

    def _unapply_xheaders(self) -> None:
        pass


class Stream:
    """What a program may ask of the IOStream that it would have under Tornado's own server."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def closed(self) -> bool:
        return self._connection.closed

    def set_nodelay(self, value: bool) -> None:
        """It always is."""


class Connection:
    """One request's connection.

    :ivar finished: the handler has given the end of its response
    :ivar closed: nothing can be sent any more
    :ivar task: the handler's, if it has one
    :ivar max_body_size: more of a body is refused, if there is a limit
    :ivar body_deadline: until when the body has to be there, by the loop's clock
    """

    def __init__(self, scope: Dict[str, Any], receive: Receive, send: Send, loop: Any) -> None:
        self.context = Context(scope)
        self.stream = Stream(self)
        self.is_websocket: bool = scope["type"] == "websocket"
        self.receive = receive
        self.finished = False
        self.closed = False
        self.task: Any = None
        self.max_body_size: Optional[int] = None
        self.body_deadline: Optional[float] = None
        self._kind = "websocket.http.response." if self.is_websocket else "http.response."
        self._is_head = scope.get("method") == "HEAD"
        self._left: Optional[int] = None  # of the Content-Length, if there is one
        self._send = send
        self._loop = loop
        self._outgoing: Deque[Tuple[Message, Any, str]] = deque()
        self._begun = False
        self._accepted = False
        self._refused = False
        self._complete = False  # the end has been sent
        self._failure: Optional[BaseException] = None
        self._news: Any = None
        self._close_callback: Optional[Callable[[], None]] = None

    # ---- HTTPConnection

    def write_headers(self, start_line: Any, headers: Any, chunk: Optional[bytes] = None) -> Any:
        fields = [(_bytes(name), _bytes(value)) for name, value in headers.get_all()]
        fields = [(name, value) for name, value in fields if name.lower() not in _OF_THE_SERVER]
        self._begun = True
        if start_line.code == _SWITCHING and self.is_websocket:
            return self._accept(fields)
        if self._is_head or start_line.code == _NOT_MODIFIED:
            self._left = 0
        elif "Content-Length" in headers:
            self._left = int(headers["Content-Length"])
        self.put({"type": self._kind + "start", "status": start_line.code, "headers": fields})
        return self.write(chunk or b"")

    def write(self, chunk: bytes) -> Any:
        if self._left is not None:
            self._left -= len(chunk)
            if self._left < 0:
                self._break_off("Tried to write more data than Content-Length")
        return self.put({"type": self._kind + "body", "body": chunk, "more_body": True})

    def finish(self) -> None:
        if not self.finished and not self._accepted:
            if self._left and not self.closed:
                self._break_off(f"Tried to write {self._left} bytes less than Content-Length")
            self.finished = True
            self.put({"type": self._kind + "body", "body": b"", "more_body": False})

    # ---- what handlers call besides

    def set_close_callback(self, callback: Optional[Callable[[], None]]) -> None:
        self._close_callback = callback

    def set_max_body_size(self, size: int) -> None:
        self.max_body_size = size

    def set_body_timeout(self, seconds: float) -> None:
        self.body_deadline = self._loop.time() + seconds

    def detach(self) -> Stream:
        if not self._accepted:
            raise RuntimeError("the connection can't be detached: it is the server's")
        return self.stream

    # ---- the adapter's

    def put(self, message: Message, lost: str = "iostream.StreamClosedError") -> Any:
        """A message is to be sent. The future is Tornado's kind of flow control.

        :param lost: the exception of the future if it can't be
        """
        future = self._loop.create_future()
        if self.closed or self._refused:
            _fail(future, lost)
        else:
            self._outgoing.append((message, future, lost))
            self.wake()
        return future

    def begin(self, call: Callable[[], Any]) -> Any:
        """Calls what makes the handler's task, which nobody would know otherwise."""
        loop = self._loop
        theirs = loop.get_task_factory()

        def noting(loop: Any, coroutine: Any, **more: Any) -> Any:
            task = (theirs or _plain_task)(loop, coroutine, **more)
            self.task = task
            return task

        loop.set_task_factory(noting)
        try:
            return call()
        finally:
            loop.set_task_factory(theirs)
            if self.task is not None:
                self.task.add_done_callback(self.wake)

    async def run(self) -> None:
        """Sends what is written, until the response and the handler have ended."""
        while not self._is_over():
            if self._failure is not None:
                raise self._failure
            if self._outgoing:
                await self._send_next()
            else:
                self._news = self._loop.create_future()
                await self._news

    async def cancel(self, seconds: float) -> None:
        """The request's time is over. Waits for so long for the handler to clean up."""
        self.lose()
        if self.task is not None and not self.task.done():
            self.task.cancel()
            await asyncio.wait((self.task,), timeout=seconds)

    @calls_application
    def lose(self) -> None:
        """The client has gone."""
        if self.closed:
            return
        self.closed = True
        while self._outgoing:
            _, future, lost = self._outgoing.popleft()
            _fail(future, lost)
        callback, self._close_callback = self._close_callback, None
        self.wake()
        if callback is not None and not self.finished:
            callback()

    def refuse(self, status: int) -> None:
        """Answers what can't be read any further, if no answer has begun; what the handler writes goes nowhere then."""
        if self._begun:
            self.fail(ConnectionError("the request's body was refused after the response had begun"))
            return
        self.finished = True
        self.put({"type": self._kind + "start", "status": status, "headers": [(b"content-length", b"0")]})
        self.put({"type": self._kind + "body", "body": b"", "more_body": False})
        self._refused = True

    def fail(self, e: BaseException) -> None:
        """Ends the request with an exception."""
        self._failure = e
        self.wake()

    def wake(self, _: Any = None) -> None:
        news = self._news
        if news is not None and not news.done():
            news.set_result(None)

    # ---- inside

    def _break_off(self, why: str) -> NoReturn:
        e: Exception = sys.modules["tornado.httputil"].HTTPOutputError(why)
        self.fail(e)
        raise e

    def _accept(self, fields: List[Tuple[bytes, bytes]]) -> Any:
        self._accepted = True
        chosen = [value for name, value in fields if name.lower() == b"sec-websocket-protocol"]
        rest = [field for field in fields if field[0].lower() != b"sec-websocket-protocol"]
        subprotocol = chosen[0].decode("latin-1") if chosen else None
        return self.put({"type": "websocket.accept", "subprotocol": subprotocol, "headers": rest})

    def _is_over(self) -> bool:
        if self.task is None:
            return self._complete or self.closed
        if not self.task.done():
            return False
        if self._complete or self.closed:
            return True
        if self.task.cancelled() or self.task.exception() is not None:
            # It won't answer any more.
            self.fail(RuntimeError("the handler has ended without a response"))
        return False

    async def _send_next(self) -> None:
        message, future, lost = self._outgoing.popleft()
        end = None
        if message.get("more_body") and self._outgoing and self._outgoing[0][0].get("more_body") is False:
            # The end needs no message of its own.
            _, end, _ = self._outgoing.popleft()
            message["more_body"] = False
        try:
            await self._send(message)
        except OSError:
            _fail(future, lost)
            self.lose()
            return
        self._complete |= message.get("more_body") is False
        for done in (future, end):
            if done is not None and not done.done():
                done.set_result(None)


def _plain_task(loop: Any, coroutine: Any, **more: Any) -> Any:
    return asyncio.Task(coroutine, loop=loop, **more)


def _fail(future: Any, lost: str) -> None:
    if future.done():
        return
    module, _, name = lost.partition(".")
    future.set_exception(getattr(sys.modules["tornado." + module], name)())
    # Nobody has to await it.
    future.exception()


def _bytes(text: Any) -> bytes:
    return text if isinstance(text, bytes) else str(text).encode("latin-1")
