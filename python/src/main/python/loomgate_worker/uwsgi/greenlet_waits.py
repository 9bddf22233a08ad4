"""How the `uwsgi` module's functions wait in mode `asyncio`: in a greenlet by switching to the hub, else by blocking the thread."""

from __future__ import annotations

import asyncio
from typing import Any, Optional

from loomgate_worker.modes.greenlets import Greenlets
from loomgate_worker.uwsgi.calls import Calls
from loomgate_worker.uwsgi.waits import Waits


class GreenletWaits(Waits):
    """Mode `asyncio`."""

    def __init__(self, calls: Calls, runner: Greenlets) -> None:
        super().__init__(calls)
        self._runner = runner
        self._lockers = 0
        calls.on_reply = self._on_reply
        self._replied: Optional[asyncio.Future[None]] = None
        self._freed: Optional[asyncio.Future[None]] = None

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

    def lock(self, number: int) -> None:
        # Another greenlet of this thread may have it: a thread that blocks would never get it.
        if self._in_greenlet("lock"):
            self._runner.hub.wait_for(self._lock(number, self._runner.current_greenlet()))
        else:
            super().lock(number)

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

    async def _lock(self, number: int, me: Any) -> None:
        while True:
            with self._condition:
                if self._owners.get(number) is me:
                    return
                if number not in self._owners:
                    self._owners[number] = me
                    break
                self._freed = self._fresh(self._freed)
            await asyncio.shield(self._freed)
        granted = asyncio.ensure_future(self._call("lock", number))
        try:
            await asyncio.shield(granted)
        except asyncio.CancelledError:
            # The JVM will grant it nevertheless.
            granted.add_done_callback(lambda _: self.unlock(number))
            raise
        except BaseException:
            self._free(number)
            raise

    def _free(self, number: int) -> None:
        super()._free(number)
        self._runner.loop.call_soon_threadsafe(self._wake, "_freed")

    async def _call(self, name: str, *arguments: Any) -> Any:
        calls, loop = self._calls, self._runner.loop
        request_id = calls.begin(name, *arguments)
        self._lockers += 1
        if self._lockers == 1:
            loop.add_reader(calls.fileno(), calls.read)
        try:
            while not calls.ready(request_id):
                self._replied = self._fresh(self._replied)
                await asyncio.shield(self._replied)
        finally:
            self._lockers -= 1
            if not self._lockers:
                loop.remove_reader(calls.fileno())
        return calls.result(request_id)

    def _on_reply(self) -> None:
        if self._replied is not None and not self._replied.done():
            self._runner.loop.call_soon_threadsafe(self._wake, "_replied")

    def _fresh(self, future: Optional[asyncio.Future[None]]) -> asyncio.Future[None]:
        return self._runner.loop.create_future() if future is None or future.done() else future

    def _wake(self, name: str) -> None:
        future: Optional[asyncio.Future[None]] = getattr(self, name)
        if future is not None and not future.done():
            future.set_result(None)
