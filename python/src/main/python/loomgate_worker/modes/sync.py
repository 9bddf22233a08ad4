"""Mode `sync`: one request at a time, on the main thread.

Two threads: the main one reads the data connection, runs applications and, between requests, handlers of signals; the control
thread (control.py) waits for RECALL.
The thread that takes a request out of `pending` under `_intake_lock` begins it; the data connection is read under it as well.
So the control thread can take back what has been read and not begun while the main thread is inside an application.

When an application waits for its own body or for credit, the main thread reads on, and further requests queue up.
"""

from __future__ import annotations

import os
import select
import threading
from collections import deque
from time import monotonic, monotonic_ns
from typing import TYPE_CHECKING, Any, Callable, Deque, Dict, List, Optional

from loomgate_worker.direct.waiting import Waiting
from loomgate_worker.modes.intake import Intake
from loomgate_worker.modes.outlet import HELD_SECONDS, Outlet
from loomgate_worker.modes.runner import Runner
from loomgate_worker.wire.signalled import Signalled
from loomgate_worker.process import descriptors
from loomgate_worker.process.handlers import interruptible
from loomgate_worker.wire.links import Closed

if TYPE_CHECKING:
    from loomgate_worker.modes.report import Report
    from loomgate_worker.wire.scoreboard import Scoreboard
    from loomgate_worker.direct.acceptor import Acceptor
    from loomgate_worker.wire.exchange import Exchange
    from loomgate_worker.wire.links import Links

_LOOK_SECONDS = 0.001
_LOOK_NANOS = 1_000_000
_FOREIGN_MILLIS = 20


class Sync(Runner):
    """Runs requests one after the other in the thread that calls `serve`."""

    one_at_a_time = True

    def __init__(
        self, application: Callable[..., Any], links: Links, scoreboard: Scoreboard, boot: Dict[str, Any]
    ) -> None:
        super().__init__(application, links, scoreboard, boot)
        self._intake = Intake(links.data, self)
        self._intake_lock = threading.Lock()
        self._outlet = Outlet(links.data)
        self.emit = self.emit_message = self._outlet.held.append
        self.alarm = self._outlet.alarm
        self.sound = self._outlet.sound
        self.signals = Signalled(self.emit, self.urge)
        self.pending: Deque[Exchange] = deque()
        self.accept = self.pending.append
        self._closing: Deque[Exchange] = deque()
        self._current: Optional[Exchange] = None
        self._thread = threading.get_ident()
        self._last_look = 0.0
        self._idle = False  # the main thread reads the data connection, without the lock
        self._waits = False  # the main thread is in `wait`
        # Readable when the control thread has read frames that the main thread may be waiting for.
        self._data_fd = links.data.fileno()
        self._wake_fd, self._wake = descriptors.pipe()
        os.set_blocking(self._wake_fd, False)
        os.set_blocking(self._wake, False)
        self._poll = self._new_poll()
        if self.acceptor is not None:
            self._all = Waiting((self._data_fd, self._wake_fd), links.listeners)

    def receive(self) -> None:
        self._pump(None)

    def serve(self) -> None:
        self.serves = True
        while True:
            self.serve_pending()
            if self._outlet.held:
                self._flush()
            while self._closing:
                self._closing.popleft().close_file()
            if self.signals.waiting:
                # One, and then requests again, if there are any.
                self.signals.run_next()
                self._flush()
                self._receive()
            if self.stopping and not self.live and not self._outlet.held and not self.signals.waiting:
                return
            if not self.pending and not self._closing:
                if self.acceptor is None or not self.acceptor.accepting:
                    self._await_requests()
                else:
                    self._serve_directly(self.acceptor, self._all)

    def _await_requests(self) -> None:
        """Waits for frames while there is nothing else to do, without the lock and in one system call.

        Other threads that want to read the connection meanwhile leave it to this one.
        """
        with self._intake_lock:
            if self.pending or self.signals.waiting:
                return
            self._idle = True
        try:
            end = self._intake.wait()
        except Closed:
            self.gone()
        with self._intake_lock:
            self._idle = False
            self._intake.take(end)

    def _serve_directly(self, acceptor: Acceptor, waiting: Waiting) -> None:
        """Answers connections that wait, for a moment; waits for one, or for the JVM, if none does."""
        until = monotonic_ns() + _LOOK_NANOS
        take = acceptor.take
        late = False
        while True:
            exchange = take()
            if exchange is None:
                break
            self._current = exchange
            self.served += 1
            if self.served >= acceptor.limit > 0:
                acceptor.limit_reached()
            if self._outlet.held:
                # What was handed over before it, whose clients know nothing of this request.
                self.urge()
            exchange.run()
            late = exchange.since > until
            # Freed before the next one is made, which gets the same memory: what was just used is in the processor's cache.
            exchange = self._current = None
            if late:
                break
        if not late:
            acceptor.flush()
        if self._outlet.held:
            self._flush()
        if late:
            self._receive()
            return
        waiting.listen(True)
        if not self.pending and not self.signals.waiting:
            ready = waiting.ready()
            self._take_from(ready)
            if not acceptor.accepting and waiting.is_connection(ready):
                # Told to take no more just when a connection woke it, and nobody else.
                self._serve_last(acceptor)

    def _serve_last(self, acceptor: Acceptor) -> None:
        exchange = acceptor.take()
        if exchange is not None:
            self._current = exchange
            self.served += 1
            exchange.run()
            self._current = None
        acceptor.flush()
        self._flush()

    def serve_pending(self) -> None:
        """Runs what has been read."""
        lock, pending, marks, outlet = self._intake_lock, self.pending, self.scoreboard.marks, self._outlet
        while True:
            with lock:
                if not pending:
                    break
                exchange = pending.popleft()
                marks[0] = exchange.id
            self._current = exchange
            self.served += 1
            exchange.run()
            if pending and monotonic() - outlet.last_send > HELD_SECONDS and outlet.held:
                self._flush()
        self._current = None

    def report(self, report: Report, dying: bool) -> None:
        exchange = self._current
        if not dying:
            report.add_threads({} if exchange is None else {self._thread: exchange})

    def data_descriptor(self) -> int:
        return self._data_fd

    def current(self) -> Optional[Exchange]:
        return self._current

    def printing(self) -> Optional[Exchange]:
        # Other threads may have been there before the request, and be there after it.
        return self._current if threading.get_ident() == self._thread else None

    def urge(self) -> None:
        try:
            self._outlet.urge()
        except Closed:
            self.gone()
        if self._waits and threading.get_ident() != self._thread:
            # Another thread may have sent what the main thread has put before it.
            self._wake_main()

    def turn(self, exchange: Exchange) -> None:
        self.urge()
        # CANCEL may have come: an endless iterable must end when its client disconnects.
        now = monotonic()
        if now - self._last_look > _LOOK_SECONDS and threading.get_ident() == self._thread:
            self._last_look = now
            self._pump(0)

    def wait(self, exchange: Optional[Exchange], ready: Callable[[], bool]) -> None:
        if threading.get_ident() == self._thread:
            before, self._waits = self._waits, True
            try:
                while not ready():
                    self._pump(None)
            finally:
                self._waits = before
        else:
            # A thread of the application's own, for whose sake the main thread may be waiting, in join() perhaps.
            poll = select.poll()
            poll.register(self.links.data, select.POLLIN)
            while not ready():
                self._flush()
                poll.poll(_FOREIGN_MILLIS)
                if self._receive():
                    self._wake_main()

    def wait_for_signal(self, exchange: Optional[Exchange], ready: Callable[[], bool]) -> None:
        self.wait(exchange, ready)

    def handle_signals(self, count: int) -> None:
        """`serve` looks for them."""

    def close_later(self, exchange: Exchange) -> None:
        self._closing.append(exchange)

    def recall(self) -> None:
        with self._intake_lock:
            while not self._idle and self._intake.receive():
                pass
            taken = [exchange.id for exchange in self.pending]
            self.pending.clear()
            for request_id in taken:
                del self.live[request_id]
        self.returned(taken)
        self._flush()
        self._wake_main()

    def _wake_main(self) -> None:
        """Another thread has taken, or done, what the main thread may sleep for: nothing comes on the connection for it."""
        try:
            os.write(self._wake, b"\0")
        except BlockingIOError:
            pass

    def hand_over(self, nanos: int) -> None:
        if self.acceptor is not None:
            self.acceptor.hand_over_old(nanos)
            self._flush()

    def _pump(self, millis: Optional[int]) -> None:
        """Main thread only: waits for frames and takes them. Everything that is held goes out before."""
        if self._outlet.held and millis is None:
            self._flush()
        self._take_from(self._ready(millis))

    def _take_from(self, ready: List[int]) -> None:
        for descriptor in ready:
            if descriptor == self._wake_fd:
                os.read(self._wake_fd, 4096)
            elif descriptor == self._data_fd:
                self._receive()

    @interruptible
    def _ready(self, millis: Optional[int]) -> List[int]:
        return [descriptor for descriptor, _ in self._poll.poll(millis)]

    def _receive(self) -> bool:
        """Takes what has come. Whether anything has."""
        with self._intake_lock:
            return not self._idle and self._intake.receive()

    def _flush(self) -> None:
        try:
            self._outlet.flush()
        except Closed:
            self.gone()

    def _new_poll(self) -> select.poll:
        poll = select.poll()
        poll.register(self.links.data, select.POLLIN)
        poll.register(self._wake_fd, select.POLLIN)
        return poll
