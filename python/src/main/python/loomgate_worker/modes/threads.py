"""Mode `threads`: the main thread reads the data connection, N threads run applications and send what they answer."""

from __future__ import annotations

import os
import select
import socket
import threading
from queue import Empty, SimpleQueue
from threading import get_ident
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional

from loomgate_worker.direct.waiting import Waiting
from loomgate_worker.modes.intake import Intake
from loomgate_worker.modes.runner import Runner
from loomgate_worker.wire.signalled import Signalled
from loomgate_worker.process import descriptors, handlers, isolation, native
from loomgate_worker.wire.frames import FIRST_DIRECT_ID

if TYPE_CHECKING:
    from loomgate_worker.modes.report import Report
    from loomgate_worker.wire.scoreboard import Scoreboard
    from loomgate_worker.direct.acceptor import Acceptor
    from loomgate_worker.wire.exchange import Exchange
    from loomgate_worker.wire.links import Links


_HANDLERS_SECONDS = 0.1
SIGNAL: Any = object()
"""In the queue: a signal is to be handled."""


@handlers.interruptible
def wait_for_frames(connection: socket.socket) -> None:
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    poll.poll()


class Threads(Runner):
    """Runs requests in `threads` daemon threads.

    What is to be done goes through a queue: requests, signals, and files to be closed. The lock of `_news` guards what frames
    do to exchanges; a thread that waits for a frame waits there. Frames are sent under a lock of their own, each as a whole.
    """

    multithread = True

    def __init__(
        self, application: Callable[..., Any], links: Links, scoreboard: Scoreboard, boot: Dict[str, Any]
    ) -> None:
        super().__init__(application, links, scoreboard, boot)
        self._intake = Intake(links.data, self)
        self._send_lock = threading.Lock()
        self.emit = self.emit_message = self._send
        self.signals = Signalled(self.emit, self.urge)
        self._news = threading.Condition(threading.Lock())
        self._marks_lock = threading.Lock()
        self._queue: SimpleQueue[Any] = SimpleQueue()
        self.accept = self._queue.put
        self._local = threading.local()
        # What threads have there, by their numbers.
        self._places: Dict[int, Dict[str, Any]] = {}
        self._reader = get_ident()
        self._recalled = False
        self._wake_fd, self._wake = descriptors.pipe()
        os.set_blocking(self._wake, False)
        self._waiting = Waiting((links.data.fileno(), self._wake_fd), links.listeners)
        self._is_full = False  # the reading thread takes no connections before a request has ended
        self._count: int = boot["threads"]
        self._stack_bytes: int = boot["thread_stack"]

    def receive(self) -> None:
        wait_for_frames(self.links.data)
        with self._news:
            self._intake.receive()

    def serve(self) -> None:
        self.serves = True
        isolation.have_imported("threading")
        for number in range(1, self._count + 1):
            name = f"loomgate-{number}"
            native.start(
                threading.Thread(target=native.run_known, args=(name, self._work), name=name, daemon=True),
                self._stack_bytes,
            )
        self._read()

    def _read(self) -> None:
        """Takes frames, and connections in direct mode, until the worker has ended."""
        waiting, data = self._waiting, self.links.data.fileno()
        # The kernel may give a signal to another thread. Its handler runs here, when this thread next wakes.
        seconds = _HANDLERS_SECONDS if handlers.are_set() else None
        while not (self.stopping and not self.live and not self.signals.unended):
            ready = waiting.ready(seconds)
            if self._wake_fd in ready:
                os.read(self._wake_fd, 4096)
            if data in ready or self._recalled:
                with self._news:
                    # Once, if nothing is recalled: epoll tells of more.
                    while self._intake.receive() and self._recalled:
                        pass
            if self._recalled:
                self._recalled = False
                self.returned(self._take_back())
            if self.acceptor is not None:
                self._take_connections(self.acceptor)
                if not self.acceptor.accepting and waiting.is_connection(ready):
                    # Told to take no more just when a connection woke it, and nobody else.
                    self._take_last(self.acceptor)

    def _take_connections(self, acceptor: Acceptor) -> None:
        """As many as there are free threads."""
        while acceptor.accepting:
            # Before the look: from now on the end of a request wakes this thread.
            self._is_full = True
            if len(self.live) >= self._count:
                break
            self._is_full = False
            taken = acceptor.take()
            if taken is None:
                break
            self.accept(taken)
        self._waiting.listen(acceptor.accepting and not self._is_full)

    def _take_last(self, acceptor: Acceptor) -> None:
        taken = acceptor.take()
        if taken is not None:
            self.accept(taken)

    def current(self) -> Optional[Exchange]:
        exchange: Optional[Exchange] = getattr(self._local, "exchange", None)
        return exchange

    def wait(self, exchange: Exchange, ready: Callable[[], bool]) -> None:
        self._wait(ready)

    def _wait(self, ready: Callable[[], bool]) -> None:
        with self._news:
            self._news.wait_for(ready)

    def wake(self, exchange: Exchange) -> None:
        self._wake_waiters()

    def _wake_waiters(self) -> None:
        self._news.notify_all()

    def wake_signal_waiters(self) -> None:
        self._wake_waiters()

    def wait_for_signal(self, exchange: Optional[Exchange], ready: Callable[[], bool]) -> None:
        self._wait(ready)

    def handle_signals(self, count: int) -> None:
        for _ in range(count):
            self.accept(SIGNAL)

    def close_later(self, exchange: Exchange) -> None:
        self.accept(exchange)

    def report(self, report: Report, dying: bool) -> None:
        if dying:
            return
        # The main thread reads frames.
        requests = {
            number: place["exchange"] for number, place in self._places.items() if place.get("exchange")
        }
        report.add_threads(requests, (self._reader,))

    def recall(self) -> None:
        self._recalled = True
        self._wake_reader()

    def hand_over(self, nanos: int) -> None:
        if self.acceptor is not None:
            self.acceptor.hand_over_old(nanos)
            self.acceptor.flush()

    def _work(self) -> None:
        local, get = self._local, self._queue.get
        self._places[get_ident()] = vars(local)
        while True:
            exchange = get()
            if exchange is SIGNAL:
                self._handle_signal()
                continue
            local.exchange = exchange
            self._run(exchange)
            local.exchange = None
            del exchange

    def _handle_signal(self) -> None:
        self.signals.run_next()
        if self.stopping:
            self._wake_reader()

    def _run(self, exchange: Exchange) -> None:
        if exchange.over:
            exchange.close_file()
        else:
            marks = self.scoreboard.marks
            with self._marks_lock:
                # Another thread may have taken a later one and been quicker.
                if marks[0] < exchange.id < FIRST_DIRECT_ID:
                    marks[0] = exchange.id
                self.served += 1
                if self.acceptor is not None and self.served >= self.acceptor.limit > 0:
                    self.acceptor.limit_reached()
            exchange.run()
            if self.acceptor is not None and self.acceptor.is_idle():
                self.acceptor.flush()
        if self.stopping or self._is_full:
            self._wake_reader()

    def _take_back(self) -> List[int]:
        """Empties the queue; the ids of the requests that were in it."""
        kept, taken = [], []
        try:
            while True:
                exchange = self._queue.get_nowait()
                if exchange is SIGNAL or exchange.over or exchange.id >= FIRST_DIRECT_ID:
                    # The JVM has none of these to give to another worker.
                    kept.append(exchange)
                else:
                    taken.append(exchange.id)
                    del self.live[exchange.id]
        except Empty:
            pass
        for exchange in kept:
            self.accept(exchange)
        return taken

    def _send(self, frame: bytes) -> None:
        try:
            with self._send_lock:
                self.links.data.sendall(frame)
        except ConnectionError:
            self.gone()

    def _wake_reader(self) -> None:
        try:
            os.write(self._wake, b"\0")
        except BlockingIOError:
            pass
