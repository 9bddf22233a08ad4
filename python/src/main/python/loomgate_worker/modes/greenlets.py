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
import select
import threading
from collections import deque
from threading import get_ident
from typing import TYPE_CHECKING, Any, Callable, Deque, Dict, List, Optional

from asyncio.events import _set_running_loop

from greenlet import getcurrent, greenlet  # type: ignore[import]

from loomgate_worker.modes.hub import Hub, HubLoop, RequestGreenlet, Wake, current_request
from loomgate_worker.modes.intake import Intake
from loomgate_worker.modes.nested import Policy
from loomgate_worker.modes.runner import Runner
from loomgate_worker.process.handlers import interruptible
from loomgate_worker.wire.cancelled import RequestCancelled

if TYPE_CHECKING:
    from loomgate_worker.wire.begun import Begun
    from loomgate_worker.wire.exchange import Exchange
    from loomgate_worker.wire.links import Links


class Greenlets(Runner):
    """Runs requests on the thread that calls `serve`. Only what a method says may be called from another thread."""

    def __init__(
        self,
        application: Callable[..., Any],
        links: Links,
        begun: Begun,
        boot: Dict[str, Any],
        loop: HubLoop,
    ) -> None:
        super().__init__(application, links, begun, boot)
        self.loop = loop
        self.hub = Hub(loop)
        self.emit = self._emit
        self._thread = get_ident()
        self._data = links.data
        self._data.setblocking(False)
        self._intake = Intake(links.data, self)
        self._arrived: Deque[Exchange] = deque()
        self._greenlets: Dict[int, RequestGreenlet] = {}
        self._out: List[bytes] = []
        self._unsent = memoryview(b"")
        self._flushing = False  # a flush is to come in this turn of the loop
        # Greenlets that wait for a frame of a request.
        self._waiting: Dict[int, List[Any]] = {}
        # Threads of applications that do.
        self._news = threading.Condition()
        self._foreign = 0

    # ---- Runner

    def abandon(self) -> None:
        super().abandon()
        self._arrived.clear()
        self._out.clear()
        self._unsent = memoryview(b"")
        self.loop.abandon()

    def serve(self) -> None:
        # Now: the application may have set one of its own at its import.
        asyncio.set_event_loop_policy(Policy(self.hub, asyncio.get_event_loop_policy()))
        self.loop.add_reader(self._data.fileno(), self._on_readable)
        self.hub.switch()
        self.loop.remove_reader(self._data.fileno())
        self._end_tasks()

    def accept(self, exchange: Exchange) -> None:
        self._arrived.append(exchange)

    def current(self) -> Optional[Exchange]:
        request = current_request()
        return None if request is None else request.exchange

    def recall(self) -> None:
        # Nothing waits here: what is read begins at once.
        self.returned([])

    def wait(self, exchange: Exchange, ready: Callable[[], bool]) -> None:
        """Any thread, any greenlet."""
        if get_ident() != self._thread:
            self._wait_in_thread(ready)
        elif getcurrent() is self.hub:
            while not ready():
                self._pump()
        else:
            self._wait_in_greenlet(exchange.id, ready)

    def wake(self, exchange: Exchange) -> None:
        if exchange.id in self._waiting:
            self.loop.call_soon(self._resume, exchange.id)
        if self._foreign:
            with self._news:
                self._news.notify_all()

    def urge(self) -> None:
        # The application may go on to stop the loop, in a close() that works, for example.
        if self._out and get_ident() == self._thread:
            self._flush()

    def turn(self, exchange: Exchange) -> None:
        self.give_way()

    def give_way(self) -> None:
        """Lets the loop make one turn."""
        wake = Wake()
        self.loop.call_soon(wake)
        try:
            self.hub.back()
        finally:
            wake.disarm()

    def is_own_thread(self) -> bool:
        """Any thread: whether it is the one of the loop."""
        return get_ident() == self._thread

    def current_greenlet(self) -> Any:
        return getcurrent()

    def is_in_hub(self) -> bool:
        """Whether the caller is a coroutine or callback of the loop, in no greenlet of its own."""
        return getcurrent() is self.hub

    def cancel(self, exchange: Exchange) -> None:
        self.wake(exchange)
        self.loop.call_soon(self._throw, exchange)

    def close_later(self, exchange: Exchange) -> None:
        self.loop.call_soon(self._begin, exchange, exchange.close_file)

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
        if self._arrived:
            self.loop.call_soon(self._begin_arrived)

    def _begin_arrived(self) -> None:
        marks = self.begun.marks
        # What RequestGreenlet.switch does, for all of them at once.
        _set_running_loop(None)
        try:
            while self._arrived:
                exchange = self._arrived.popleft()
                marks[0] = exchange.id
                self.served += 1
                greenlet.switch(self._made(exchange), exchange, exchange.run)
        finally:
            _set_running_loop(self.loop)

    def _begin(self, exchange: Exchange, what: Callable[[], None]) -> None:
        self._made(exchange).switch(exchange, what)

    def _made(self, exchange: Exchange) -> RequestGreenlet:
        made = RequestGreenlet(self._run, self.hub)
        made.exchange = exchange
        self._greenlets[exchange.id] = made
        return made

    def _run(self, exchange: Exchange, what: Callable[[], None]) -> None:
        what()
        self._greenlets.pop(exchange.id, None)
        if self.stopping:
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

    # ---- frames that go

    def _emit(self, frame: bytes) -> None:
        """Any thread."""
        self._out.append(frame)
        if get_ident() != self._thread:
            self.loop.call_soon_threadsafe(self._flush)
        elif not self._flushing:
            self._flushing = True
            self.loop.call_soon(self._flush)

    def _flush(self) -> None:
        """Sends what has been emitted, as far as the socket takes it; the rest when it takes more."""
        self._flushing = False
        if self._out and not self._unsent:
            count = len(self._out)
            data = self._out[0] if count == 1 else b"".join(self._out[:count])
            del self._out[:count]
            sent = self._send(data)
            if sent < len(data):
                self._unsent = memoryview(data)[sent:]
                self.loop.add_writer(self._data.fileno(), self._on_writable)
        if self.stopping and not self.live and not self._out and not self._unsent:
            self.loop.stop()

    def _on_writable(self) -> None:
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

    def _wait_in_thread(self, ready: Callable[[], bool]) -> None:
        with self._news:
            self._foreign += 1
            try:
                self._news.wait_for(ready)
            finally:
                self._foreign -= 1

    def _end_tasks(self) -> None:
        """What is left of the application's own gets a second to clean up."""
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        if tasks:
            self.loop.run_until_complete(asyncio.wait(tasks, timeout=1))


@interruptible
def _wait(poll: select.poll) -> None:
    poll.poll()
