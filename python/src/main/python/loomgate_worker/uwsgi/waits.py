"""How the `uwsgi` module's functions wait: by blocking the thread, or as greenlet_waits.py does.

Locks: to the JVM, the owner of a lock is a worker. So the threads, or greenlets, of one worker take turns here first, and the
one whose turn it is asks the JVM. Who asks again for a lock that is his has it already.
"""

from __future__ import annotations

import select
import threading
import time
from typing import Any, Dict, Optional

from loomgate_worker.process.handlers import interruptible
from loomgate_worker.uwsgi.calls import Calls


class Waits:
    """The modes `sync` and `threads`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._condition = threading.Condition()
        self._owners: Dict[int, Any] = {}

    @interruptible
    def sleep(self, seconds: float) -> None:
        """Waits so long."""
        time.sleep(seconds)

    @interruptible
    def turn(self) -> None:
        """Lets others run."""
        time.sleep(0)

    @interruptible
    def descriptor(self, fd: int, write: bool, seconds: Optional[float]) -> bool:
        """Waits until a file descriptor is readable, or writable; False if that took too long."""
        poll = select.poll()
        poll.register(fd, select.POLLOUT if write else select.POLLIN)
        return bool(poll.poll(None if seconds is None else seconds * 1000))

    def lock(self, number: int) -> None:
        """Waits for a lock."""
        me = threading.get_ident()
        with self._condition:
            if self._owners.get(number) == me:
                return
            self._condition.wait_for(lambda: number not in self._owners)
            self._owners[number] = me
        try:
            self._calls.call("lock", number)
        except BaseException:
            self._free(number)
            raise

    def unlock(self, number: int) -> None:
        """Releases a lock, whichever request of this worker has it."""
        self._calls.call("unlock", number)
        self._free(number)

    def _free(self, number: int) -> None:
        with self._condition:
            self._owners.pop(number, None)
            self._condition.notify_all()

    def await_(self, awaitable: Any) -> Any:
        """Awaits in a loop of its own."""
        # The program's, which nothing else here needs.
        import asyncio

        async def wait() -> Any:
            return await awaitable

        return asyncio.run(wait())
