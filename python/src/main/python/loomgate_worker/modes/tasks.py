"""Mode `tasks`: every request of an ASGI application in an asyncio task of its own, on one thread with the event loop.

The loop is uvloop's where that can be imported, if no other is asked for. It is made after the fork.

**CANCEL** of a client that has disconnected wakes what waits in `receive` or `send`; because the request's time is over it
cancels the task as well.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import TYPE_CHECKING, Any, Callable, Dict, Optional

from loomgate_worker.asgi import exchange as exchanges
from loomgate_worker.asgi.lifespan import Lifespan
from loomgate_worker.direct.keeper import Keeper
from loomgate_worker.direct.lent import LentSockets
from loomgate_worker.modes.report import Report, add_tasks
from loomgate_worker.modes.looped import Looped, run_loop
from loomgate_worker.modes.runner import StartFailed
from loomgate_worker.process import isolation
from loomgate_worker.wire.request_ids import RequestIds

if TYPE_CHECKING:
    from loomgate_worker.asgi.exchange import AsgiExchange
    from loomgate_worker.wire.exchange import Exchange
    from loomgate_worker.direct.acceptor import Acceptor
    from loomgate_worker.direct.kept import KeptExchange
    from loomgate_worker.wire.links import Descriptors, Links
    from loomgate_worker.wire.scoreboard import Scoreboard

_SHUTDOWN_SECONDS = 10.0
_SWEEP_SECONDS = 1.0
_TURN_SECONDS = 0.1


class Tasks(Looped):
    """Runs each request in a task. Only what a method says may be called from another thread."""

    make = staticmethod(exchanges.made)
    _keeper: Optional[Keeper] = None  # what takes the connections of sockets of HTTP

    def __init__(
        self, application: Callable[..., Any], links: Links, scoreboard: Scoreboard, boot: Dict[str, Any]
    ) -> None:
        loop = _new_loop(boot["python_loop"])
        asyncio.set_event_loop(loop)
        super().__init__(application, links, scoreboard, boot, loop)
        self._lifespan = Lifespan(application, loop)

    def _made_acceptor(self, link: Descriptors, boot: Dict[str, Any]) -> Optional[Acceptor]:
        if not boot["direct"].get("http"):
            # uwsgi's sockets are left to the JVM.
            return super()._made_acceptor(link, boot)
        ids = RequestIds() if boot["request_ids"] is not None else None
        self._keeper = Keeper(
            self, self._begin_kept, link, self.links.listeners, boot["direct"], self.scoreboard, ids
        )
        limits = boot["direct"]["http"]
        self.lender = LentSockets(self, link, limits["lent_seconds"], limits["lent_bytes"])
        return self._keeper

    @property
    def state(self) -> Dict[str, Any]:
        """What the application has put aside in its lifespan, for its requests."""
        return self._lifespan.state

    # ---- Runner

    def prepare(self) -> None:
        failure = self.loop.run_until_complete(self._lifespan.start())
        if failure is not None:
            raise StartFailed(f"the application's lifespan.startup failed: {failure}".rstrip(": "))

    def serve(self) -> None:
        self.serves = True
        self.loop.add_reader(self._data.fileno(), self._on_readable)
        if self._keeper is not None:
            self.loop.add_reader(self._keeper.descriptor, self._on_connections)
            self.loop.add_reader(self.lender.descriptor, self._on_lent)
            self._sweep()
        # What came with the lifespan's turns, or before.
        self.loop.call_soon(self._on_readable)
        run_loop(self.loop)
        self.loop.remove_reader(self._data.fileno())
        if self._keeper is not None:
            self.loop.remove_reader(self._keeper.descriptor)
            self.loop.remove_reader(self.lender.descriptor)
        self.loop.run_until_complete(self._lifespan.stop(_SHUTDOWN_SECONDS))
        self._end_tasks()
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())

    def accept(self, exchange: Exchange) -> None:
        self.scoreboard.marks[0] = exchange.id
        self.served += 1
        made: Any = exchange
        made.task = self.loop.create_task(made.answer_request())

    def current(self) -> Optional[Exchange]:
        return exchanges.current.get()

    def hand_over(self, nanos: int) -> None:
        if self._keeper is None:
            return
        done = threading.Event()
        self.loop.call_soon_threadsafe(self._hand_over, nanos, done)
        if not done.wait(_TURN_SECONDS):
            # The program holds the loop up. Nobody is to wait behind it who has yet to ask for something.
            self._keeper.hand_over_old(nanos)
            self._keeper.hand_over_idle()
            self._send_out()

    def _hand_over(self, nanos: int, done: threading.Event) -> None:
        if self._keeper is not None:
            self._keeper.has_turned()
            if not done.is_set():
                done.set()
                self._keeper.hand_over_old(nanos)
                if nanos == 0:
                    self._keeper.hand_over_idle()

    def wait(self, exchange: Exchange, ready: Callable[[], bool]) -> None:
        """Any thread. Code of the program's that waits in the loop's thread without awaiting holds all others up."""
        self._wait_in_place(ready)

    def wake(self, exchange: Exchange) -> None:
        made: Any = exchange
        made.woken()
        super().wake(exchange)

    def cancel(self, exchange: Exchange) -> None:
        made: Any = exchange
        if exchange.overtime and made.task is not None and not exchange.over:
            made.task.cancel()
        self.wake(exchange)

    def wait_for_signal(self, exchange: Optional[Exchange], ready: Callable[[], bool]) -> None:
        self._wait_in_place(ready)

    def handle_signals(self, count: int) -> None:
        for _ in range(count):
            self.loop.call_soon_threadsafe(self._handle_signal)

    def close_later(self, exchange: Exchange) -> None:
        self.loop.call_soon(exchange.close_file)

    def stop(self) -> None:
        super().stop()
        self.loop.call_soon(self._flush)

    def ended(self, exchange: AsgiExchange) -> None:
        """A request's task is about to end."""
        keeper = self._keeper
        if self.stopping:
            self.loop.call_soon(self._flush)
        elif keeper is not None and not self._flushing and keeper.has_records():
            self._flushing = True
            self.loop.call_soon(self._flush)

    # ---- connections of the listening sockets (direct mode)

    def _on_connections(self) -> None:
        assert self._keeper is not None
        self._flushing = True
        try:
            self._keeper.turn()
        finally:
            self._flush()

    def _on_lent(self) -> None:
        self._flushing = True
        try:
            self.lender.turn()
        finally:
            self._flush()

    def _begin_kept(self, exchange: KeptExchange) -> None:
        keeper = self._keeper
        assert keeper is not None
        self.served += 1
        if self.served >= keeper.limit > 0:
            keeper.limit_reached()
        exchange.task = self.loop.create_task(exchange.answer_request())

    def _sweep(self) -> None:
        if self._keeper is not None:
            self._keeper.sweep()
            self.lender.sweep()
            self.loop.call_later(_SWEEP_SECONDS, self._sweep)

    def _before_flush(self) -> None:
        if self._keeper is not None:
            if self.stopping:
                self._keeper.hand_over_idle()
            self.lender.flush()
            self._keeper.flush()
            self._keeper.listen()

    def _is_busy(self) -> bool:
        return super()._is_busy() or (self._keeper is not None and self._keeper.is_writing())

    # ---- inside

    def _report(self, report: Report) -> None:
        requests: Dict[Any, Exchange] = {}
        for exchange in list(self.live.values()):
            made: Any = exchange
            if made.task is not None:
                requests[made.task] = exchange
            else:
                report.add("whose file is being sent", exchange, [])
        add_tasks(report, asyncio.all_tasks(self.loop), requests, exchanges.current)

    # The coroutines of tasks may be looked at from any thread.
    _report_from_outside = _report

    def _stop_loop(self) -> None:
        # Once: another stop would be for the turns that follow.
        self._ending = True
        self.loop.stop()


def _new_loop(wanted: str) -> Any:
    """:param wanted: `auto`, `asyncio` or `uvloop`"""
    if wanted != "asyncio":
        try:
            isolation.import_program("uvloop")
            return sys.modules["uvloop"].new_event_loop()
        except ImportError:
            if wanted == "uvloop":
                raise
    return asyncio.new_event_loop()
