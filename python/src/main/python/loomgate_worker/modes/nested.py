"""asyncio as a request's greenlet sees it (mode `asyncio`).

A greenlet is nested in the hub's loop, and isn't part of it: what it runs is plain blocking code. So to asyncio no loop is
running there, and whatever works under other WSGI servers works here: `asyncio.run()`, `loop.run_until_complete()` of a loop
of the application's own, asgiref's `async_to_sync` (async_views.py). Switching from one side to the other
changes what asyncio considers the running loop (`Hub.back`, `RequestGreenlet.switch`).

- A loop that is made here doesn't hold the thread up: where it would wait for its descriptors, its greenlet waits, and the
  other requests go on. (A loop of another policy holds up the others.)
- `asyncio.get_event_loop()`, and with it `asyncio.Future()`, `ensure_future()` and `Task()`, find the hub's loop, as in uWSGI;
  its `run_until_complete()` waits as `parent.switch(awaitable)` does. `set_event_loop()` is a request's own matter.
- `asyncio.get_running_loop()` and `create_task()` find it too: to uWSGI, it runs. asgiref alone is told that none does: it
  asks in order to refuse to block.
"""

from __future__ import annotations

import asyncio
import selectors
import sys
from asyncio import events
from threading import get_ident
from typing import Any, List, Optional, Tuple

from loomgate_worker.modes.async_views import AsyncViews
from loomgate_worker.modes.hub import Hub, Wake, current_request
from loomgate_worker.process import late

_get_running_loop = events._get_running_loop
_ASKS_TO_REFUSE = ("asgiref.sync", "asgiref.local")


def install(hub_loop: asyncio.AbstractEventLoop) -> None:
    """Before the application is imported, which may keep the functions."""
    late.when_imported("asgiref.sync", AsyncViews(hub_loop).change)

    def get_running_loop() -> asyncio.AbstractEventLoop:
        """The running event loop; in the greenlet of a request, the server's."""
        running = _get_running_loop()
        if running is not None:
            return running
        if current_request() is None or sys._getframe(1).f_globals.get("__name__") in _ASKS_TO_REFUSE:
            raise RuntimeError("no running event loop")
        return hub_loop

    asyncio.get_running_loop = get_running_loop
    events.get_running_loop = get_running_loop


class Policy(asyncio.AbstractEventLoopPolicy):
    """Gives each request an event loop to set and get; other threads have the policy that was there before."""

    def __init__(self, hub: Hub, others: asyncio.AbstractEventLoopPolicy) -> None:
        self._hub = hub
        self._others = others
        self._thread = get_ident()

    def get_event_loop(self) -> asyncio.AbstractEventLoop:
        if get_ident() != self._thread:
            return self._others.get_event_loop()
        request = current_request()
        own: Optional[asyncio.AbstractEventLoop] = None if request is None else request.event_loop
        return self._hub.loop if own is None else own

    def set_event_loop(self, loop: Optional[asyncio.AbstractEventLoop]) -> None:
        request = current_request() if get_ident() == self._thread else None
        if request is not None:
            request.event_loop = None if loop is self._hub.loop else loop
        else:
            self._others.set_event_loop(loop)

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        if get_ident() == self._thread and isinstance(self._others, asyncio.DefaultEventLoopPolicy):
            return asyncio.SelectorEventLoop(GreenletSelector(self._hub))
        return self._others.new_event_loop()

    def get_child_watcher(self) -> Any:
        return self._others.get_child_watcher()

    def set_child_watcher(self, watcher: Any) -> None:
        self._others.set_child_watcher(watcher)


class GreenletSelector(selectors.EpollSelector):
    """Waits by letting the hub look at its epoll instance, where the caller is a request's greenlet."""

    def __init__(self, hub: Hub) -> None:
        super().__init__()
        self._hub = hub
        self._thread = get_ident()

    def select(self, timeout: Optional[float] = None) -> List[Tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        if get_ident() != self._thread or current_request() is None:
            return super().select(timeout)
        self._wait(timeout)
        return super().select(0)

    def _wait(self, timeout: Optional[float]) -> None:
        # Once: if somebody else wakes the greenlet, the loop that asks comes again.
        loop, wake = self._hub.loop, Wake()
        loop.add_reader(self.fileno(), wake)
        timer = None if timeout is None else loop.call_later(timeout, wake)
        try:
            self._hub.back()
        finally:
            wake.disarm()
            loop.remove_reader(self.fileno())
            if timer is not None:
                timer.cancel()
