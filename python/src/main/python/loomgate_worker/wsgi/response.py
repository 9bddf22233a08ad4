"""The server's half of PEP 3333: calls the application and makes frames of what it answers."""

from __future__ import annotations

from itertools import chain
from types import GeneratorType
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

from loomgate_worker.process import forks, log
from loomgate_worker.process.handlers import calls_application, runs_request
from loomgate_worker.process.tracebacks import describe
from loomgate_worker.wire import frames
from loomgate_worker.wire.cancelled import RequestCancelled
from loomgate_worker.wire.exchange import FIELDS, WHOLE_BYTES, Exchange
from loomgate_worker.wsgi.bodies import as_bytes, is_one_chunk, joined, part
from loomgate_worker.wsgi.files import FileWrapper, blocks, region
from loomgate_worker.wsgi import heads
from loomgate_worker.wsgi.input import ArrivingInput, Input
from loomgate_worker.wsgi.heads import content_length, head_error, too_large, with_reason

_LIST_ITERATORS: Tuple[type, ...] = (type(iter([])), type(iter(())))
_END: Any = object()
_WITH_REASON = 5
"""A status of so many characters has one."""


class WsgiExchange(Exchange):
    """An exchange whose response a WSGI application gives."""

    def take_fields(self) -> None:
        # It was sent when the program was one of ASGI, and a reload has come in between.
        _add_variables(self.environ)

    # ---- what the application calls

    def start_response(
        self, status: str, headers: List[Tuple[str, str]], exc_info: Optional[Tuple[Any, Any, Any]] = None
    ) -> Callable[[bytes], None]:
        """PEP 3333's start_response: keeps the head until the first byte of the body, or the end, sends it."""
        if exc_info:
            try:
                if self.started:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None  # the traceback holds this frame
        elif self.websocket is not None and self.websocket.opened:
            return self.write  # the handshake was the response
        elif self.head is not None:
            raise AssertionError("start_response was called a second time without exc_info (PEP 3333)")
        head = heads.joined(status, headers)
        if head is None:
            head = _joined(status, headers)
        if len(head) > self.runner.max_head:
            raise too_large(len(head), self.runner.max_head)
        if len(status) < _WITH_REASON:
            head = with_reason(head)
        self.head = head
        return self.write

    def write(self, data: bytes) -> None:
        """What start_response returns, for old applications: sends these bytes now."""
        if self.over:
            raise RuntimeError("write() was called after the end of its request")
        self.send(as_bytes(data))
        self.runner.urge()

    def disconnect(self) -> None:
        """Ends the response with what has been written; whatever the application still answers goes nowhere."""
        if self.over:
            return
        if self.head is None:
            raise RuntimeError("uwsgi.disconnect() was called before start_response")
        self.finish(b"")
        # From now on as if the client had disconnected.
        self.cancelled = True

    # ---- what the mode calls

    @runs_request
    def run(self) -> None:
        """Calls the application and answers; never raises."""
        try:
            if self.cancelled:
                raise RequestCancelled("the request was cancelled before it began")
            result = self.runner.application(self.environ, self.start_response)
            # The usual answer, a list of one bytes object, and uWSGI's shortcut for it, go without detours.
            if type(result) is list and len(result) == 1:
                body = result[0]
            else:
                body = result
            head = self.head
            if (
                type(body) is bytes
                and head is not None
                and len(body) <= WHOLE_BYTES
                and not self.started
                and not self.cancelled
                and self.log_variables is None
            ):
                self.over = True
                self.answer(head, body)
                del self.runner.live[self.id]
                return
            self._respond(result)
        except BaseException as e:
            self.fail(e)
        if self.websocket is not None:
            self.websocket.close()
        if self.open_file is None:
            self.runner.live.pop(self.id, None)
        elif self.cancelled:
            # CANCEL may have come just before the file was to be seen.
            self.close_file()

    # ---- inside

    @calls_application
    def _respond(self, result: Any) -> None:
        if result is None:
            if self.over and self.websocket is not None:
                return
            if self.started and not self.over:
                # It has written its body, by uwsgi.sendfile() perhaps.
                self.finish(b"")
                return
            raise TypeError("the application returned None, not an iterable of bytes (is a return missing?)")
        if hasattr(type(result), "__await__"):
            # `async def application(environ, start_response)`, or what calls one.
            self._respond(self.runner.complete(result))
            return
        try:
            if type(result) in (list, tuple):
                self._finish_all(result)
            elif isinstance(result, FileWrapper):
                most = content_length(self.head or b"")
                place = region(result, most)
                if place is not None:
                    self._send_file(result, place)
                else:
                    self._stream(iter(result) if most is None else blocks(result, most))
            elif hasattr(type(result), "__aiter__"):
                chunks = self.runner.iterate(result)
                try:
                    self._stream(chunks)
                finally:
                    end: Any = getattr(chunks, "close")
                    end()
            elif not hasattr(result, "__next__") and is_one_chunk(result):
                # Not to be iterated: that would give numbers, or one frame for each letter.
                self.finish(as_bytes(result))
            else:
                # The only call of __iter__: it may be what calls start_response, or opens a file.
                iterator = iter(result)
                if type(iterator) in _LIST_ITERATORS:
                    self._finish_all(list(iterator))
                else:
                    self._stream(iterator)
        finally:
            if self.open_file is None:
                self._close(result)

    @calls_application
    def _stream(self, iterator: Iterator[Any]) -> None:
        # A framework's iterable has one chunk nearly always (Werkzeug's, Flask's). A turn of the loop behind that would
        # end all responses of a busy loop together, and begin what waits for their places together, forever.
        in_turn = isinstance(iterator, GeneratorType)
        # Not a for loop, which would call __iter__ again.
        chunk = next(iterator, _END)
        head = self.head
        if (
            not in_turn
            and type(chunk) is bytes
            and head is not None
            and 0 < len(chunk) <= WHOLE_BYTES
            and len(head) <= WHOLE_BYTES
            and heads.is_whole(head, chunk)
            and not self.started
            and not self.cancelled
        ):
            # As `finish` does, without a call.
            if self.log_variables is not None:
                self._emit_log_variables()
            self.over = True
            if not self.answer(head, chunk):
                self.runner.urge()
            chunk = next(iterator, _END)
            if chunk is not _END:
                self._exhaust(chunk, iterator)
            return
        turn = self.runner.turn
        while chunk is not _END:
            if type(chunk) is not bytes:
                chunk = self._converted(chunk)
            if chunk:
                self.send(chunk)
            if in_turn:
                turn(self)
            else:
                in_turn = True
                self.runner.urge()
            if self.cancelled:
                raise RequestCancelled("the request was cancelled while its response was sent")
            chunk = next(iterator, _END)
        self.finish(b"")

    def _converted(self, chunk: Any) -> bytes:
        """A chunk that isn't plain bytes. As in uWSGI, it may be what `wsgi.file_wrapper` gives: its file is sent."""
        if not isinstance(chunk, FileWrapper):
            return part(chunk)
        try:
            for block in chunk:
                self.send(as_bytes(block))
                self.runner.turn(self)
        finally:
            self._close(chunk)
        return b""

    @calls_application
    def _exhaust(self, chunk: Any, iterator: Iterator[Any]) -> None:
        """Runs what the application still does, as it would expect, after its response."""
        while chunk is not _END:
            if part(chunk):
                raise ValueError("the application yields more bytes than its Content-Length says")
            chunk = next(iterator, _END)

    def _finish_all(self, chunks: Sequence[Any]) -> None:
        """A body whose chunks are all there."""
        try:
            body = joined(chunks)
        except TypeError:
            if not any(isinstance(chunk, FileWrapper) for chunk in chunks):
                raise
            self._stream(iter(chunks))
        else:
            self.finish(body)

    def _send_file(self, wrapper: FileWrapper, place: Tuple[int, int, int]) -> None:
        if self.head is None:
            raise AssertionError("the application returned without having called start_response")
        if self.cancelled:
            raise RequestCancelled("the request was cancelled before its response was sent")
        self._emit_log_variables()
        if not self.started:
            self._start(self.head, b"")
        self.over = True
        self.open_file = wrapper
        self.emit(frames.FILE, frames.FILE_PAYLOAD.pack(*place))
        self.runner.urge()


def made(runner: Any, request_id: int, environ: Dict[str, Any], body: bytes, complete: int) -> WsgiExchange:
    """The exchange of a request that has come, with its body or the beginning of that."""
    environ.update(runner.base)
    exchange = WsgiExchange(runner, request_id, environ)
    if complete:
        environ["wsgi.input"] = Input(body)
    else:
        exchange.input = environ["wsgi.input"] = ArrivingInput(exchange, body)
    return exchange


def _add_variables(environ: Dict[str, Any]) -> None:
    """Makes variables of header fields that have come apart."""
    for name, value in environ.pop(FIELDS, ()):
        key = name.decode("latin-1").upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = "HTTP_" + key
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]}, {text}" if key in environ else text


def call_after_each(hook: Callable[[], Any]) -> None:
    """Has each request of this process call it when it has been answered."""
    run = WsgiExchange.run

    def run_and_call(self: WsgiExchange) -> None:
        run(self)
        # Its client needn't wait for it.
        self.runner.urge()
        _call(hook)

    setattr(WsgiExchange, "run", run_and_call)


@runs_request
def _call(hook: Callable[[], Any]) -> None:
    try:
        _call_program(hook)
    except BaseException as e:
        forks.leave_if_foreign(e)
        log.say(f"loomgate: uwsgi.after_req_hook has failed:\n{describe(e)}")
    forks.leave_if_foreign()


@calls_application
def _call_program(hook: Callable[[], Any]) -> None:
    hook()


def _joined(status: Any, headers: Any) -> bytes:
    """Status and fields with line feeds between, if they are right."""
    try:
        if type(headers) is not list:
            headers = list(headers)
        parts = [status, *chain.from_iterable(headers)]
        text = "\n".join(parts)
        head = text.encode("latin-1")
    except (TypeError, UnicodeEncodeError):
        raise head_error(status, headers) from None
    if (
        text.count("\n") != 2 * len(headers)
        or "\r" in text
        or "\0" in text
        or not status[:3].isdigit()
        or status[3:4] not in " "
    ):
        raise head_error(status, headers)
    return head
