"""The lifespan of an ASGI application: once for each worker, around its requests."""

from __future__ import annotations

import asyncio
from typing import Any, Dict, Optional

from loomgate_worker.asgi import scope
from loomgate_worker.process import log
from loomgate_worker.process.handlers import calls_application
from loomgate_worker.process.tracebacks import describe


class Lifespan:
    """The task in which the application hears of start and end. An application that raises before it has started
    knows nothing of lifespans, which is allowed."""

    def __init__(self, application: Any, loop: Any) -> None:
        self._application = application
        self._loop = loop
        self.state: Dict[str, Any] = {}
        self._task: Any = None
        self._events: Any = None
        self._heard: Any = None  # completed by what the application says
        self._started = False

    async def start(self) -> Optional[str]:
        """Returns when the application has started, with what it says if it has failed to."""
        self._events = asyncio.Queue()
        self._task = self._loop.create_task(self._run())
        return await self._told("startup")

    async def stop(self, seconds: float) -> None:
        """The worker ends. Waits for so long."""
        if not self._started or self._task.done():
            return
        try:
            failure = await asyncio.wait_for(self._told("shutdown"), seconds)
            if failure is not None:
                log.say(f"loomgate: the application's lifespan.shutdown failed: {failure}")
        except asyncio.TimeoutError:
            log.say(f"loomgate: the application's lifespan.shutdown has not ended within {seconds:g} s")

    async def _told(self, what: str) -> Optional[str]:
        self._heard = self._loop.create_future()
        self._events.put_nowait({"type": f"lifespan.{what}"})
        await asyncio.wait((self._heard, self._task), return_when=asyncio.FIRST_COMPLETED)
        if not self._heard.done():
            return None
        failure: Optional[str] = self._heard.result()
        return failure

    async def _run(self) -> None:
        try:
            await self._call()
        except BaseException as e:
            if self._started or self._heard.done():
                log.say(f"loomgate: the application's lifespan failed:\n{describe(e)}")

    @calls_application
    async def _call(self) -> None:
        await self._application(scope.lifespan(self.state), self._events.get, self._send)

    async def _send(self, message: Dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "lifespan.startup.complete":
            self._started = True
            self._hear(None)
        elif kind in ("lifespan.startup.failed", "lifespan.shutdown.failed"):
            self._hear(message.get("message", ""))
        elif kind == "lifespan.shutdown.complete":
            self._hear(None)
        else:
            raise RuntimeError(f"{kind!r} is no message of a lifespan")

    def _hear(self, failure: Optional[str]) -> None:
        if not self._heard.done():
            self._heard.set_result(failure)
