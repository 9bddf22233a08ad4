"""A mule: a process for code of the program's own, or for messages to a function of it.

First comes `uwsgi.post_fork_hook`, by which decorators such as `@mule` have their function run, and which may never return; then
the file or function that the mule was given, if any; then messages, each of which goes to `uwsgi.mule_msg_hook`.

How it ends when STOP has come depends on what it is at:

- waiting for a message, here or in `uwsgi.mule_get_msg`: at once;
- in that hook, or between two messages that the program itself asks for: with the next wait;
- in other code of the program: by a SIGTERM, whose handler raises `SystemExit` unless it is the program's own.
"""

from __future__ import annotations

import importlib
import os
import time
import traceback
from typing import Any, Callable, Dict, List, Optional

from loomgate_worker.background.running import RunningProcess
from loomgate_worker.process import descriptors, handlers, log, modules
from loomgate_worker.uwsgi import messages
from loomgate_worker.wire.links import Links


class Process(RunningProcess):
    """One mule.

    :ivar mules: the queues; `uwsgi.mules` sets it
    """

    kind = "mule"
    runs_post_fork = True
    mules: messages.Mules

    def __init__(self, links: Links, job: Dict[str, Any], boot: Dict[str, Any]) -> None:
        super().__init__(links, job, boot)
        self._receive_size: int = boot["mules"]["receive_size"]
        self._woken, self._wake = descriptors.pipe()
        self._in_hook = False
        self._asks = False
        """Whether the program asks for messages itself."""

    # ---- its end

    def wake(self) -> None:
        os.write(self._wake, b"\0")

    def signal(self, number: int) -> None:
        """Control thread."""
        super().signal(number)
        self.wake()

    def ends_itself(self) -> bool:
        return self._asks

    # ---- what it does

    def run(self) -> None:
        """Works until STOP has come."""
        self.take_over_signals()
        try:
            self._run_hook()
            self._run_program(self.job["program"])
            self._handle_messages()
        except SystemExit:
            if not self.stopping:
                raise

    def _run_hook(self) -> None:
        hook = vars(self.uwsgi).get("post_fork_hook")
        if hook is not None:
            try:
                self.run_program(hook)
            except Exception as e:
                self._report("uwsgi.post_fork_hook", e)

    def _run_program(self, name: str) -> None:
        try:
            if name.endswith(".py"):
                # So that it is named as a script is; uWSGI does so.
                self.run_program(modules.execute, "__main__", os.path.abspath(name))
            elif ":" in name:
                self.run_program(_run_function, *name.split(":", 1))
            else:
                if name:
                    log.say(
                        f"loomgate: mule {self.number}: {name!r} is neither FILE.py nor MODULE:FUNCTION, and not run"
                    )
                return
        except Exception as e:
            self._report(name, e)
            raise SystemExit(1) from None
        log.say(f"loomgate: mule {self.number}: {name} has returned")
        raise SystemExit(0)

    def _handle_messages(self) -> None:
        queues = self._queues(True)
        while not self.stopping:
            message = self._take(queues, self._receive_size, None, True)
            if message is not None:
                self._handle(message)

    def _take(
        self, queues: List[messages.Queue], most: int, seconds: Optional[float], signals: bool
    ) -> Optional[bytes]:
        """The next message. None if there is none in time, or if STOP has come. Signals that come meanwhile are handled."""
        end = None if seconds is None else time.monotonic() + seconds
        while not self.stopping:
            if signals and self.signals.waiting:
                self.signals.run_next()
                continue
            found = messages.take(queues, most, 0)
            left = None if end is None else max(0.0, end - time.monotonic())
            if found is not None or left == 0:
                return found
            found = self._rest(queues, most, left, signals)
            if found is not None:
                return found
        return None

    def _rest(
        self, queues: List[messages.Queue], most: int, seconds: Optional[float], signals: bool
    ) -> Optional[bytes]:
        """Waits for a message, a signal or STOP."""
        if not signals:
            return messages.take(queues, most, seconds, self._woken)
        self.signals.begin_wait()
        try:
            return messages.take(queues, most, seconds, self._woken)
        finally:
            self.signals.end_wait(False)

    def _handle(self, message: bytes) -> None:
        hook = vars(self.uwsgi).get("mule_msg_hook")
        if hook is None:
            log.say(
                f"loomgate: mule {self.number} has got a message of {len(message)} bytes, and has no hook for it"
            )
            return
        self._in_hook = True
        self.busy(f"a message of {len(message)} bytes")
        try:
            self.call_program(hook, message)
        except Exception as e:
            self._report("uwsgi.mule_msg_hook", e)
        finally:
            self._in_hook = False
        self.idle()

    def _report(self, what: str, e: BaseException) -> None:
        said = "".join(traceback.format_exception(type(e), e, e.__traceback__))
        log.say(f"loomgate: mule {self.number}: {what} has failed:\n{said}")

    # ---- what the program asks for: any thread

    def message(
        self, farms_only: bool, farms: bool, most: int, seconds: Optional[float], signals: bool
    ) -> Optional[bytes]:
        """The next message to this mule, to all, or to one of its farms. None if there is none in time.

        With `signals`, the handlers of signals that come meanwhile are run. Raises `SystemExit` when the mule is to end; messages that wait are left to the next one.
        """
        queues = self._farm_queues() if farms_only else self._queues(farms)
        if not self._in_hook:
            self._asks = True
        found = self._take(queues, most, seconds, signals)
        if found is None and self.stopping:
            raise SystemExit(0)
        return found

    def _queues(self, farms: bool) -> List[messages.Queue]:
        own = [self.mules.queue(self.number), self.mules.queue(0)]
        return [queue for queue in own if queue is not None] + (self._farm_queues() if farms else [])

    def _farm_queues(self) -> List[messages.Queue]:
        return [farm.queue for farm in self.mules.farms_of(self.number)]


@handlers.interruptible
@handlers.calls_application
def _run_function(module: str, name: str) -> Any:
    function: Any = importlib.import_module(module)
    for part in name.split("."):
        function = getattr(function, part)
    return function()
