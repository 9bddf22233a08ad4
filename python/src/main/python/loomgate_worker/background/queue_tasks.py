"""A spooler of a queue that several servers share. The JVM hands out its tasks, one after the other, and is told what became of each.

`("part", bytes)` is the beginning of a long task, `("run", id, bytes)` the rest of it, or all.
"""

from __future__ import annotations

import os
from typing import Any, Dict, List

from loomgate_worker.background.tasks import IGNORE, OK, RETRY, TaskProcess
from loomgate_worker.process import log
from loomgate_worker.uwsgi import spoolfile

# How `uwsgidecorators` says, uWSGI's as well, what becomes of a task whatever its function returns.
_RETURNS = b"ud_spool_ret"
_FOREVER = b"%d" % RETRY


class QueueTasks:
    """The tasks of a spooler of a queue.

    :ivar place: the queue, as programs know it
    """

    def __init__(self, process: TaskProcess, job: Dict[str, Any]) -> None:
        self.place: str = job["queue"]
        self._process = process
        self._parts: List[bytes] = []
        self._has_complained = False

    def work(self) -> None:
        """Does tasks until the process is over."""
        while not self._process.is_over():
            told = self._process.wait()
            if told is None:
                continue
            if told[0] == "part":
                self._parts.append(told[1])
            elif told[0] == "run":
                content = b"".join([*self._parts, told[2]])
                self._parts.clear()
                self._do(told[1], content)

    def _do(self, name: str, content: bytes) -> None:
        process = self._process
        try:
            task = spoolfile.Content(f"{self.place}/{name}", content)
        except spoolfile.BrokenTask as e:
            log.say(f"loomgate: the task {name} can't be read: {e}")
            self._leave(name, RETRY, f"it can't be read: {e}")
            return
        function = process.function()
        if function is None:
            # Another server's program may have one.
            if not self._has_complained:
                self._has_complained = True
                log.say("loomgate: there are tasks for the spooler, and the program has set no uwsgi.spooler")
            self._leave(name, IGNORE, "")
            return
        try:
            if process.run_in is not None:
                os.chdir(process.run_in)
        except OSError as e:
            log.say(f"loomgate: the spooler can't do the task {name}: {e}")
            self._leave(name, RETRY, str(e))
            return
        result, why = process.run_task(function, task)
        if process.is_over():
            process.say_enough()  # before the JVM may hand out the next one
        # What `@spoolforever` has spooled is never given up.
        process.over(IGNORE if task.variables.get(_RETURNS) == _FOREVER else result, why)
        if result == OK:
            process.say_done(task)

    def _leave(self, name: str, result: int, why: str) -> None:
        """Tells the JVM of a task that isn't run."""
        self._process.busy(f"the task {name}")
        self._process.over(result, why)
