"""The hub of mode `asyncio`: the greenlet that runs the event loop, and the parent of every request's greenlet.

A request's greenlet waits by switching to its parent; what it waits for switches back to it, mostly a callback or a task of
the loop, inside which it then goes on. That is uWSGI's contract (its options asyncio and greenlet), and more of it:

- `parent.switch(awaitable)` awaits: it returns the awaitable's result or raises its exception. So
  `rows = greenlet.getcurrent().parent.switch(connection.fetch("select 1"))` uses an asynchronous driver from plain WSGI code,
  and SQLAlchemy's `await_only` finds a provider in a request's greenlet.
- `complete(make)` awaits for server code of the greenlet's: the coroutine is a part of it, with its context variables in both
  directions, and with what it was handling when it called.
- A stray `me.switch()` to a greenlet that waits for something else of ours does no harm: every wait looks whether it is over.
  Nor does one to a greenlet that has ended: no greenlet is used for two requests.
"""

from __future__ import annotations

import asyncio
import inspect
import select
import selectors
import signal
import socket
import sys
from asyncio import ensure_future
from asyncio.events import _get_running_loop, _set_running_loop
from collections import deque
from contextvars import Context, ContextVar, copy_context
from threading import get_ident
from time import monotonic
from typing import TYPE_CHECKING, Any, Awaitable, Callable, Deque, Dict, Iterator, Optional

from greenlet import getcurrent, greenlet  # type: ignore[import]

from loomgate_worker.modes.looped import run_loop
from loomgate_worker.process import descriptors, forks

if TYPE_CHECKING:
    from loomgate_worker.wire.exchange import Exchange

_switch: Any = greenlet.switch  # quicker to call than what super() makes
_NOTHING: Any = object()

awaiting: ContextVar[Optional[Exchange]] = ContextVar("loomgate_awaiting", default=None)
"""In what the loop runs for a greenlet that awaits, and in the tasks made there: the request."""


class RequestGreenlet(greenlet):  # type: ignore[misc]
    """Runs one request. Its parent is the hub; to asyncio no loop is running in it (nested.py)."""

    # SQLAlchemy's await_only() asks for it, and then does parent.switch(awaitable).
    __sqlalchemy_greenlet_provider__ = True

    exchange: Exchange

    event_loop: Optional[asyncio.AbstractEventLoop] = None
    """What the application has set in this request."""

    def switch(self, *args: Any, **kwargs: Any) -> Any:
        """Called by what resumes it: a callback or task of the hub's loop, or another greenlet."""
        running = _get_running_loop()
        if running is None:
            return _switch(self, *args, **kwargs)
        _set_running_loop(None)
        try:
            return _switch(self, *args, **kwargs) if args or kwargs else _switch(self)
        finally:
            _set_running_loop(running)

    def throw(self, *args: Any) -> Any:
        running = _get_running_loop()
        _set_running_loop(None)
        try:
            return super().throw(*args)
        finally:
            _set_running_loop(running)


def request_of(found: Any) -> Optional[Exchange]:
    """The request that a greenlet belongs to."""
    while found is not None:
        if isinstance(found, RequestGreenlet):
            return found.exchange
        found = found.parent
    return None


def current_request() -> Optional[RequestGreenlet]:
    """The request's greenlet that the caller runs in, or in one of whose greenlets. None in the hub, and in other threads."""
    found: Any = getcurrent()
    while found is not None:
        if isinstance(found, RequestGreenlet):
            return found
        found = found.parent
    return None


class HubLoop(asyncio.SelectorEventLoop):
    """An event loop that is made before the fork, so that an application's import can get it, and renewed after it.

    What it waits with is this package's own: asyncio's modules are the program's too, and may be changed by it.

    To a request, in whose greenlet it isn't running, it is a loop that can be run until something is complete. It can't be
    run forever there, and isn't stopped or closed: all requests share it.
    """

    hub: Optional[Hub] = None

    def __init__(self) -> None:
        super().__init__(_selector())

    def time(self) -> float:
        return monotonic()

    def _make_self_pipe(self) -> None:
        loop: Any = self
        loop._ssock, loop._csock = map(descriptors.moved_socket, socket.socketpair())
        loop._ssock.setblocking(False)
        loop._csock.setblocking(False)
        descriptors.last(loop._ssock.fileno())
        descriptors.last(loop._csock.fileno())
        loop._internal_fds += 1
        loop._add_reader(loop._ssock.fileno(), loop._read_from_self)

    def add_listener(self, descriptor: int, callback: Callable[..., None]) -> None:
        """`add_reader` for a listening socket for whose connections other processes wait, too: one of them wakes for each."""
        self.add_reader(descriptor, callback)
        loop: Any = self
        epoll = loop._selector._selector
        epoll.unregister(descriptor)
        epoll.register(descriptor, select.EPOLLIN | select.EPOLLEXCLUSIVE)

    def abandon(self) -> None:
        """In a process that the program has forked: its next turn ends the process."""
        loop: Any = self
        for handle in loop._ready:
            handle.cancel()
        loop._selector = _AbandonedSelector()

    def is_running(self) -> bool:
        return super().is_running() and current_request() is None

    def run_until_complete(self, future: Any) -> Any:
        if self.hub is None or current_request() is None:
            return super().run_until_complete(future)
        if _get_running_loop() is not None:
            raise RuntimeError("Cannot run the event loop while another loop is running")
        return self.hub.wait_for(future)

    def run_forever(self) -> None:
        if current_request() is not None:
            raise RuntimeError(
                "This event loop is already running: it is the server's, which runs all requests"
            )
        super().run_forever()

    def stop(self) -> None:
        if current_request() is None:
            super().stop()

    def close(self) -> None:
        if current_request() is None:
            super().close()

    def renew(self) -> None:
        """Gives this process a selector and a self-pipe of its own: with an epoll instance that several processes share,
        each would get, and change, the others' events.
        """
        loop: Any = self
        old, old_socket = loop._selector, loop._ssock
        kept = [key for key in old.get_map().values() if key.fileobj != old_socket.fileno()]
        # Closes the descriptor here only; unregistering would change the zygote's instance too.
        descriptors.closed(old.fileno())
        old.close()
        descriptors.close_socket(old_socket)
        descriptors.close_socket(loop._csock)
        loop._internal_fds -= 1
        loop._selector = _selector()
        loop._make_self_pipe()
        for key in kept:
            loop._selector.register(key.fileobj, key.events, key.data)
        if loop._signal_handlers:
            signal.set_wakeup_fd(loop._csock.fileno())


def _selector() -> selectors.BaseSelector:
    made: Any = selectors.EpollSelector()
    made._selector.close()
    made._selector = descriptors.epoll()
    descriptors.last(made.fileno())
    selector: selectors.BaseSelector = made
    return selector


class _AbandonedSelector:
    def select(self, *_: Any) -> Any:
        forks.leave()


class Hub(greenlet):  # type: ignore[misc]
    """Runs the loop. `switch` gives control to it, or awaits its argument."""

    def __init__(self, loop: HubLoop) -> None:
        super().__init__(self._run_loop)
        self.loop = loop
        self._thread = get_ident()
        self.parts: Dict[Any, Any] = {}
        """The requests of tasks that greenlets wait for."""
        loop.hub = self

    def switch(self, *args: Any, **kwargs: Any) -> Any:
        if not args and not kwargs and _get_running_loop() is None:
            return _switch(self)
        if len(args) == 1 and not kwargs and inspect.isawaitable(args[0]) and getcurrent() is not self:
            return self.wait_for(args[0])
        return self.back(*args, **kwargs)

    def back(self, *args: Any, **kwargs: Any) -> Any:
        """Gives control to the loop, until somebody resumes the caller."""
        running: Any = _get_running_loop()
        if running is None or running is self.loop:
            return _switch(self, *args, **kwargs)
        # From inside a loop of the application's own.
        hooks, loop = sys.get_asyncgen_hooks(), self.loop
        _set_running_loop(None)
        sys.set_asyncgen_hooks(loop._asyncgen_firstiter_hook, loop._asyncgen_finalizer_hook)  # type: ignore[attr-defined]
        try:
            return _switch(self, *args, **kwargs)
        finally:
            sys.set_asyncgen_hooks(*hooks)
            _set_running_loop(running)

    def is_away(self) -> bool:
        """Any thread: whether the caller is no greenlet that could wait here, or one that runs a loop of its own just now."""
        return get_ident() != self._thread or current_request() is None or _get_running_loop() is not None

    def wait_for(self, awaitable: Any) -> Any:
        """Lets the loop await, and the calling greenlet wait for the outcome."""
        exchange = _mark()
        future = ensure_future(awaitable, loop=self.loop)
        wake = Wake()
        future.add_done_callback(wake)
        if exchange is not None:
            self.parts[future] = exchange
        try:
            while not future.done():
                self.back()
        except BaseException:
            # Cancelled: nobody waits for the outcome any more.
            future.cancel()
            raise
        finally:
            wake.disarm()
            self.parts.pop(future, None)
        return future.result()

    def complete(self, make: Callable[[], Awaitable[Any]]) -> Any:
        """The result of a coroutine that is a part of what the calling greenlet does, in a task of the loop.

        Unlike `wait_for`, it has the greenlet see the context variables that the coroutine has set, and `sys.exc_info()` be the same
        in both. Where the greenlet is thrown something, the coroutine is cancelled, and has ended when that goes on.
        """
        part = _Part(make)
        try:
            self._wait_for_part(self._begun(part))
        except BaseException as e:
            part.explain(e)
            raise
        part.restore()
        return part.result()

    def iterate(self, iterable: Any) -> Iterator[Any]:
        """The items of an asynchronous iterable, all of which one task of the loop asks for: one when the last one is done with."""
        items: Deque[Any] = deque()
        taken = self.loop.create_future()
        wake: Optional[Wake] = None

        async def ask() -> None:
            nonlocal taken
            try:
                async for item in iterable:
                    taken = self.loop.create_future()
                    items.append(item)
                    if wake is not None:
                        self.loop.call_soon(wake)
                    await taken
            finally:
                end = getattr(iterable, "aclose", None)
                if end is not None:
                    await end()

        part = _Part(ask)
        task = self._begun(part)
        try:
            while True:
                wake = Wake()
                task.add_done_callback(wake)
                while not items and not task.done():
                    self.back()
                task.remove_done_callback(wake)
                wake.disarm()
                if not items:
                    break
                yield items.popleft()
                if not taken.done():
                    taken.set_result(None)
        finally:
            if not task.done():
                if wake is not None:
                    wake.disarm()
                task.cancel()
                self._wait_for_part(task)
        part.restore()
        part.result()

    def _begun(self, part: _Part) -> Any:
        task = self.loop.create_task(part.run())
        if part.exchange is not None:
            self.parts[task] = part.exchange
            task.add_done_callback(self._forget)
        return task

    def _forget(self, task: Any) -> None:
        self.parts.pop(task, None)

    def _wait_for_part(self, task: Any) -> None:
        """Until it has ended, whatever is thrown meanwhile: that cancels it, and goes on then."""
        wake = Wake()
        task.add_done_callback(wake)
        thrown: Optional[BaseException] = None
        while not task.done():
            try:
                self.back()
            except BaseException as e:
                thrown = e
                task.cancel()
        wake.disarm()
        if thrown is not None:
            raise thrown

    def _run_loop(self, *_: Any) -> None:
        run_loop(self.loop)


def _mark() -> Optional[Exchange]:
    """Has the tasks that the caller makes know its request."""
    request = current_request()
    exchange = None if request is None else request.exchange
    if exchange is not None:
        awaiting.set(exchange)
    return exchange


class _Part:
    """A coroutine that runs in a task, as a part of a greenlet."""

    def __init__(self, make: Callable[[], Awaitable[Any]]) -> None:
        self.exchange = _mark()
        self._make = make
        self._handled = sys.exc_info()[1]
        self._context: Optional[Context] = None
        self._failure: Optional[BaseException] = None
        self._result: Any = None

    async def run(self) -> None:
        """In the task. What the coroutine raises is the greenlet's matter, whatever it is."""
        try:
            self._result = await (self._make() if self._handled is None else self._inside(self._handled))
        except BaseException as e:
            self._failure = e
        self._context = copy_context()

    async def _inside(self, handled: BaseException) -> Any:
        try:
            raise handled
        except BaseException:
            return await self._make()

    def restore(self) -> None:
        """Has the calling greenlet see the context variables as they are in the coroutine."""
        if self._context is not None:
            for variable, value in self._context.items():
                if variable.get(_NOTHING) is not value:
                    variable.set(value)

    def explain(self, e: BaseException) -> None:
        """Has an exception's traceback say where the coroutine was."""
        if e.__cause__ is None:
            e.__cause__, self._failure = self._failure, None

    def result(self) -> Any:
        failure, self._failure = self._failure, None
        if failure is not None:
            try:
                raise failure
            finally:
                del failure  # its traceback holds this frame
        return self._result


class Wake:
    """A callback that resumes the greenlet that made it, unless that has gone on already.

    A callback that is late must not wake a greenlet which waits for something else by then.
    """

    def __init__(self) -> None:
        self._greenlet: Any = getcurrent()

    def __call__(self, *_: Any) -> None:
        waiting = self._greenlet
        if waiting is not None:
            waiting.switch()

    def disarm(self) -> None:
        self._greenlet = None
