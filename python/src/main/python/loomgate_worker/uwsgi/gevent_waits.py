"""How the `uwsgi` module's functions wait in mode `gevent`: in a greenlet by leaving it to the hub, else by blocking the thread."""

from __future__ import annotations

import sys
from typing import Any, List, Optional

from loomgate_worker.modes.gevents import Gevents
from loomgate_worker.uwsgi.calls import Calls
from loomgate_worker.uwsgi.waits import Waits

_READ, _WRITE = 1, 2


class GeventWaits(Waits):
    """Mode `gevent`."""

    def __init__(self, calls: Calls, runner: Gevents) -> None:
        super().__init__(calls)
        self._runner = runner
        self._gevent: Any = sys.modules["gevent"]
        self._lockers = 0
        self._waiters: List[Any] = []
        calls.on_reply = self._look_again

    def sleep(self, seconds: float) -> None:
        if self._runner.can_leave():
            self._gevent.sleep(seconds)
        else:
            super().sleep(seconds)

    def turn(self) -> None:
        if self._runner.can_leave():
            self._gevent.sleep(0)

    def descriptor(self, fd: int, write: bool, seconds: Optional[float]) -> bool:
        if not self._runner.can_leave():
            return super().descriptor(fd, write, seconds)
        hub = self._gevent.get_hub()
        watcher = hub.loop.io(fd, _WRITE if write else _READ)
        try:
            with self._gevent.Timeout(seconds, False):
                hub.wait(watcher)
                return True
            return False
        finally:
            watcher.close()

    def lock(self, number: int) -> None:
        # Another greenlet of this thread may have it: a thread that blocks would never get it.
        runner, me = self._runner, self._gevent.getcurrent()
        if not runner.can_leave():
            super().lock(number)
            return
        while True:
            with self._condition:
                if self._owners.get(number) is me:
                    return
                if number not in self._owners:
                    self._owners[number] = me
                    break
            runner.wait_among(self._waiters, lambda: number not in self._owners)
        request_id = self._calls.begin("lock", number)
        try:
            self._await_reply(request_id)
        except BaseException:
            # The JVM will grant it nevertheless.
            self._gevent.spawn(self._give_back, request_id, number)
            raise
        self._calls.result(request_id)

    def _await_reply(self, request_id: int) -> None:
        calls, runner = self._calls, self._runner
        self._lockers += 1
        if self._lockers == 1:
            runner.loop.add_reader(calls.fileno(), calls.read)
        try:
            runner.wait_among(self._waiters, lambda: calls.ready(request_id))
        finally:
            self._lockers -= 1
            if not self._lockers:
                runner.loop.remove_reader(calls.fileno())

    def _give_back(self, request_id: int, number: int) -> None:
        self._await_reply(request_id)
        self._calls.result(request_id)
        self.unlock(number)

    def _free(self, number: int) -> None:
        super()._free(number)
        self._look_again()

    def _look_again(self) -> None:
        """Any thread."""
        self._runner.loop.call_soon_threadsafe(self._runner.resume, self._waiters)
