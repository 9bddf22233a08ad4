"""Signals of `uwsgi.register_signal` that have come to this process, and the handlers that they run.

The JVM sends SIGNAL on the data connection. When the handler is run is the mode's matter: between requests in mode `sync`, as
a request in the others. Somebody who waits for a signal (`uwsgi.signal_wait`) runs the handler himself, right there.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Callable, Deque, Tuple

from loomgate_worker.process import forks, log
from loomgate_worker.process.handlers import calls_application, runs_request
from loomgate_worker.process.tracebacks import describe
from loomgate_worker.wire import frames


class Signalled:
    """The signals of one process. Any thread.

    :param emit: sends a frame
    :param urge: has sent what was emitted, whatever this thread now does
    """

    def __init__(self, emit: Callable[[bytes], None], urge: Callable[[], None]) -> None:
        self._emit = emit
        self._urge = urge
        self._lock = threading.Lock()
        self._waiters = 0
        self.waiting: Deque[int] = deque()
        self.unended = 0
        """Those that have come and whose handlers haven't ended."""

    handle: Callable[[int], None] = staticmethod(lambda number: None)
    """Calls the program's handler. Set before the first signal comes."""

    def come(self, number: int) -> bool:
        """SIGNAL has come. Whether somebody waits for one."""
        with self._lock:
            self.unended += 1
            self.waiting.append(number)
            return self._waiters > 0

    def begin_wait(self) -> None:
        """Somebody waits for a signal from now on. The JVM gives him one that any process may have."""
        with self._lock:
            self._waiters += 1
        self._tell(frames.AWAITS, 0)

    def end_wait(self, take: bool) -> Tuple[int, int]:
        """He waits no more. His signal, -1 if there is none or he takes none; and how many there are that nobody waits for."""
        with self._lock:
            self._waiters -= 1
            number = self.waiting.popleft() if take and self.waiting else -1
            left = 0 if self._waiters else len(self.waiting)
        self._tell(frames.AWAITS_NO_MORE, 0)
        return number, left

    def run_next(self) -> None:
        """Runs the handler of the one that has come first, if there is one."""
        with self._lock:
            if not self.waiting:
                return
            number = self.waiting.popleft()
        self.run(number)

    def run(self, number: int) -> None:
        """Runs the handler of a signal that isn't among those that wait any more. Never raises."""
        self._tell(frames.BEGINS, number)
        self._call(number)
        with self._lock:
            self.unended -= 1
        self._tell(frames.ENDS, number)

    def _tell(self, what: int, number: int) -> None:
        self._emit(frames.frame(frames.SIGNALLED, what, number))
        self._urge()

    @runs_request
    def _call(self, number: int) -> None:
        try:
            self._handle(number)
        except BaseException as e:
            forks.leave_if_foreign(e)
            log.say(f"loomgate: the handler of signal {number} has failed:\n{describe(e)}")
        forks.leave_if_foreign()

    @calls_application
    def _handle(self, number: int) -> None:
        self.handle(number)
