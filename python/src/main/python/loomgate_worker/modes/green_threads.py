"""Mode `threads` of a program that has called `gevent.monkey.patch_all()`: its threads are greenlets of the main thread.

So they are here. A native thread reads the data connection; what comes is run in greenlets on the hub of the main thread, no
more at once than there would be threads. (In native threads much of gevent doesn't work: each would have a hub of its own,
which can't wait for processes, and locks that are shared by them.)
"""

from __future__ import annotations

import sys
import threading
from collections import deque
from queue import Empty
from threading import get_ident
from typing import TYPE_CHECKING, Any, Callable, Deque, Dict, Iterator, List, Optional

from loomgate_worker.modes.own_loops import no_loop
from loomgate_worker.modes.report import Report, add_greenlets, gathered
from loomgate_worker.modes.threads import SIGNAL, Threads
from loomgate_worker.process import native

if TYPE_CHECKING:
    from loomgate_worker.wire.scoreboard import Scoreboard
    from loomgate_worker.wire.exchange import Exchange
    from loomgate_worker.wire.links import Links


_TURN_SECONDS = 1.0


class GreenThreads(Threads):
    """Runs requests in greenlets of the thread that makes it."""

    def __init__(
        self, application: Callable[..., Any], links: Links, scoreboard: Scoreboard, boot: Dict[str, Any]
    ) -> None:
        super().__init__(application, links, scoreboard, boot)
        gevent: Any = sys.modules["gevent"]
        self._spawn, self._getcurrent, self._sleep = gevent.spawn, gevent.getcurrent, gevent.sleep
        self._waiter = gevent.hub.Waiter
        self._thread = get_ident()
        self._free = self._count
        self._running: Dict[Any, Exchange] = {}
        self._parked: List[Any] = []
        self._ended = False
        self._asked: Deque[Callable[[], None]] = deque()
        # The only thing of gevent's that another thread may touch: its send().
        self._notice: Any = gevent.get_hub().loop.async_()
        self._notice.start(self._on_notice)
        self.accept = self._accept

    def serve(self) -> None:
        self.serves = True
        native.start(threading.Thread(target=self._read, name="loomgate-reader", daemon=True))
        self._park(lambda: self._ended)

    def current(self) -> Optional[Exchange]:
        if get_ident() != self._thread:
            return None
        return self._running.get(self._getcurrent())

    def _wait(self, ready: Callable[[], bool]) -> None:
        if get_ident() == self._thread:
            self._park(ready)
        else:
            super()._wait(ready)

    def _wake_waiters(self) -> None:
        super()._wake_waiters()
        self._notice.send()

    def complete(self, awaitable: Any) -> Any:
        no_loop(awaitable)

    def iterate(self, iterable: Any) -> Iterator[Any]:
        no_loop(iterable)

    def turn(self, exchange: Exchange) -> None:
        if get_ident() == self._thread:
            self._sleep(0)

    def report(self, report: Report, dying: bool) -> None:
        if not gathered(self._soon, lambda: self._report(report), _TURN_SECONDS):
            report.note(f"gevent's hub has not turned for {_TURN_SECONDS} s: something holds it up")
            for exchange in list(self.live.values()):
                report.add("request", exchange, [])
        if not dying:
            report.add_threads({})

    def _report(self, report: Report) -> None:
        add_greenlets(
            report, sys.modules["greenlet"].greenlet, self._running.get, sys.modules["gevent"].get_hub()
        )

    def _soon(self, what: Callable[[], None]) -> None:
        self._asked.append(what)
        self._notice.send()

    def abandon(self) -> None:
        super().abandon()
        self._free = 0
        self._parked.clear()

    def _accept(self, exchange: Exchange) -> None:
        self._queue.put(exchange)
        self._notice.send()

    def _read(self) -> None:
        super()._read()
        self._ended = True
        self._notice.send()

    def _park(self, ready: Callable[[], bool]) -> None:
        """Lets the other greenlets run. What makes it ready sends a notice, which the hub takes after this."""
        while not ready():
            waiter = self._waiter()
            self._parked.append(waiter)
            waiter.get()

    def _on_notice(self) -> None:
        """In the hub."""
        while self._asked:
            self._asked.popleft()()
        self._begin()
        parked = self._parked[:]
        self._parked.clear()
        for waiter in parked:
            waiter.switch(None)

    def _begin(self) -> None:
        while self._free > 0:
            try:
                exchange = self._queue.get_nowait()
            except Empty:
                return
            self._free -= 1
            self._spawn(self._run_in_greenlet, exchange)

    def _run_in_greenlet(self, exchange: Any) -> None:
        me = self._getcurrent()
        if exchange is not SIGNAL:
            self._running[me] = exchange
        try:
            if exchange is SIGNAL:
                self._handle_signal()
            else:
                self._run(exchange)
        finally:
            self._running.pop(me, None)
            self._free += 1
            self._begin()
