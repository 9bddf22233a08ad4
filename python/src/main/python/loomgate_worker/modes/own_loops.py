"""Coroutines of an application in modes that have no event loop: each runs to its end in the thread of its request."""

from __future__ import annotations

import sys
import threading
from typing import Any, Iterator, NoReturn

from loomgate_worker.process import isolation, settings
from loomgate_worker.process.handlers import calls_application


class OwnLoops:
    """An asyncio loop for each thread that has a coroutine to run, made when it has the first one.

    What a coroutine leaves behind, tasks that it has begun, goes on only while a later one of the same thread runs.
    """

    def __init__(self) -> None:
        self._local = threading.local()

    @calls_application
    def complete(self, awaitable: Any) -> Any:
        """Its result."""
        return self._loop().run_until_complete(_of(awaitable))

    def iterate(self, iterable: Any) -> Iterator[Any]:
        """The items of an asynchronous iterable."""
        iterator = type(iterable).__aiter__(iterable)
        following = type(iterator).__anext__
        try:
            while True:
                try:
                    item = self.complete(following(iterator))
                except StopAsyncIteration:
                    return
                yield item
        finally:
            end = getattr(iterator, "aclose", None)
            if end is not None:
                self.complete(end())

    def _loop(self) -> Any:
        loop = getattr(self._local, "loop", None)
        if loop is None or loop.is_closed():
            # The program's, whose futures it awaits.
            isolation.import_program("asyncio")
            loop = self._local.loop = sys.modules["asyncio"].new_event_loop()
        return loop


def no_loop(returned: Any) -> NoReturn:
    """Where requests are greenlets of gevent's: of several loops in one thread only one can run."""
    end = getattr(returned, "close", None)
    if end is not None:
        end()
    raise TypeError(
        f"the application returned a {type(returned).__name__}, and requests in greenlets of gevent's can't await"
        f" ({settings.name('WorkerMode.Asyncio')} runs it on the worker's event loop)"
    )


async def _of(awaitable: Any) -> Any:
    return await awaitable
