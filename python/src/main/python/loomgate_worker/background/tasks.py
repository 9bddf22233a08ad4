"""A spooler's tasks, wherever they are from: how one is run by the function `uwsgi.spooler` of the program, and counted."""

from __future__ import annotations

import abc
import os
import time
from typing import Any, Dict, Optional, Protocol, Tuple

from loomgate_worker.background.process import BackgroundProcess
from loomgate_worker.process import log
from loomgate_worker.process.tracebacks import describe
from loomgate_worker.uwsgi.spool import environ, local
from loomgate_worker.wire import frames
from loomgate_worker.wire.links import Links

OK = -2
RETRY = -1
IGNORE = 0
_OUTCOMES = {OK: frames.TASK_DONE, IGNORE: 0}
_NICE = 10
_MOST_WHY = 200


class SpooledTask(Protocol):
    """What is known of a task.

    :ivar name: what the program is told
    :ivar path: by which any process can ask for it
    """

    name: str
    path: str
    variables: Dict[bytes, bytes]
    body: bytes


class TaskProcess(BackgroundProcess):
    """One spooler process.

    :ivar directory: the tasks' place, as programs know it
    :ivar running: the task that runs now
    :ivar run_in: the working directory of tasks, if one is asked for
    """

    kind = "spooler"
    directory = ""

    def __init__(self, links: Links, job: Dict[str, Any], boot: Dict[str, Any]) -> None:
        super().__init__(links, job, boot)
        self.running: Optional[SpooledTask] = None
        self.run_in: Optional[str] = local(job["chdir"]) if "chdir" in job else None
        self._most: int = job["max_tasks"]
        self._signals_count: bool = job["signals_count"]
        self._quiet: bool = boot["spool"]["quiet"]
        self._count = 0
        self._has_said_enough = False
        self._who = ""
        self._began = 0.0

    def run(self) -> None:
        try:
            # Requests go first; but by uWSGI's 19 a busy machine would leave it no time at all.
            os.setpriority(os.PRIO_PROCESS, 0, _NICE)
        except OSError:
            pass
        self.work()
        self.say_enough()

    @abc.abstractmethod
    def work(self) -> None:
        """Does tasks until it is over."""

    def is_over(self) -> bool:
        """Whether it begins no further task."""
        return self.stopping or self._count >= self._most > 0

    def say_enough(self) -> None:
        """Tells the JVM, once, that it does nothing more, unless that is what the JVM has told."""
        if not self.stopping and not self._has_said_enough:
            self._has_said_enough = True
            self.enough()

    def has_run_signal(self) -> bool:
        if self._signals_count:
            self._count += 1
        return self.is_over()

    def function(self) -> Any:
        """The program's, if it has set one."""
        return vars(self.uwsgi).get("spooler")

    def run_task(self, function: Any, task: SpooledTask) -> Tuple[int, str]:
        """Runs a task's function: what it returns, RETRY for anything else and an exception, and why it has failed.

        Followed by `over`.
        """
        self._began = time.monotonic()
        self._who = f"[spooler {self.directory} pid: {os.getpid()}]"
        self._say(f"{self._who} managing request {task.name} ...")
        self.running = task
        self.busy(f"the task {task.name}")
        result, why = self._result(function, environ(os.fsencode(task.name), task))
        self.running = None
        if result != IGNORE:
            self._count += 1
        return result, why

    def over(self, result: int, why: str) -> None:
        """Tells the JVM what became of a task."""
        self.idle(_OUTCOMES.get(result, frames.TASK_FAILED), why)

    def say_done(self, task: SpooledTask) -> None:
        """Logs that a task is done."""
        self._say(
            f"{self._who} done with task {task.name} after {int(time.monotonic() - self._began)} seconds"
        )

    def _result(self, function: Any, variables: Dict[Any, bytes]) -> Tuple[int, str]:
        try:
            value = self.call_program(function, variables)
        except BaseException as e:
            log.say(describe(e))
            return RETRY, f"{type(e).__name__}: {e}".partition("\n")[0][:_MOST_WHY]
        return int(value) if isinstance(value, int) else RETRY, ""

    def _say(self, text: str) -> None:
        if not self._quiet:
            log.say(text)
