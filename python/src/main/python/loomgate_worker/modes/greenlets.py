"""Mode `asyncio`: every request in a greenlet of its own, on one thread with the event loop (hub.py).

A greenlet's contextvars are empty, as in uWSGI. After each chunk of a generator, and of any other iterable from its second
one on, the loop makes one turn, so that a long stream doesn't starve the others.

**Reading `wsgi.input`** (or `write()` without credit) waits as follows:

- in a greenlet, by switching to the hub: the others go on;
- in a thread of the application's own (`run_in_executor`), by blocking that thread;
- in a coroutine or callback, which runs inside the hub and has no greenlet to leave: by reading the data connection right
  there, until the bytes have come. That is sound, since nothing else of the loop runs nested inside the coroutine, but the
  loop stands still for as long as the client takes. (uWSGI crashes there.) A program that expects slow uploads reads in the
  view, before it starts the coroutine.

**asyncio code of the application's own** (`asyncio.run`, async views): nested.py.

**CANCEL** throws `RequestCancelled` into the greenlet where it waits. One that catches it and goes on simply stays.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Callable, Deque, Dict, Iterator, List, Optional, Set

from asyncio.events import _set_running_loop

from greenlet import getcurrent, greenlet  # type: ignore[import]

from loomgate_worker.modes.hub import (
    Hub,
    HubLoop,
    RequestGreenlet,
    Wake,
    awaiting,
    current_request,
    request_of,
)
from loomgate_worker.modes.looped import Looped
from loomgate_worker.modes.nested import Policy
from loomgate_worker.modes.report import Report, add_greenlets, add_tasks
from loomgate_worker.wire.cancelled import RequestCancelled

if TYPE_CHECKING:
    from loomgate_worker.wire.scoreboard import Scoreboard
    from loomgate_worker.direct.acceptor import Acceptor
    from loomgate_worker.direct.packet import Taken
    from loomgate_worker.wire.exchange import Exchange
    from loomgate_worker.wire.links import Links


_MOST_AT_ONCE = 16
"""Connections that are taken in one turn of the loop, so that other processes get some, too."""

_LATE_SECONDS = 0.005
_TURN_SECONDS = 0.1


class Greenlets(Looped):
    """Runs each request in a greenlet. Only what a method says may be called from another thread."""

    loop: HubLoop

    def __init__(
        self,
        application: Callable[..., Any],
        links: Links,
        scoreboard: Scoreboard,
        boot: Dict[str, Any],
        loop: HubLoop,
    ) -> None:
        super().__init__(application, links, scoreboard, boot, loop)
        self.hub = Hub(loop)
        # Greenlets that wait for a signal.
        self._signal_wakes: List[Wake] = []
        self._arrived: Deque[Exchange] = deque()
        self._greenlets: Dict[int, RequestGreenlet] = {}
        # Greenlets that wait for a frame of a request.
        self._waiting: Dict[int, List[Any]] = {}
        self._concurrency: int = boot["concurrency"]
        self._listens = False
        self._late: Set[int] = set()
        if self.acceptor is not None:
            self.acceptor.late = self._wait_for_packet

    # ---- Runner

    def abandon(self) -> None:
        super().abandon()
        self._arrived.clear()
        for descriptor in self._late:
            os.close(descriptor)
        self._late.clear()
        self.loop.abandon()

    def serve(self) -> None:
        self.serves = True
        # Now: the application may have set one of its own at its import.
        asyncio.set_event_loop_policy(Policy(self.hub, asyncio.get_event_loop_policy()))
        self.loop.add_reader(self._data.fileno(), self._on_readable)
        self.hub.switch()
        self._ending = True
        self.loop.remove_reader(self._data.fileno())
        self._listen()
        self._end_tasks()

    def accept(self, exchange: Exchange) -> None:
        self._arrived.append(exchange)

    def current(self) -> Optional[Exchange]:
        if not self.is_own_thread():
            return None
        request = current_request()
        return awaiting.get() if request is None else request.exchange

    def recall(self) -> None:
        taken = []
        try:
            while True:
                # From its end: the loop's thread may begin what came first meanwhile.
                request_id = self._arrived.pop().id
                del self.live[request_id]
                taken.append(request_id)
        except IndexError:
            pass
        self.returned(taken[::-1])
        self._send_out()

    def hand_over(self, nanos: int) -> None:
        if self.acceptor is None:
            return
        done = threading.Event()
        self.loop.call_soon_threadsafe(self._hand_over, nanos, done)
        if not done.wait(_TURN_SECONDS):
            # The program holds the loop up. Its clients are to be told all the same.
            self.acceptor.hand_over_old(nanos)
            self._send_out()

    def _hand_over(self, nanos: int, done: threading.Event) -> None:
        if self.acceptor is not None and not done.is_set():
            done.set()
            self.acceptor.hand_over_old(nanos)

    def wait(self, exchange: Exchange, ready: Callable[[], bool]) -> None:
        """Any thread, any greenlet."""
        if self._is_in_greenlet():
            self._wait_in_greenlet(exchange.id, ready)
        else:
            self._wait_in_place(ready)

    def wake(self, exchange: Exchange) -> None:
        if exchange.id in self._waiting:
            self.loop.call_soon(self._resume, exchange.id)
        super().wake(exchange)

    def turn(self, exchange: Exchange) -> None:
        self.give_way()

    def complete(self, awaitable: Any) -> Any:
        if not self._is_in_greenlet():
            return super().complete(awaitable)

        async def await_it() -> Any:
            return await awaitable

        return self.hub.complete(await_it)

    def iterate(self, iterable: Any) -> Iterator[Any]:
        return self.hub.iterate(iterable) if self._is_in_greenlet() else super().iterate(iterable)

    def give_way(self) -> None:
        """Lets the loop make one turn."""
        wake = Wake()
        self.loop.call_soon(wake)
        try:
            self.hub.back()
        finally:
            wake.disarm()

    def current_greenlet(self) -> Any:
        return getcurrent()

    def is_in_hub(self) -> bool:
        """Whether the caller is a coroutine or callback of the loop, in no greenlet of its own."""
        return getcurrent() is self.hub

    def cancel(self, exchange: Exchange) -> None:
        self.wake(exchange)
        self.loop.call_soon(self._throw, exchange)

    def wake_signal_waiters(self) -> None:
        for wake in self._signal_wakes:
            self.loop.call_soon(wake)
        super().wake_signal_waiters()

    def wait_for_signal(self, exchange: Optional[Exchange], ready: Callable[[], bool]) -> None:
        if self._is_in_greenlet():
            self._wait_for_wake(ready)
        else:
            self._wait_in_place(ready)

    def handle_signals(self, count: int) -> None:
        for _ in range(count):
            self.loop.call_soon_threadsafe(self._begin_signal)

    def _wait_for_wake(self, ready: Callable[[], bool]) -> None:
        wake = Wake()
        self._signal_wakes.append(wake)
        try:
            while not ready():
                self.hub.back()
        finally:
            wake.disarm()
            self._signal_wakes.remove(wake)

    def close_later(self, exchange: Exchange) -> None:
        self.loop.call_soon(self._begin, exchange, exchange.close_file)

    # ---- frames that come

    def _before_flush(self) -> None:
        if self.acceptor is not None:
            self.acceptor.flush()
            self._listen()

    def _is_busy(self) -> bool:
        return bool(self._late) or super()._is_busy()

    def _begin_arrived(self) -> None:
        marks = self.scoreboard.marks
        # What RequestGreenlet.switch does, for all of them at once.
        _set_running_loop(None)
        try:
            # What comes beyond them waits here for one to end, unless it is recalled: the worker had taken connections itself
            # just when the JVM sent it.
            while len(self._greenlets) < self._concurrency:
                try:
                    exchange = self._arrived.popleft()
                except IndexError:
                    break
                marks[0] = exchange.id
                self.served += 1
                greenlet.switch(self._made(exchange), exchange, exchange.run)
        finally:
            _set_running_loop(self.loop)

    # ---- connections of the listening sockets (direct mode)

    def _listen(self) -> None:
        """Waits for connections, or no more, as things are now."""
        acceptor = self.acceptor
        if acceptor is None:
            return
        listens = acceptor.accepting and self._places() > 0
        if listens is not self._listens:
            self._listens = listens
            for descriptor in acceptor.listeners:
                if listens:
                    self.loop.add_listener(descriptor, self._on_connection)
                else:
                    self.loop.remove_reader(descriptor)
            if not acceptor.accepting and not self.stopping:
                self._take_last()

    def _places(self) -> int:
        """For further requests: one whose packet is waited for has a place already."""
        return self._concurrency - len(self.live) - len(self._late)

    def _take_last(self) -> None:
        """A connection may have woken this process, and nobody else, just when it was told to take no more."""
        acceptor = self.acceptor
        assert acceptor is not None
        _set_running_loop(None)
        try:
            exchange = acceptor.take()
            if exchange is not None:
                self._run_directly(acceptor, exchange)
        finally:
            _set_running_loop(self.loop)
        self._flush()

    def _on_connection(self) -> None:
        acceptor = self.acceptor
        assert acceptor is not None
        self._flushing = True
        room = min(_MOST_AT_ONCE, self._places())
        _set_running_loop(None)
        try:
            while room > 0 and acceptor.accepting:
                exchange = acceptor.take()
                if exchange is None:
                    break
                room -= 1
                self._run_directly(acceptor, exchange)
        finally:
            _set_running_loop(self.loop)
        self._listen()
        self._flush()

    def _run_directly(self, acceptor: Acceptor, exchange: Exchange) -> None:
        self.served += 1
        if self.served >= acceptor.limit > 0:
            acceptor.limit_reached()
        if self._out:
            # What was handed over before it, whose clients know nothing of this request.
            self._send_out()
        greenlet.switch(self._made(exchange), exchange, exchange.run)

    def _wait_for_packet(self, number: int, taken: Taken) -> None:
        """A client has connected and not written yet: it is waited for a moment, before the JVM waits for it."""
        descriptor = taken[0]

        def come(_: object = None) -> None:
            timer.cancel()
            self.loop.remove_reader(descriptor)
            self._late.discard(descriptor)
            acceptor = self.acceptor
            assert acceptor is not None
            exchange = acceptor.begin(number, acceptor.read(descriptor))
            if exchange is not None:
                _set_running_loop(None)
                try:
                    self._run_directly(acceptor, exchange)
                finally:
                    _set_running_loop(self.loop)

        self._late.add(descriptor)
        self.loop.add_reader(descriptor, come)
        timer = self.loop.call_later(_LATE_SECONDS, come)

    # ---- greenlets

    def _begin(self, exchange: Exchange, what: Callable[[], None]) -> None:
        self._made(exchange).switch(exchange, what)

    def _begin_signal(self) -> None:
        made: Any = RequestGreenlet(self._handle_signal, self.hub)
        made.exchange = None
        made.switch()

    def _made(self, exchange: Exchange) -> RequestGreenlet:
        made = RequestGreenlet(self._run, self.hub)
        made.exchange = exchange
        self._greenlets[exchange.id] = made
        return made

    def _run(self, exchange: Exchange, what: Callable[[], None]) -> None:
        what()
        if self._arrived and len(self._greenlets) >= self._concurrency:
            self.loop.call_soon(self._begin_arrived)
        self._greenlets.pop(exchange.id, None)
        acceptor = self.acceptor
        if self.stopping:
            self.loop.call_soon(self._flush)
        elif acceptor is not None and not self._flushing and (acceptor.has_records() or not self._listens):
            self._flushing = True
            self.loop.call_soon(self._flush)

    def _resume(self, request_id: int) -> None:
        for waiting in list(self._waiting.get(request_id, ())):
            # A look at the list of now: it may have gone on already.
            if waiting in self._waiting.get(request_id, ()):
                waiting.switch()

    def _throw(self, exchange: Exchange) -> None:
        target = self._greenlets.get(exchange.id)
        if target is not None and not exchange.over:
            target.throw(RequestCancelled("the request was cancelled while it waited"))

    def _report(self, report: Report) -> None:
        add_greenlets(report, greenlet, request_of, self.hub)
        add_tasks(report, asyncio.all_tasks(self.loop), self.hub.parts, awaiting)

    def _report_from_outside(self, report: Report) -> None:
        super()._report_from_outside(report)
        add_tasks(report, asyncio.all_tasks(self.loop), dict(self.hub.parts), awaiting)

    # ---- waiting

    def _is_in_greenlet(self) -> bool:
        """Any thread: whether the caller has a greenlet to leave."""
        return self.is_own_thread() and not self.is_in_hub()

    def _wait_in_greenlet(self, request_id: int, ready: Callable[[], bool]) -> None:
        waiting = self._waiting.setdefault(request_id, [])
        me = getcurrent()
        waiting.append(me)
        try:
            while not ready():
                self.hub.back()
        finally:
            waiting.remove(me)
            if not waiting:
                self._waiting.pop(request_id, None)
