"""asgiref's `async_to_sync` in a request's greenlet (mode `asyncio`): what Flask and Django run `async def` views with.

asgiref makes an event loop in a thread for each call, and blocks the caller's thread until that is done. In a greenlet of the hub's the
coroutine is a task of the hub's loop instead, and the greenlet waits (`Hub.complete`): the others go on, and no thread is made.
Everywhere else, in threads and in coroutines, asgiref's own code runs.

What the coroutine calls by `sync_to_async` runs as asgiref means it: code that is sensitive to threads in the thread of the caller, which
is the hub's, in a greenlet of its own that may wait; other code in threads. asgiref finds the executor for that by the loop.
"""

from __future__ import annotations

import functools
from threading import get_ident
from typing import Any, Callable, Dict, Optional

from loomgate_worker.modes.hub import Hub, RequestGreenlet, awaiting, current_request
from loomgate_worker.wire.cancelled import RequestCancelled


class AsyncViews:
    """Changes `asgiref.sync` so, once its thread has a hub."""

    def __init__(self, hub_loop: Any) -> None:
        self._loop = hub_loop

    def change(self, sync: Any) -> None:
        """The module has just been imported. One that isn't made as asgiref has been since 3.4 stays as it is."""
        original: Any = getattr(getattr(sync, "AsyncToSync", None), "__call__", None)
        executors = getattr(getattr(sync, "AsyncToSync", None), "loop_thread_executors", None)
        if original is None or executors is None:
            return
        loop = self._loop
        launched: Dict[Any, Any] = getattr(sync.AsyncToSync, "launch_map", {})
        launch_map: Any = getattr(sync.SyncToAsync, "launch_map", None)
        if type(launch_map) is dict:
            # Before 3.7 its locals are a thread's or a task's. All greenlets have the thread's.
            sync.SyncToAsync.launch_map = _OfOtherThreads(launch_map)

        @functools.wraps(original)
        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            hub: Optional[Hub] = loop.hub
            if hub is None or hub.is_away():
                return original(self, *args, **kwargs)
            awaitable = self.awaitable

            async def run() -> Any:
                task = sync.asyncio.current_task()
                launched[task] = sync.threading.current_thread()
                try:
                    return await awaitable(*args, **kwargs)
                finally:
                    del launched[task]

            return hub.complete(run)

        sync.AsyncToSync.__call__ = call
        executors[loop] = _HubExecutor(loop)


class _OfOtherThreads(Dict[Any, Any]):
    """asgiref's `SyncToAsync.launch_map`: nothing is kept of the thread that has several greenlets in such code at once."""

    def __setitem__(self, thread: Any, task: Any) -> None:
        if getattr(thread, "ident", None) != get_ident() or current_request() is None:
            super().__setitem__(thread, task)

    def __delitem__(self, thread: Any) -> None:
        self.pop(thread, None)


class _HubExecutor:
    """Runs each function in a greenlet of its own, for `loop.run_in_executor`."""

    def __init__(self, loop: Any) -> None:
        self._loop = loop

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """A future of the loop's: cancelled, it ends what it is the outcome of."""
        future = self._loop.create_future()

        def run() -> None:
            if future.cancelled():
                return
            try:
                result = function(*arguments)
            except BaseException as e:
                if not future.done():
                    future.set_exception(_raisable(e))
            else:
                if not future.done():
                    future.set_result(result)

        made: Any = RequestGreenlet(run, self._loop.hub)
        made.exchange = awaiting.get()

        def end(_: Any) -> None:
            if future.cancelled() and made:  # it has begun, and not ended
                made.throw(RequestCancelled("what waited for it was cancelled"))

        future.add_done_callback(end)
        self._loop.call_soon(made.switch)
        return future


def _raisable(e: BaseException) -> BaseException:
    """A future takes no StopIteration."""
    return RuntimeError(f"{type(e).__name__} was raised: {e}") if isinstance(e, StopIteration) else e
