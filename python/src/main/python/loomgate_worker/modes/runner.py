"""What the three modes have in common: the requests that live, and what a request and the connections need of a mode."""

from __future__ import annotations

import abc
import os
import socket
import threading
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterator, NoReturn, Optional

from loomgate_worker.direct.acceptor import Acceptor
from loomgate_worker.modes.own_loops import OwnLoops
from loomgate_worker.wire.signalled import Signalled
from loomgate_worker.process import forks, log, marks
from loomgate_worker.process.alarm import Alarm
from loomgate_worker.wire import frames, request_ids
from loomgate_worker.wire.cancelled import RequestCancelled
from loomgate_worker.wire.exits import STATUS_JVM_GONE
from loomgate_worker.wsgi import response
from loomgate_worker.wsgi.files import FileWrapper

if TYPE_CHECKING:
    from loomgate_worker.modes.report import Report
    from loomgate_worker.wire.scoreboard import Scoreboard
    from loomgate_worker.wire.exchange import Exchange
    from loomgate_worker.wire.links import Descriptors, Links


class Stopped(SystemExit):
    """STOP has come while the program waited for a signal, before it served."""


class StartFailed(Exception):
    """The program has said that it can't start."""


class Runner(abc.ABC):
    """Runs the requests of one worker. A mode is a subclass.

    Threads: `accept`, `wake`, `cancel` and `close_later` are called by the thread that reads the data connection, never by two
    at once; the other methods by the thread (or greenlet) that runs the request.
    """

    multithread = False
    one_at_a_time = False

    make: Callable[..., Exchange] = staticmethod(response.made)
    """Makes the exchange of a request: runner, number, environ, body or its beginning, whether that is all of it."""

    def __init__(
        self, application: Callable[..., Any], links: Links, scoreboard: Scoreboard, boot: Dict[str, Any]
    ) -> None:
        self.application = application
        self.links = links
        self._control_lock = threading.Lock()
        self.scoreboard = scoreboard
        self.window: int = boot["window"]
        self.max_head: int = boot["max_response_head"]
        self.live: Dict[int, Exchange] = {}
        self.stopping = False
        self.serves = False
        """Whether `serve` has been called. Before, code of the program's may wait for signals."""
        self.pid = os.getpid()
        self.served = 0
        self._loops = OwnLoops()
        self.base = base_environ(boot, self.multithread)
        if boot["request_ids"] is not None:
            marks.current = self._printing_id
        self.lender: Any = None
        """What has the connections of WebSockets that are lent to the worker, in mode `tasks`."""
        self.acceptor: Optional[Acceptor] = None
        """In direct mode only."""
        if links.descriptors is not None:
            self.acceptor = self._made_acceptor(links.descriptors, boot)

    def _made_acceptor(self, link: Descriptors, boot: Dict[str, Any]) -> Optional[Acceptor]:
        """What takes the connections of the sockets that the JVM has given."""
        return Acceptor(
            self,
            self.base,
            link,
            self.links.listeners,
            boot["direct"],
            self.scoreboard,
            self.one_at_a_time,
            request_ids.RequestIds() if boot["request_ids"] is not None else None,
        )

    # ---- what a request needs

    emit: Callable[[bytes], None]
    """Takes a frame to be sent. Frames keep their order; when they go out is the mode's matter."""

    emit_message: Callable[[bytes], None]
    """The same for a message of a WebSocket. One of many that are sent at once may go out before the last one is there, so
    that the JVM passes on the first ones meanwhile."""

    signals: Signalled
    """Signals of the `uwsgi` module's. Made by the mode."""

    @abc.abstractmethod
    def wait(self, exchange: Exchange, ready: Callable[[], bool]) -> None:
        """Returns when `ready()` is true, which a frame for this request will bring about."""

    def urge(self) -> None:
        """What has been emitted must be sent, also if the application now works or sleeps for a long time."""

    def turn(self, exchange: Exchange) -> None:
        """A chunk of an iterable is emitted, and the next one is asked for after this."""
        self.urge()

    def complete(self, awaitable: Any) -> Any:
        """The result of an awaitable that the application has returned for a request."""
        return self._loops.complete(awaitable)

    def iterate(self, iterable: Any) -> Iterator[Any]:
        """The items of an asynchronous iterable that it has returned."""
        return self._loops.iterate(iterable)

    def data_descriptor(self) -> int:
        """The data connection's, where nobody reads it while the program waits for something else; else -1."""
        return -1

    @abc.abstractmethod
    def current(self) -> Optional[Exchange]:
        """The request that the caller belongs to, if any."""

    def printing(self) -> Optional[Exchange]:
        """The request that it belongs to, what the calling thread prints."""
        return self.current()

    def _printing_id(self) -> Optional[str]:
        exchange = self.printing()
        return None if exchange is None else exchange.environ.get(request_ids.KEY)

    def next_signal(self) -> int:
        """Waits for a signal, and runs its handler in the calling thread or greenlet: its number.

        `Stopped` if STOP comes before it serves.
        """
        exchange, signals = self.current(), self.signals

        def ready() -> bool:
            return (
                bool(signals.waiting)
                or (exchange is not None and exchange.cancelled)
                or (self.stopping and not self.serves)
            )

        while True:
            signals.begin_wait()
            take = False
            try:
                if self.serves:
                    if not ready():
                        self.wait_for_signal(exchange, ready)
                else:
                    while not ready():
                        self.receive()
                take = True
            finally:
                number, left = signals.end_wait(take)
                self.handle_signals(left)
            if number >= 0:
                signals.run(number)
                return number
            if exchange is not None and exchange.cancelled:
                raise RequestCancelled("the request was cancelled while it waited for a signal")
            if self.stopping and not self.serves:
                raise Stopped(0)

    @abc.abstractmethod
    def receive(self) -> None:
        """Waits for frames, and takes them: before it serves, in the thread that made it."""

    @abc.abstractmethod
    def wait_for_signal(self, exchange: Optional[Exchange], ready: Callable[[], bool]) -> None:
        """Returns when `ready()` is true, which a signal, or CANCEL for this request, will bring about."""

    @abc.abstractmethod
    def handle_signals(self, count: int) -> None:
        """Has the handlers of so many signals run that wait, where the mode runs them."""

    # ---- what the connections need

    accept: Callable[[Exchange], None]
    """A request has come."""

    def prepare(self) -> None:
        """Before it says that it is ready: what the program does first. Raises `StartFailed`. `serve` follows."""

    @abc.abstractmethod
    def serve(self) -> None:
        """Runs requests in the calling thread until STOP has come and nothing lives any more."""

    @abc.abstractmethod
    def recall(self) -> None:
        """RECALL has come (control thread): RETURNED must be sent."""

    @abc.abstractmethod
    def hand_over(self, nanos: int) -> None:
        """HAND_OVER has come (control thread)."""

    @abc.abstractmethod
    def report(self, report: Report, dying: bool) -> None:
        """DUMP has come (control thread): tells of all that runs.

        :param dying: it is to be killed in a moment, and its threads are told of in another way
        """

    alarm: Optional[Alarm] = None
    """Wakes the control thread, which calls `sound`."""

    sound: Callable[[], None] = staticmethod(lambda: None)

    def wake(self, exchange: Exchange) -> None:
        """Something has come that this request may be waiting for."""

    def cancel(self, exchange: Exchange) -> None:
        """`exchange.cancelled` has become true."""
        self.wake(exchange)

    @abc.abstractmethod
    def close_later(self, exchange: Exchange) -> None:
        """The file of this request isn't needed any more: `exchange.close_file` must be called where applications run."""

    def signal(self, number: int) -> None:
        """SIGNAL has come."""
        if self.signals.come(number):
            self.wake_signal_waiters()
        else:
            self.handle_signals(1)

    def wake_signal_waiters(self) -> None:
        """Those in `wait_for_signal`."""

    def stop(self) -> None:
        """STOP has come."""
        self.stopping = True
        if self.acceptor is not None:
            self.acceptor.accepting = False

    def returned(self, ids: list[int]) -> None:
        """Tells the JVM which requests it has back."""
        payload = b"".join(map(frames.U32.pack, ids))
        self.tell(frames.frame(frames.RETURNED, payload=payload))

    def tell(self, frame: bytes) -> None:
        """Sends a frame on `control`. Any thread."""
        with self._control_lock:
            self.links.control.send(frame)

    def found(self, request_id: int, since: int) -> Optional[Exchange]:
        """A request that lives; one that was taken directly is known by when it began. Any thread."""
        if not since:
            return self.live.get(request_id)
        for exchange in list(self.live.values()):
            if getattr(exchange, "since", None) == since:
                return exchange
        return None

    def abandon(self) -> None:
        """In a process that the program has forked: nothing leads to the connections any more."""
        self.links.abandon()
        if self.acceptor is not None:
            self.acceptor.abandon()
        self.signals.waiting.clear()
        abandoned: Any = self
        abandoned.emit = abandoned.emit_message = abandoned.turn = _leave
        abandoned.wait = _refuse

    def gone(self) -> NoReturn:
        """The data connection has ended: so has the JVM."""
        os._exit(0 if self.stopping and not self.live else STATUS_JVM_GONE)


def base_environ(boot: Dict[str, Any], multithread: bool) -> Dict[str, Any]:
    """The variables that are the same for all requests of a worker."""
    base: Dict[str, Any] = {
        "wsgi.version": (1, 0),
        "wsgi.errors": log.errors(),
        "wsgi.multithread": multithread,
        "wsgi.multiprocess": boot["processes"] > 1,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
        "uwsgi.version": boot["version"].encode(),
        "uwsgi.node": socket.gethostname().encode(),
    }
    if boot["file_wrapper"]:
        base["wsgi.file_wrapper"] = FileWrapper
    return base


def _leave(*_: Any) -> NoReturn:
    forks.leave()


def _refuse(*_: Any) -> NoReturn:
    raise OSError(
        "this process was forked by the application: the request's connection belongs to the worker"
    )
