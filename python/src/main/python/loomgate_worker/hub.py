"""The hub of mode `asyncio`: the greenlet that runs the event loop, and the parent of every request's greenlet.

A request's greenlet waits by switching to its parent; whoever has what it waits for switches back to it, mostly a callback
or a task of the loop, inside which it then goes on. That is uWSGI's contract (`--asyncio N --greenlet`), and more of it:

- `parent.switch(awaitable)` awaits: it returns the awaitable's result or raises its exception. So
  `rows = greenlet.getcurrent().parent.switch(connection.fetch("select 1"))` uses an asynchronous driver from plain WSGI code,
  and SQLAlchemy's `await_only` finds a provider in a request's greenlet.
- A stray `me.switch()` to a greenlet that waits for something else of ours does no harm: every wait looks whether it is over.
  Nor does one to a greenlet that has ended: no greenlet is used for two requests.
"""

from __future__ import annotations

import asyncio
import inspect
import selectors
import signal
import sys
import traceback
from typing import Any, Callable

from greenlet import getcurrent, greenlet  # type: ignore[import]

from loomgate_worker.handlers import calls_application


class HubLoop(asyncio.SelectorEventLoop):
    """An event loop that is made before the fork, so that an application's import can get it, and renewed after it."""

    def renew(self) -> None:
        """Gives this process a selector and a self-pipe of its own: with an epoll instance that several processes share,
        each would get, and change, the others' events.
        """
        loop: Any = self
        old, old_socket = loop._selector, loop._ssock
        kept = [key for key in old.get_map().values() if key.fileobj != old_socket.fileno()]
        # Closes the descriptor here only; unregistering would change the zygote's instance too.
        old.close()
        old_socket.close()
        loop._csock.close()
        loop._internal_fds -= 1
        loop._selector = selectors.DefaultSelector()
        loop._make_self_pipe()
        for key in kept:
            loop._selector.register(key.fileobj, key.events, key.data)
        if loop._signal_handlers:
            signal.set_wakeup_fd(loop._csock.fileno())


class Hub(greenlet):  # type: ignore[misc]
    """Runs the loop. `switch` gives control to it, or awaits its argument."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(self._run_loop)
        self.loop = loop
        self.back: Callable[[], Any] = super().switch

    def switch(self, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and not kwargs and inspect.isawaitable(args[0]) and getcurrent() is not self:
            return self.wait_for(args[0])
        return super().switch(*args, **kwargs)

    def wait_for(self, awaitable: Any) -> Any:
        """Lets the loop await, and the calling greenlet wait for the outcome."""
        future = asyncio.ensure_future(awaitable, loop=self.loop)
        wake = Wake()
        future.add_done_callback(wake)
        try:
            while not future.done():
                self.back()
        except BaseException:
            # Cancelled: nobody waits for the outcome any more.
            future.cancel()
            raise
        finally:
            wake.disarm()
        return future.result()

    @calls_application
    def _run_loop(self, *_: Any) -> None:
        while True:
            try:
                self.loop.run_forever()
                return
            except (SystemExit, KeyboardInterrupt) as e:
                # asyncio lets these through. One task that calls sys.exit() must not end everybody's requests.
                print("loomgate: a callback or task of the event loop failed:", file=sys.stderr)
                traceback.print_exception(type(e), e, e.__traceback__)


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
