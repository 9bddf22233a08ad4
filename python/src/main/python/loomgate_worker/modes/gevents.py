"""Mode `gevent`: every request in a greenlet of gevent's, on one thread with gevent's hub.

gevent is the program's own: the package that its path has, patched (`gevent.monkey.patch_all()`) as the options or the program say.
This package's modules aren't patched (isolation.py); what waits here does so by the hub.

**Reading `wsgi.input`** (or `write()` without credit) waits as follows:

- in a greenlet, also one that the program has spawned: the others go on;
- in a thread of gevent's pool, by blocking that thread;
- in a callback of the hub, which has no greenlet to leave: by reading the data connection right there.

**CANCEL** throws `RequestCancelled` into the greenlet where it waits. One that catches it and goes on simply stays.
"""

from __future__ import annotations

import sys
from collections import deque
from typing import TYPE_CHECKING, Any, Callable, Deque, Dict, Iterator, List, Optional, Tuple

from loomgate_worker.modes.looped import Looped
from loomgate_worker.modes.own_loops import no_loop
from loomgate_worker.modes.report import Report, add_greenlets
from loomgate_worker.modes.runner import StartFailed
from loomgate_worker.process import forks, handlers, isolation, log
from loomgate_worker.wire.cancelled import RequestCancelled

if TYPE_CHECKING:
    from loomgate_worker.wire.exchange import Exchange
    from loomgate_worker.wire.links import Links
    from loomgate_worker.wire.scoreboard import Scoreboard

_READ, _WRITE = 1, 2


def patch() -> None:
    """Has the program's standard library wait by the hub. Raises what gevent raises."""
    isolation.import_program("gevent.monkey")
    sys.modules["gevent.monkey"].patch_all()


class HubLoop:
    """What `Looped` asks of an event loop, by the names that asyncio has for it: done by the loop of gevent's hub."""

    def __init__(self, hub: Any) -> None:
        self._loop = hub.loop
        self._watchers: Dict[Tuple[int, int], Any] = {}
        self._handed_over: Deque[Tuple[Callable[..., Any], Tuple[Any, ...]]] = deque()
        # The only thing of gevent's that another thread may touch: its send().
        self._notice: Any = self._loop.async_()
        self._notice.start(self._run_handed_over)

    def call_soon(self, callback: Callable[..., Any], *arguments: Any) -> None:
        self._loop.run_callback(callback, *arguments)

    def call_soon_threadsafe(self, callback: Callable[..., Any], *arguments: Any) -> None:
        """Any thread."""
        self._handed_over.append((callback, arguments))
        self._notice.send()

    def add_reader(self, descriptor: int, callback: Callable[[], Any]) -> None:
        self._watch(descriptor, _READ, callback)

    def add_writer(self, descriptor: int, callback: Callable[[], Any]) -> None:
        self._watch(descriptor, _WRITE, callback)

    def remove_reader(self, descriptor: int) -> None:
        self._forget(descriptor, _READ)

    def remove_writer(self, descriptor: int) -> None:
        self._forget(descriptor, _WRITE)

    def abandon(self) -> None:
        """In a process that the program has forked."""
        for descriptor, event in list(self._watchers):
            self._forget(descriptor, event)
        self._handed_over.clear()

    def _watch(self, descriptor: int, event: int, callback: Callable[[], Any]) -> None:
        self._forget(descriptor, event)
        watcher = self._watchers[descriptor, event] = self._loop.io(descriptor, event)
        watcher.start(callback)

    def _forget(self, descriptor: int, event: int) -> None:
        watcher = self._watchers.pop((descriptor, event), None)
        if watcher is not None:
            watcher.stop()
            watcher.close()

    def _run_handed_over(self) -> None:
        while self._handed_over:
            callback, arguments = self._handed_over.popleft()
            callback(*arguments)


class Gevents(Looped):
    """Runs each request in a greenlet of gevent's. Only what a method says may be called from another thread."""

    loop: HubLoop

    def __init__(
        self, application: Callable[..., Any], links: Links, scoreboard: Scoreboard, boot: Dict[str, Any]
    ) -> None:
        gevent: Any = sys.modules["gevent"]
        hub = gevent.get_hub()
        super().__init__(application, links, scoreboard, boot, HubLoop(hub))
        self._hub = hub
        self._spawn, self._getcurrent, self._sleep = gevent.spawn, gevent.getcurrent, gevent.sleep
        self._waiter = gevent.hub.Waiter
        self._running: Dict[Any, Exchange] = {}
        self._greenlets: Dict[int, Any] = {}
        # Greenlets that wait for a frame of a request, and for a signal.
        self._waiting: Dict[int, List[Any]] = {}
        self._signal_waiters: List[Any] = []
        self._end: Any = self._waiter()
        self._patches = boot["gevent_patch"] == "after_load"
        handlers.idles_in(gevent.hub.Hub.run.__code__)

    # ---- Runner

    def prepare(self) -> None:
        if self._patches:
            try:
                patch()
            except Exception as e:
                raise StartFailed(f"gevent.monkey.patch_all() has failed: {e}") from None
        monkey = sys.modules.get("gevent.monkey")
        if monkey is not None and monkey.is_module_patched("os"):
            # gevent itself does so when it watches a program's first child, which may have ended by then.
            self._hub.loop.install_sigchld()

    def abandon(self) -> None:
        super().abandon()
        self._waiting.clear()
        self._signal_waiters.clear()
        self.loop.abandon()

    def serve(self) -> None:
        self.serves = True
        self.loop.add_reader(self._data.fileno(), self._on_readable)
        while not self._ending:
            try:
                self._end.get()
            except BaseException as e:
                # The hub throws into the main greenlet what it lets through: sys.exit() in a greenlet, and what handlers of
                # signals raise. It must not end everybody's requests.
                forks.leave_if_foreign(e)
                log.say("loomgate: a callback or greenlet of gevent's hub failed:")
                log.say_exception(e)
        self.loop.remove_reader(self._data.fileno())

    def accept(self, exchange: Exchange) -> None:
        self.served += 1
        self._spawn(self._run, exchange)

    def current(self) -> Optional[Exchange]:
        return self._running.get(self._getcurrent()) if self.is_own_thread() else None

    def hand_over(self, nanos: int) -> None:
        """It takes no connections itself."""

    def wait(self, exchange: Exchange, ready: Callable[[], bool]) -> None:
        """Any thread, any greenlet."""
        waiters = self._waiting.setdefault(exchange.id, [])
        try:
            self.wait_among(waiters, ready)
        finally:
            if not waiters:
                self._waiting.pop(exchange.id, None)

    def wake(self, exchange: Exchange) -> None:
        self.resume(self._waiting.get(exchange.id, ()))
        super().wake(exchange)

    def complete(self, awaitable: Any) -> Any:
        no_loop(awaitable)

    def iterate(self, iterable: Any) -> Iterator[Any]:
        no_loop(iterable)

    def turn(self, exchange: Exchange) -> None:
        if self.can_leave():
            self._sleep(0)

    def cancel(self, exchange: Exchange) -> None:
        self.wake(exchange)
        self.loop.call_soon(self._throw, exchange)

    def wake_signal_waiters(self) -> None:
        self.resume(self._signal_waiters)
        super().wake_signal_waiters()

    def wait_for_signal(self, exchange: Optional[Exchange], ready: Callable[[], bool]) -> None:
        self.wait_among(self._signal_waiters, ready)

    def handle_signals(self, count: int) -> None:
        for _ in range(count):
            self.loop.call_soon_threadsafe(self._spawn, self._handle_signal)

    def close_later(self, exchange: Exchange) -> None:
        self._spawn(exchange.close_file)

    def stop(self) -> None:
        super().stop()
        self.loop.call_soon(self._flush)

    # ---- waiting

    def can_leave(self) -> bool:
        """Any thread: whether the caller is a greenlet that the hub can go on without."""
        return self.is_own_thread() and self._getcurrent() is not self._hub

    def wait_among(self, waiters: List[Any], ready: Callable[[], bool]) -> None:
        """Any thread: returns when `ready()` is true, which is looked at when `resume` is called for the same waiters."""
        if not self.can_leave():
            self._wait_in_place(ready)
            return
        while not ready():
            waiter = self._waiter()
            waiters.append(waiter)
            try:
                waiter.get()
            finally:
                waiters.remove(waiter)

    def resume(self, waiters: Any) -> None:
        """Has those look again that wait among these."""
        for waiter in waiters:
            self.loop.call_soon(waiter.switch, None)

    # ---- inside

    def _run(self, exchange: Exchange) -> None:
        me = self._getcurrent()
        self.scoreboard.marks[0] = exchange.id
        self._running[me] = exchange
        self._greenlets[exchange.id] = me
        try:
            exchange.run()
        finally:
            del self._running[me]
            del self._greenlets[exchange.id]
            if self.stopping:
                self.loop.call_soon(self._flush)

    def _report(self, report: Report) -> None:
        add_greenlets(report, sys.modules["greenlet"].greenlet, self._running.get, self._hub)

    def _throw(self, exchange: Exchange) -> None:
        # One that hasn't begun finds out itself.
        target = self._greenlets.get(exchange.id)
        if target is not None and not exchange.over:
            target.throw(RequestCancelled("the request was cancelled while it waited"))

    def _stop_loop(self) -> None:
        self._ending = True
        self.loop.call_soon(self._end.switch, None)
