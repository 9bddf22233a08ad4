"""What modes with an event loop have in common: the data connection is the loop's, and other threads may wait and send, too."""

from __future__ import annotations

import asyncio
import select
import threading
from threading import get_ident
from typing import TYPE_CHECKING, Any, Callable, Dict, List

from loomgate_worker.modes.intake import Intake
from loomgate_worker.modes.report import Report, gathered
from loomgate_worker.modes.runner import Runner
from loomgate_worker.process import forks, log
from loomgate_worker.process.handlers import calls_application, interruptible
from loomgate_worker.wire.signalled import Signalled

if TYPE_CHECKING:
    from loomgate_worker.wire.exchange import Exchange
    from loomgate_worker.wire.links import Links
    from loomgate_worker.wire.scoreboard import Scoreboard


_TURN_SECONDS = 1.0
_DYING_SECONDS = 0.1
# Passing a message on takes the JVM several times as long as making one takes us.
_MESSAGES_AT_ONCE = 8


class Looped(Runner):
    """Runs requests on the thread that calls `serve`, whose event loop reads and writes the data connection.

    What is emitted goes out at the end of the loop's turn; messages of WebSockets as well when there are some. Only what a method says may be called from another thread.

    :ivar loop: an asyncio event loop, of whatever kind
    """

    def __init__(
        self,
        application: Callable[..., Any],
        links: Links,
        scoreboard: Scoreboard,
        boot: Dict[str, Any],
        loop: Any,
    ) -> None:
        super().__init__(application, links, scoreboard, boot)
        self.loop = loop
        self.emit = self._emit
        self.emit_message = self._emit_message
        self.signals = Signalled(self.emit, self.urge)
        self._thread = get_ident()
        self._data = links.data
        self._data.setblocking(False)
        self._intake = Intake(links.data, self)
        self._out: List[bytes] = []
        self._unsent = memoryview(b"")
        self._send_lock = threading.Lock()
        self._flushing = False  # a flush is to come in this turn of the loop
        self._ending = False  # the last request has ended; the loop runs on for what the mode does then
        # Threads of applications that do.
        self._news = threading.Condition()
        self._foreign = 0

    def abandon(self) -> None:
        super().abandon()
        self._out.clear()
        self._unsent = memoryview(b"")

    def receive(self) -> None:
        self._pump()

    def recall(self) -> None:
        # Nothing waits here: what is read begins at once. But what is to be sent may wait for a program that holds the loop up.
        self.returned([])
        self._send_out()

    def report(self, report: Report, dying: bool) -> None:
        seconds = _DYING_SECONDS if dying else _TURN_SECONDS
        turns = gathered(self.loop.call_soon_threadsafe, lambda: self._report(report), seconds)
        if not turns:
            report.note(f"the event loop has not turned for {seconds} s: something holds it up")
            self._report_from_outside(report)
        if not dying:
            report.add_threads({}, (self._thread,) if turns else ())

    def _report(self, report: Report) -> None:
        """In the loop's thread: tells of what waits there."""

    def _report_from_outside(self, report: Report) -> None:
        """Any thread. What may go on at any time has no stack that could be walked."""
        for exchange in list(self.live.values()):
            report.add("request", exchange, [])

    def wake(self, exchange: Exchange) -> None:
        if self._foreign:
            with self._news:
                self._news.notify_all()

    def urge(self) -> None:
        # The application may go on to stop the loop, in a close() that works, for example.
        if self._out and get_ident() == self._thread:
            self._flush()

    def is_own_thread(self) -> bool:
        """Any thread: whether it is the one of the loop."""
        return get_ident() == self._thread

    # ---- what a mode adds

    def _begin_arrived(self) -> None:
        """Begins the requests that have come."""

    def _is_busy(self) -> bool:
        """Whether anything of a request or a signal's handler is left, so that the worker can't end yet."""
        return bool(self.live or self.signals.unended)

    def _before_flush(self) -> None:
        """What has been emitted is about to be sent."""

    def _stop_loop(self) -> None:
        """Nothing is left to be done."""
        self.loop.stop()

    # ---- frames that come

    def _on_readable(self) -> None:
        self._flushing = True
        self._intake.receive()
        self._begin_arrived()
        self._flush()

    def _pump(self) -> None:
        """Reads the data connection from inside a callback of the loop; what begins by that begins when it is over."""
        self._flush()
        poll = select.poll()
        poll.register(self._data, select.POLLIN | (select.POLLOUT if self._unsent else 0))
        _wait(poll)
        self._intake.receive()
        self.loop.call_soon(self._begin_arrived)

    # ---- frames that go

    def _emit(self, frame: bytes) -> None:
        """Any thread."""
        self._out.append(frame)
        if get_ident() != self._thread:
            self.loop.call_soon_threadsafe(self._flush)
        else:
            self.flush_later()

    def flush_later(self) -> None:
        """Something is to be sent at the end of the loop's turn. The loop's thread."""
        if not self._flushing:
            self._flushing = True
            self.loop.call_soon(self._flush)

    def _emit_message(self, frame: bytes) -> None:
        """Any thread."""
        self._emit(frame)
        if len(self._out) >= _MESSAGES_AT_ONCE:
            self._send_out()

    def _flush(self) -> None:
        """Sends what has been emitted, as far as the socket takes it; the rest when it takes more."""
        self._flushing = False
        self._before_flush()
        if self._out:
            self._send_out()
        if self.stopping and not (self._ending or self._out or self._unsent or self._is_busy()):
            self._stop_loop()

    def _send_out(self) -> None:
        """Any thread."""
        with self._send_lock:
            if not self._out or self._unsent:
                return
            count = len(self._out)
            data = self._out[0] if count == 1 else b"".join(self._out[:count])
            del self._out[:count]
            sent = self._send(data)
            if sent == len(data):
                return
            self._unsent = memoryview(data)[sent:]
        if self.is_own_thread():
            self._wait_to_send()
        else:
            self.loop.call_soon_threadsafe(self._wait_to_send)

    def _wait_to_send(self) -> None:
        self.loop.add_writer(self._data.fileno(), self._on_writable)

    def _on_writable(self) -> None:
        with self._send_lock:
            self._unsent = self._unsent[self._send(self._unsent) :]
        if not self._unsent:
            self.loop.remove_writer(self._data.fileno())
            self._flush()

    def _send(self, data: Any) -> int:
        try:
            return self._data.send(data)
        except BlockingIOError:
            return 0
        except ConnectionError:
            self.gone()

    # ---- waiting

    def _wait_in_place(self, ready: Callable[[], bool]) -> None:
        """Any thread. The loop's own reads the data connection right there, and all others stand still."""
        if get_ident() != self._thread:
            self._wait_in_thread(ready)
            return
        while not ready():
            self._pump()

    def _wait_in_thread(self, ready: Callable[[], bool]) -> None:
        with self._news:
            self._foreign += 1
            try:
                self._news.wait_for(ready)
            finally:
                self._foreign -= 1

    def wake_signal_waiters(self) -> None:
        with self._news:
            self._news.notify_all()

    # ---- what the application has begun

    def _handle_signal(self) -> None:
        self.signals.run_next()
        if self.stopping:
            self.loop.call_soon(self._flush)

    def _end_tasks(self) -> None:
        """What is left of the application's own gets a second to clean up."""
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        if tasks:
            self.loop.run_until_complete(asyncio.wait(tasks, timeout=1))


@calls_application
def run_loop(loop: Any) -> None:
    """Runs an asyncio loop until it is stopped."""
    while True:
        try:
            loop.run_forever()
            return
        except (SystemExit, KeyboardInterrupt) as e:
            # asyncio lets these through. One task that calls sys.exit() must not end everybody's requests.
            forks.leave_if_foreign(e)
            log.say("loomgate: a callback or task of the event loop failed:")
            log.say_exception(e)


@interruptible
def _wait(poll: select.poll) -> None:
    poll.poll()
