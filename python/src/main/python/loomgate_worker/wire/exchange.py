"""One request and its response as frames: the window, sending, failing, being cancelled.

What the application makes of them is a subclass's matter: wsgi/response.py.
"""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterable, Iterator, List, Optional, Tuple

from loomgate_worker.process import forks, log, marks
from loomgate_worker.process.handlers import calls_application
from loomgate_worker.process.tracebacks import describe
from loomgate_worker.wire import frames, request_ids
from loomgate_worker.wire.cancelled import RequestCancelled
from loomgate_worker.wire.websocket import Socket

if TYPE_CHECKING:
    from typing import Protocol

    class Mode(Protocol):
        """What a request asks of the mode that runs it, which is a `Runner`."""

        window: int
        max_head: int
        live: Dict[int, Exchange]
        application: Callable[..., Any]
        emit: Callable[[bytes], None]

        def wait(self, exchange: Exchange, ready: Callable[[], bool]) -> None:
            ...

        def urge(self) -> None:
            ...

        def complete(self, awaitable: Any) -> Any:
            ...

        def iterate(self, iterable: Any) -> Iterator[Any]:
            ...

        def turn(self, exchange: Exchange) -> None:
            ...

        def data_descriptor(self) -> int:
            ...

    class Body(Protocol):
        """The rest of a request's body, as the thread that reads the data connection sees it."""

        def feed(self, data: bytes, last: bool) -> None:
            ...

        def fail(self, reason: str) -> None:
            ...


WHOLE_BYTES = 64 * 1024
"""A response of at most so many bytes goes as one frame, whatever the window is."""

FIELDS = "loomgate.fields"
"""Among the variables of a request that has come with its header fields apart: a list of pairs of bytes."""

_PIECE_BYTES = 256 * 1024
_START_BYTES = frames.MAX_PAYLOAD_BYTES - frames.U32.size


class Exchange:
    """A request from its frame to the last frame of its response."""

    # Defaults in the class: an instance is made for every request, and most of these are never set.
    head: Optional[bytes] = None
    started = False  # RESPONSE has been emitted
    over = False  # the last frame has been emitted
    cancelled = False
    overtime = False  # cancelled because its time is over
    sent = 0  # bytes of the body, against the window
    open_file: Any = None  # what is closed when the JVM has sent it
    log_variables: Optional[Dict[str, str]] = None
    signal_received = 0  # the last one that it has waited for (uwsgi.signal_wait)

    offers_websocket = False
    websocket: Optional[Socket] = None

    input: Optional[Body] = None  # only if the body wasn't complete at once

    run: Callable[[], None]
    """Calls the application and answers, in the thread or greenlet that calls it; never raises. It ends the request in every
    case: with the response, with FAILED and a traceback, or with FAILED because it was cancelled."""

    def __init__(self, runner: Mode, request_id: int, environ: Dict[str, Any]) -> None:
        self.runner = runner
        self.id = request_id
        self.environ = environ
        self.granted = runner.window

    def emit(self, kind: int, payload: bytes, flags: int = 0) -> None:
        self.runner.emit(frames.frame(kind, flags, self.id, payload))

    def send(self, data: bytes) -> None:
        """Sends a part of the body, in pieces for which there is credit. The head goes with the first one."""
        if self.head is None:
            raise AssertionError("the application sent bytes before it called start_response")
        if self.websocket is not None and self.websocket.opened:
            return  # nothing of HTTP can follow a WebSocket's messages
        if self.cancelled:
            raise RequestCancelled("the request was cancelled while its response was sent")
        at, end = 0, len(data)
        while at < end:
            if self.granted <= self.sent:
                self.runner.wait(self, self._may_send)
                if self.cancelled:
                    raise RequestCancelled("the request was cancelled while its response was sent")
                continue
            count = min(end - at, self.granted - self.sent, _PIECE_BYTES)
            piece = data if count == end and at == 0 else data[at : at + count]
            self.sent += count
            at += count
            if self.started:
                self.emit(frames.CHUNK, piece)
            else:
                self._start(self.head, piece)

    def ask_to_end(self) -> None:
        """The worker is about to be ended, and would have a response end that has begun. WSGI has no way to say so."""

    def take_fields(self) -> None:
        """The header fields have come apart, as ASGI has them, and not as variables."""

    def take_route(self) -> None:
        """Somebody counts requests by their routes. WSGI's frameworks leave them nowhere."""

    def offer_trailers(self) -> None:
        """The client takes fields after the content. WSGI has no place where a program could give them."""

    def offer_hints(self) -> None:
        """The client may be sent early hints."""
        self.environ["wsgi.early_hints"] = self.send_hints

    def send_hints(self, headers: Iterable[Tuple[str, str]]) -> None:
        """`wsgi.early_hints`: has the client know of the links among these fields ahead of the response, and of no other field.
        Raises as `start_response` does for what a field can't have; does nothing when the response has begun.
        """
        self.send_links([value.encode("latin-1") for name, value in headers if name.lower() == "link"])

    def send_links(self, links: List[bytes]) -> None:
        """The same of links alone."""
        payload = b"\n".join(links)
        if payload.count(b"\n") >= max(1, len(links)) or b"\r" in payload or b"\0" in payload:
            raise ValueError(f"early hints: a link has a line's end, or a NUL: {links!r:.200}")
        if len(payload) > self.runner.max_head:
            raise ValueError(f"early hints: links of {len(payload)} bytes, over {self.runner.max_head}")
        if payload and not (self.started or self.over or self.cancelled):
            self.emit(frames.EARLY_HINTS, payload)
            self.runner.urge()

    def open_websocket(self, head: bytes) -> None:
        """Accepts the WebSocket that the request asks for: from now on its frames are records of messages."""
        socket = self.websocket
        if socket is None:
            socket = self.websocket = Socket(self)
        socket.opened = True
        self.input = socket
        self.head = head
        self._start(head, b"")
        self.runner.urge()

    def answer(self, head: bytes, body: bytes) -> bool:
        """Sends a whole response, which one frame has room for. Whether the client has it already."""
        self.runner.emit(frames.response(frames.COMPLETE, self.id, head, body))
        return False

    def hand_over(self) -> None:
        """Has the JVM look after the request, if it doesn't yet: a worker may have accepted the connection itself."""

    def finish(self, body: bytes) -> None:
        """The rest of the response: sends it with the frame that says so."""
        head = self.head
        if head is None:
            raise AssertionError("the application returned without having called start_response")
        if self.websocket is not None and self.websocket.opened:
            body = b""
        if not self.started and not self.cancelled and len(body) <= WHOLE_BYTES and len(head) <= WHOLE_BYTES:
            # What is usual goes without detours.
            if self.log_variables is not None:
                self._emit_log_variables()
            self.over = True
            if not self.answer(head, body):
                self.runner.urge()
            return
        if len(body) > WHOLE_BYTES or (self.started and body):
            # Keeps a last piece back, so that the end needs no frame of its own.
            cut = (len(body) - 1) // _PIECE_BYTES * _PIECE_BYTES
            self.send(body[:cut])
            body = body[cut:]
            while self.granted - self.sent < len(body):
                count = self.granted - self.sent
                if count > 0:
                    self.send(body[:count])
                    body = body[count:]
                else:
                    self.runner.wait(self, self._may_send)
                    if self.cancelled:
                        break
        if self.cancelled:
            raise RequestCancelled("the request was cancelled while its response was sent")
        self._emit_log_variables()
        self.over = True
        if not self.started and len(head) + len(body) <= _START_BYTES:
            if self.answer(head, body):
                return
        else:
            if not self.started:
                self._start(head, b"")
            self.emit(frames.CHUNK, body, frames.COMPLETE)
        self.runner.urge()

    def fail(self, e: BaseException) -> None:
        """Ends the request with what the application has raised."""
        forks.leave_if_foreign(e)
        if self.over:
            self._complain("after the end of its response", e)
            return
        self._emit_log_variables()
        self.over = True
        if self.overtime:
            self._complain("to end in time; it was here", e)
        if self.cancelled or isinstance(e, RequestCancelled):
            self.emit(frames.FAILED, b"", frames.CANCELLED)
        else:
            self.emit(frames.FAILED, describe(e).encode("utf-8", "backslashreplace"))
        self.runner.urge()

    def close_file(self) -> None:
        """The JVM has sent the file of a FILE frame, or doesn't need it any more."""
        file, self.open_file = self.open_file, None
        if file is not None:
            self._close(file)
            self.runner.live.pop(self.id, None)

    # ---- inside

    def _may_send(self) -> bool:
        return self.granted > self.sent or self.cancelled

    def _start(self, head: bytes, piece: bytes) -> None:
        """Sends the head, with the body's beginning if one frame has room for both."""
        self.started = True
        if len(head) + len(piece) <= _START_BYTES:
            self.runner.emit(frames.response(0, self.id, head, piece))
        else:
            self.runner.emit(frames.response(0, self.id, head, b""))
            self.emit(frames.CHUNK, piece)

    @calls_application
    def _close(self, result: Any) -> None:
        close = getattr(result, "close", None)
        if close is None:
            return
        try:
            close()
        except BaseException as e:
            if not self.over:
                raise
            self._complain("in close()", e)

    def _complain(self, where: str, e: BaseException) -> None:
        method, path = self.environ.get("REQUEST_METHOD"), self.environ.get("PATH_INFO")
        if self.overtime or not isinstance(e, RequestCancelled):
            text = f"loomgate: {method} {path}: the application failed {where}:\n{describe(e)}"
            log.say(marks.marked(self.environ.get(request_ids.KEY), text))

    def _emit_log_variables(self) -> None:
        if self.log_variables:
            variables = marshal.dumps(self.log_variables, 2)
            if len(variables) <= frames.MAX_PAYLOAD_BYTES:
                self.emit(frames.LOG_VARIABLES, variables)
            else:
                log.say(
                    f"loomgate: the log variables of {self.environ.get('REQUEST_URI')} have {len(variables)} bytes, over"
                    f" {frames.MAX_PAYLOAD_BYTES}: they are left out of the access log"
                )
            self.log_variables = None
