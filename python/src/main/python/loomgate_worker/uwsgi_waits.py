"""How the `uwsgi` module's functions wait: in a greenlet by switching to the hub, else by blocking the thread."""

from __future__ import annotations

import asyncio
import select
import time
from typing import TYPE_CHECKING, Any, Optional

from loomgate_worker.calls import Calls

if TYPE_CHECKING:
    from loomgate_worker.greenlets import Greenlets


class Waits:
    """The modes `sync` and `threads`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def sleep(self, seconds: float) -> None:
        """Waits so long."""
        time.sleep(seconds)

    def turn(self) -> None:
        """Lets others run."""
        time.sleep(0)

    def descriptor(self, fd: int, write: bool, seconds: Optional[float]) -> bool:
        """Waits until a file descriptor is readable, or writable; False if that took too long."""
        poll = select.poll()
        poll.register(fd, select.POLLOUT if write else select.POLLIN)
        return bool(poll.poll(None if seconds is None else seconds * 1000))

    def call_long(self, name: str, *arguments: Any) -> Any:
        """A call to the JVM that may wait for others."""
        return self._calls.call(name, *arguments)

    def await_(self, awaitable: Any) -> Any:
        """Awaits in a loop of its own."""

        async def wait() -> Any:
            return await awaitable

        return asyncio.run(wait())


class GreenletWaits(Waits):
    """Mode `asyncio`."""

    def __init__(self, calls: Calls, runner: Greenlets) -> None:
        super().__init__(calls)
        self._runner = runner
        self._lockers = 0
        calls.on_reply = self._on_reply
        self._replied: Optional[asyncio.Future[None]] = None

    def sleep(self, seconds: float) -> None:
        if self._in_greenlet("async_sleep"):
            self._runner.hub.wait_for(asyncio.sleep(seconds))
        else:
            super().sleep(seconds)

    def turn(self) -> None:
        if self._in_greenlet("suspend"):
            self._runner.give_way()

    def descriptor(self, fd: int, write: bool, seconds: Optional[float]) -> bool:
        if self._in_greenlet("wait_fd_write" if write else "wait_fd_read"):
            return bool(self._runner.hub.wait_for(self._descriptor(fd, write, seconds)))
        return super().descriptor(fd, write, seconds)

    def call_long(self, name: str, *arguments: Any) -> Any:
        # The lock may be held by another greenlet of this thread: a thread that blocks would never get it.
        if self._in_greenlet(name):
            return self._runner.hub.wait_for(self._call(name, *arguments))
        return super().call_long(name, *arguments)

    def await_(self, awaitable: Any) -> Any:
        if self._in_greenlet("await_"):
            return self._runner.hub.wait_for(awaitable)
        return super().await_(awaitable)

    def _in_greenlet(self, name: str) -> bool:
        """False in a thread of the application's own."""
        runner = self._runner
        if not runner.is_own_thread():
            return False
        if runner.is_in_hub():
            raise RuntimeError(
                f"uwsgi.{name}() was called in a coroutine or callback, which has no greenlet that could wait: await instead"
            )
        return True

    async def _descriptor(self, fd: int, write: bool, seconds: Optional[float]) -> bool:
        loop = self._runner.loop
        ready: asyncio.Future[None] = loop.create_future()

        def on_ready() -> None:
            if not ready.done():
                ready.set_result(None)

        (loop.add_writer if write else loop.add_reader)(fd, on_ready)
        try:
            await asyncio.wait_for(ready, seconds)
            return True
        except asyncio.TimeoutError:
            return False
        finally:
            (loop.remove_writer if write else loop.remove_reader)(fd)

    async def _call(self, name: str, *arguments: Any) -> Any:
        calls, loop = self._calls, self._runner.loop
        request_id = calls.begin(name, *arguments)
        self._lockers += 1
        if self._lockers == 1:
            loop.add_reader(calls.fileno(), calls.read)
        try:
            while not calls.ready(request_id):
                if self._replied is None or self._replied.done():
                    self._replied = loop.create_future()
                await asyncio.shield(self._replied)
        finally:
            self._lockers -= 1
            if not self._lockers:
                loop.remove_reader(calls.fileno())
        return calls.result(request_id)

    def _on_reply(self) -> None:
        if self._replied is not None and not self._replied.done():
            self._runner.loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        if self._replied is not None and not self._replied.done():
            self._replied.set_result(None)
