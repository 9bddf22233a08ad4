"""The server's half of ASGI: gives the application a request's messages, and makes frames of what it sends.

All of it runs in the loop's thread. Nothing here blocks: who waits for a part of the body, for credit or for a message
awaits a future, which a frame for the request completes (`woken`).
"""

from __future__ import annotations

import asyncio
import os
import struct
from collections import deque
from contextvars import ContextVar
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Callable, Deque, Dict, List, Optional, Tuple

from loomgate_worker.asgi import scope
from loomgate_worker.process.handlers import runs_request
from loomgate_worker.wire import frames
from loomgate_worker.wire.cancelled import RequestCancelled
from loomgate_worker.wire.exchange import WHOLE_BYTES, Exchange
from loomgate_worker.wire.websocket import BINARY, CLOSED, TEXT, Socket
from loomgate_worker.wsgi.heads import too_large

if TYPE_CHECKING:
    from typing import Protocol

    from loomgate_worker.wire.exchange import Mode

    class Lender(Protocol):
        """Who asks the JVM for a WebSocket's connection (direct/lent.py)."""

        def ask(self, exchange: AsgiExchange) -> None:
            ...

    class Tasks(Mode, Protocol):
        """What a request asks of the mode that runs it."""

        loop: Any

        @property
        def state(self) -> Dict[str, Any]:
            ...

        lender: Optional[Lender]

        def ended(self, exchange: AsgiExchange) -> None:
            ...


_PIECE_BYTES = 256 * 1024
_NORMAL = 1000
_RESTART = 1012
_NO_CODE = 1005
_LOST = 1006
_CODE = struct.Struct("<H")
_USED = 2
"""After so many messages within a second the worker asks for the connection of a WebSocket: one that is used once isn't worth it."""
_USED_SECONDS = 1.0
MOST_LENT = 128 * 1024
"""Characters, or bytes, of a message that the worker sends itself: what is left of one has room in a frame."""

ROUTE = "route"
"""The log variable that has the request's route."""

_DENIED = b"403 Forbidden\nContent-Length\n0"

_statuses: Dict[int, bytes] = {}

current: ContextVar[Optional[AsgiExchange]] = ContextVar("loomgate_request", default=None)
"""The request whose task this is, or that has made it."""


class ClientDisconnected(OSError):
    """What `send` raises when the client has gone (ASGI 2.4)."""

    def __init__(self) -> None:
        super().__init__("the client has disconnected")


class _File:
    """An open file that the JVM sends."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def close(self) -> None:
        os.close(self._descriptor)


class _ArrivingBody:
    """The rest of a request's body, as frames bring it."""

    def __init__(self, exchange: AsgiExchange, beginning: bytes) -> None:
        self._exchange = exchange
        self._step = max(exchange.runner.window // 4, 1)
        self._unacknowledged = 0
        self.parts: Deque[bytes] = deque((beginning,) if beginning else ())
        self._beginning = bool(beginning)
        self.complete = False
        self.failed = False

    def feed(self, data: bytes, last: bool) -> None:
        if data:
            self.parts.append(data)
        self.complete |= last

    def fail(self, reason: str) -> None:
        self.failed = True

    def take(self) -> bytes:
        """The next part, which is there. The JVM is told, so that at most its window is ever here."""
        part = self.parts.popleft()
        if self._beginning:
            # It came with the request, outside of the window.
            self._beginning = False
            return part
        self._unacknowledged += len(part)
        if self._unacknowledged >= self._step and not self.complete and not self._exchange.over:
            self._exchange.emit(frames.CONSUMED, frames.U32.pack(self._unacknowledged))
            self._unacknowledged = 0
        return part


class AsgiExchange(Exchange):
    """An exchange whose response an ASGI application gives, or a WebSocket that it talks on."""

    runner: Tasks
    input: Any = None
    task: Any = None
    _body: Optional[bytes] = None  # all of it, until it has been received
    _takes_hints = False
    _takes_trailers = False
    _takes_route = False
    _scope: Optional[Dict[str, Any]] = None  # where the program leaves its route, if that is wanted
    _trailers: Optional[List[bytes]] = None  # names and values, of a response that is to have some
    _body_over = False  # and trailers are to follow
    _end_received = False
    _connect_received = False
    _told = False  # that the client has disconnected
    _receiving = 0  # calls of `receive` that wait for that
    _dropped = False  # a message was, without an error
    _is_to_end = False
    _code = _NO_CODE  # with which the application has closed its WebSocket
    _waiters: Tuple[Any, ...] = ()  # futures that `woken` completes

    # What a quick request's time is spent in: answer_request, _send and _begin. Hence they call little.

    @runs_request
    async def answer_request(self) -> None:
        """The request's task. It ends the request in every case, and never raises."""
        current.set(self)
        runner = self.runner
        try:
            if self.cancelled:
                raise RequestCancelled("the request was cancelled before it began")
            if self.offers_websocket:
                its = scope.websocket(self.environ, runner.state)
                if self._takes_route:
                    self._look_for_route(its)
                await runner.application(its, self._receive_message, self._send_message)
            else:
                its = self._http_scope()
                if self._takes_route:
                    self._look_for_route(its)
                await runner.application(its, self._receive, self._send)
            self._give_back()
            if not self.over:
                self._end()
        except BaseException as e:
            self._give_back()
            self.fail(e)
        if self.open_file is None:
            runner.live.pop(self.id, None)
        elif self.cancelled:
            # CANCEL may have come just before the file was to be seen.
            self.close_file()
        self.task = None
        runner.ended(self)

    def _http_scope(self) -> Dict[str, Any]:
        return scope.http(self.environ, self.runner.state, self._takes_hints, self._takes_trailers)

    def _end(self) -> None:
        """The application has returned, and hasn't said that the response, or the WebSocket, has ended."""
        if self.cancelled:
            raise RequestCancelled("the request was cancelled")
        if self.websocket is not None and self.websocket.opened:
            self.finish(b"")
        elif self.head is None:
            raise RuntimeError("the application returned without a response")
        else:
            raise RuntimeError("the application returned before its response had ended")

    def offer_hints(self) -> None:
        self._takes_hints = True

    def offer_trailers(self) -> None:
        self._takes_trailers = True

    def take_route(self) -> None:
        self._takes_route = True

    def _look_for_route(self, its: Dict[str, Any]) -> None:
        self._scope = its
        if self.log_variables is None:
            self.log_variables = {}  # so that they are looked at before the response begins

    def _emit_log_variables(self) -> None:
        its, self._scope = self._scope, None
        if its is not None:
            route = scope.route(its)
            if route is not None:
                # What the program has set itself goes first.
                self.log_variables = {ROUTE: route, **(self.log_variables or {})}
        super()._emit_log_variables()

    def _start(self, head: bytes, piece: bytes) -> None:
        # Who leaves in the middle of a response has had a route, too.
        if self._scope is not None:
            self._emit_log_variables()
        super()._start(head, piece)

    def ask_to_end(self) -> None:
        if not self.over:
            self._is_to_end = self.started
            if self._is_open():
                self.runner.loop.create_task(self._close_for_restart())

    async def _close_for_restart(self) -> None:
        try:
            await self._send_message({"type": "websocket.close", "code": _RESTART})
        except (OSError, RuntimeError):
            pass  # It has been closed, by either side.

    def woken(self) -> None:
        """Something has come that this request may be waiting for."""
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def _until(self, ready: Callable[[], bool]) -> None:
        while not ready():
            waiter = self.runner.loop.create_future()
            self._waiters += (waiter,)
            try:
                await waiter
            finally:
                self._waiters = tuple(other for other in self._waiters if other is not waiter)

    # ---- HTTP

    async def _receive(self) -> Dict[str, Any]:
        body = self._body
        if body is not None and not self.cancelled and not self.over:
            self._body = None
            return {"type": "http.request", "body": body, "more_body": False}
        arriving = self.input
        if arriving is not None and not self._end_received:
            await self._until(
                lambda: arriving.parts or arriving.complete or arriving.failed or self._has_disconnect()
            )
            if not self.cancelled and not self.over:
                if arriving.parts:
                    part = arriving.take()
                    self._end_received = arriving.complete and not arriving.parts
                    return {"type": "http.request", "body": part, "more_body": not self._end_received}
                if arriving.complete:
                    self._end_received = True
                    return {"type": "http.request", "body": b"", "more_body": False}
        else:
            self._receiving += 1
            try:
                await self._until(self._has_disconnect)
            finally:
                self._receiving -= 1
        return await self._disconnected({"type": "http.disconnect"})

    def _has_disconnect(self) -> bool:
        """Whether `receive` says `http.disconnect`: also where a stream is to end, though its client is there."""
        return self.cancelled or self.over or self._is_to_end

    async def _disconnected(self, message: Dict[str, Any]) -> Dict[str, Any]:
        """A program that asks for more and more after it mustn't keep the loop from the others."""
        if self._told:
            await asyncio.sleep(0)
        self._told = True
        return message

    async def _send(self, message: Dict[str, Any]) -> None:
        kind = message["type"]
        if self.cancelled:
            self._drop(self._receiving)
            return
        if self.over:
            raise RuntimeError(f"{kind!r} was sent after the end of the response")
        if kind == "http.response.body":
            if not self._answer_whole(message):
                await self._send_body(message)
        elif kind == "http.response.start":
            self._begin(message)
        elif kind == "http.response.pathsend":
            self._send_path(message["path"])
        elif kind == "http.response.trailers" and self._trailers is not None:
            self._add_trailers(self._trailers, message)
        elif kind == "http.response.early_hint" and self._takes_hints:
            self.send_links([bytes(link) for link in message["links"]])
        else:
            raise RuntimeError(f"{kind!r} is no message of a response")

    def _drop(self, receiving: int) -> None:
        """The client has disconnected, and `send` says so. But if calls of `receive` are about to say it in other tasks, the
        first message is dropped without an error: those cancel this task where it waits next, which is in a generator of
        events. An error between two events would leave that generator to the garbage collector.
        """
        if not receiving or self._dropped:
            raise ClientDisconnected
        self._dropped = True

    def _begin(self, message: Dict[str, Any]) -> None:
        if self.head is not None:
            raise RuntimeError(f"{message['type']!r} was sent twice")
        if "status" not in message:
            raise ValueError(f"{message['type']!r} has no status")
        status = message["status"]
        self.head = self._limited(_head(_statuses.get(status) or _status(status), message.get("headers", ())))
        if self._takes_trailers and message.get("trailers", False):
            self._trailers = []

    def _answer_whole(self, message: Dict[str, Any]) -> bool:
        """Answers with the head and this body, if that is all of it, and one frame has room for both."""
        head = self.head
        if head is None or self.started or len(head) > WHOLE_BYTES or message.get("more_body", False):
            return False
        if self._trailers is not None:
            return False
        body = _content(message)
        if len(body) > WHOLE_BYTES:
            return False
        if self.log_variables is not None:
            self._emit_log_variables()
        self.over = True
        self.answer(head, body)
        if self._waiters:
            self.woken()
        return True

    async def _send_body(self, message: Dict[str, Any]) -> None:
        head = self.head
        if head is None:
            raise RuntimeError(f"{message['type']!r} was sent before the start of the response")
        if self._body_over:
            raise RuntimeError(f"{message['type']!r} was sent after the end of the body")
        body = _content(message)
        if message.get("more_body", False):
            if body:
                await self._send_all(body)
            return
        await self._send_all(body)
        if self.cancelled:
            return  # It was dropped.
        self._emit_log_variables()
        if not self.started:
            self._start(head, b"")
        if self._trailers is None:
            self._end_response()
        else:
            self._body_over = True

    def _end_response(self) -> None:
        self.over = True
        self.emit(frames.CHUNK, b"", frames.COMPLETE)
        self.woken()

    def _add_trailers(self, parts: List[bytes], message: Dict[str, Any]) -> None:
        if not self._body_over:
            raise RuntimeError(f"{message['type']!r} was sent before the end of the body")
        for name, value in message.get("headers", ()):
            parts += (name, value)
        if not message.get("more_trailers", False):
            if parts:
                self.emit(frames.TRAILERS, self._limited(_joined(parts)))
            self._end_response()

    async def _send_all(self, data: bytes) -> None:
        """As `send`, which blocks."""
        at, end = 0, len(data)
        while at < end:
            if self.granted <= self.sent:
                receiving = self._receiving
                await self._until(self._may_send)
                if self.cancelled:
                    self._drop(receiving)
                    return
                continue
            count = min(end - at, self.granted - self.sent, _PIECE_BYTES)
            piece = data if count == end and at == 0 else data[at : at + count]
            self.sent += count
            at += count
            if self.started:
                self.emit(frames.CHUNK, piece)
            else:
                self._start(self.head or b"", piece)

    def _send_path(self, path: Any) -> None:
        if self.head is None or self.started:
            raise RuntimeError(
                "'http.response.pathsend' comes after the start of the response, and instead of a body"
            )
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        file = _File(descriptor)
        try:
            length = os.fstat(descriptor).st_size
            self._emit_log_variables()
            self._start(self.head, b"")
        except BaseException:
            file.close()
            raise
        self.over = True
        self.open_file = file
        self.emit(frames.FILE, frames.FILE_PAYLOAD.pack(descriptor, 0, length))
        self.woken()

    def _limited(self, head: bytes) -> bytes:
        if len(head) > self.runner.max_head:
            raise too_large(len(head), self.runner.max_head)
        return head

    # ---- WebSocket

    async def _receive_message(self) -> Dict[str, Any]:
        if not self._connect_received:
            self._connect_received = True
            return {"type": "websocket.connect"}
        socket = self.websocket
        if socket is None or not socket.opened:
            await self._until(lambda: self.cancelled or self.over or self._is_open())
            socket = self.websocket
        if socket is None or not socket.opened:
            return await self._disconnected({"type": "websocket.disconnect", "code": _LOST, "reason": ""})
        opened = socket
        await self._until(lambda: self.over or opened.has_news())
        message = socket.take()
        if message is None:
            code, reason = socket.closed or (self._code if self.over else _LOST, "")
            return await self._disconnected({"type": "websocket.disconnect", "code": code, "reason": reason})
        if socket.lent is None:
            self._count_use(socket)
        if socket.last_kind == TEXT:
            text = message if isinstance(message, str) else message.decode("utf-8")
            return {"type": "websocket.receive", "text": text}
        return {"type": "websocket.receive", "bytes": message}

    def _count_use(self, socket: Socket) -> None:
        """A message has gone through the JVM, either way. The next ones needn't."""
        lender = self.runner.lender
        if lender is None:
            return
        socket.used += 1
        now = self.runner.loop.time()
        if socket.used <= 1:
            socket.used_since = now
        elif socket.used >= _USED and socket.may_be_lent() and not self.over:
            if now - socket.used_since <= _USED_SECONDS:
                lender.ask(self)
            else:
                socket.used, socket.used_since = 1, now

    def _give_back(self) -> None:
        """The WebSocket is about to end, which is the JVM's matter."""
        socket = self.websocket
        if socket is not None and socket.lent is not None:
            socket.lent.give_back()

    def _is_open(self) -> bool:
        return self.websocket is not None and self.websocket.opened

    async def _send_message(self, message: Dict[str, Any]) -> None:
        kind = message["type"]
        socket = self.websocket
        if self.cancelled or (socket is not None and socket.closed is not None):
            raise ClientDisconnected
        if self.over and self._is_to_end:
            raise ClientDisconnected  # closed for a reload, and not by the application
        if self.over:
            raise RuntimeError(f"{kind!r} was sent after the end of the WebSocket")
        if socket is None or not socket.opened:
            await self._answer_handshake(kind, message)
        elif kind == "websocket.send":
            text = message.get("text")
            content = bytes(message["bytes"]) if text is None else text
            if socket.lent is not None:
                if len(content) <= MOST_LENT:
                    socket.lent.send(content)
                    return
                socket.lent.give_back()
            if text is None:
                record, payload = BINARY, content
            else:
                record, payload = TEXT, text.encode("utf-8")
            if not socket.send_at_once(record, payload):
                await self._send_record(socket, record, payload)
            self._count_use(socket)
        elif kind == "websocket.close":
            self._code = message.get("code", _NORMAL)
            reason = message.get("reason") or ""
            await self._send_record(socket, CLOSED, _CODE.pack(self._code) + reason.encode("utf-8"))
            self.finish(b"")
            self.woken()
        else:
            raise RuntimeError(f"{kind!r} is no message of a WebSocket that has been accepted")

    async def _answer_handshake(self, kind: str, message: Dict[str, Any]) -> None:
        if kind == "websocket.accept":
            if self.head is not None:
                raise RuntimeError("a WebSocket that is being denied can't be accepted")
            fields = list(message.get("headers", ()))
            if message.get("subprotocol"):
                fields.append((b"sec-websocket-protocol", message["subprotocol"].encode("latin-1")))
            self.open_websocket(self._limited(_head(b"101 Switching Protocols", fields)))
            self.woken()
        elif kind == "websocket.close":
            self._emit_log_variables()
            self.over = True
            self.answer(_DENIED, b"")
            self.woken()
        elif kind == "websocket.http.response.start":
            self._begin(message)
        elif kind == "websocket.http.response.body":
            if not self._answer_whole(message):
                await self._send_body(message)
        else:
            raise RuntimeError(f"{kind!r} was sent before the WebSocket had been accepted")

    async def _send_record(self, socket: Socket, kind: int, payload: bytes) -> None:
        mine = socket.put(kind, payload)
        while not socket.sent(mine):
            if self.cancelled or self.over or socket.closed is not None:
                raise ClientDisconnected
            await self._until(lambda: socket.may_go_on(mine))


def made(runner: Any, request_id: int, environ: Dict[str, Any], body: bytes, complete: int) -> AsgiExchange:
    """The exchange of a request that has come, with its body or the beginning of that."""
    exchange = AsgiExchange(runner, request_id, environ)
    if complete:
        exchange._body = body
    else:
        exchange.input = _ArrivingBody(exchange, body)
    return exchange


def _content(message: Dict[str, Any]) -> bytes:
    body = message.get("body", b"")
    return body if type(body) is bytes else bytes(memoryview(body))


def _status(code: Any) -> bytes:
    """The status line of a code."""
    line = _statuses.get(code)
    if line is None:
        if not isinstance(code, int) or not 100 <= code <= 999:
            raise ValueError(f"the status isn't a number of three digits: {code!r:.80}")
        try:
            reason = HTTPStatus(code).phrase
        except ValueError:
            reason = ""
        line = _statuses[int(code)] = b"%d %s" % (code, reason.encode("latin-1"))
    return line


def _head(status: bytes, fields: Any) -> bytes:
    """Status and fields with line feeds between, if they are right. How the body is framed is the server's matter."""
    parts = [status]
    for name, value in fields:
        if name != b"transfer-encoding":
            parts += (name, value)
    return _joined(parts)


def _joined(parts: List[bytes]) -> bytes:
    try:
        joined = b"\n".join(parts)
    except TypeError:
        raise TypeError(f"a header isn't two byte strings: {parts!r:.200}") from None
    if joined.count(b"\n") != len(parts) - 1 or b"\r" in joined or b"\0" in joined:
        raise ValueError(f"a header contains a line's end or a zero: {parts!r:.200}")
    return joined
