"""A spooler: works off the tasks that a directory has, one after the other, by the function `uwsgi.spooler` of the program.

It looks into the directory when it is told of a new task, when the time of one has come, and every so many seconds anyway, since
others may write tasks, too. What a task's function returns decides what becomes of it: SPOOL_OK removes it; after anything else, an
exception or the end of the process it is there at the next look.
"""

from __future__ import annotations

import os
import re
import time
from typing import Any, Dict, List, Optional, Tuple, Union

from loomgate_worker.background.process import BackgroundProcess
from loomgate_worker.process import log
from loomgate_worker.process.tracebacks import describe
from loomgate_worker.uwsgi import spoolfile
from loomgate_worker.uwsgi.spool import environ, local
from loomgate_worker.wire import frames
from loomgate_worker.wire.links import Links

_OK = -2
_RETRY = -1
_IGNORE = 0
_OUTCOMES = {_OK: frames.TASK_DONE, _IGNORE: 0}
_NICE = 10
_DIGITS = re.compile(r"([0-9]+)")


class Process(BackgroundProcess):
    """One spooler process. Those with the same directory share its tasks by locks on the files.

    :ivar directory: the tasks' place
    :ivar running: the task that runs now
    """

    kind = "spooler"

    def __init__(self, links: Links, job: Dict[str, Any], boot: Dict[str, Any]) -> None:
        super().__init__(links, job, boot)
        self.directory = local(job["directory"])
        self.running: Optional[spoolfile.Task] = None
        self._frequency: float = job["frequency"]
        self._ordered: bool = job["ordered"]
        self._most: int = job["max_tasks"]
        self._signals_count: bool = job["signals_count"]
        self._quiet: bool = boot["spool"]["quiet"]
        self._run_in: Optional[str] = local(job["chdir"]) if "chdir" in job else None
        self._count = 0
        self._next: Optional[float] = None
        self._knows_none = False

    def run(self) -> None:
        try:
            # Requests go first; but by uWSGI's 19 a busy machine would leave it no time at all.
            os.setpriority(os.PRIO_PROCESS, 0, _NICE)
        except OSError:
            pass
        while not self._is_over():
            self._next, self._knows_none = None, False
            self._look(self.directory)
            if self._knows_none:
                log.say("loomgate: there are tasks for the spooler, and the program has set no uwsgi.spooler")
            if not self._is_over():
                self._rest()
        if not self.stopping:
            self.enough()

    def _is_over(self) -> bool:
        return self.stopping or self._count >= self._most > 0

    def has_run_signal(self) -> bool:
        if self._signals_count:
            self._count += 1
        return self._is_over()

    def _rest(self) -> None:
        """Until there may be something to do."""
        seconds = self._frequency
        if self._next is not None:
            seconds = min(seconds, max(self._next - time.time(), 0.001))
        told = self.wait(seconds)
        # Any number of new tasks is one reason to look.
        while told is not None:
            self._heard(told)
            told = self.wait(0)

    def _heard(self, told: Tuple[Any, ...]) -> None:
        if told[0] == "frequency":
            self._frequency = told[1]

    # ---- a look into a directory

    def _look(self, directory: str) -> None:
        try:
            os.chdir(directory)
            names = os.listdir(directory)
        except OSError as e:
            log.say(f"loomgate: the spooler can't look for tasks: {e}")
            return
        if self._ordered:
            names.sort(key=_version)
        for name in names:
            if self._is_over():
                return
            path = os.path.join(directory, name)
            try:
                if name.startswith(spoolfile.PREFIX):
                    self._consider(path)
                elif _is_number(name):
                    # A directory of a priority. (uWSGI looks there only if tasks are ordered.)
                    if os.path.isdir(path):
                        self._look(path)
                    else:
                        self._consider(path)
                elif name.startswith(spoolfile.BEING_WRITTEN):
                    spoolfile.remove_abandoned(path)
            except FileNotFoundError:
                pass  # another spooler has done it
            except OSError as e:
                log.say(f"loomgate: the spooler can't do the task {path}: {e}")

    def _consider(self, path: str) -> None:
        """Does a task, if its time has come and nobody else has it."""
        start = spoolfile.start_time(path)
        if start is None:
            return
        if start > time.time():
            self._next = start if self._next is None else min(start, self._next)
            return
        task = spoolfile.take(path)
        if task is None:
            return
        try:
            if task.read():
                self._do(task)
        except spoolfile.BrokenTask as e:
            log.say(f"loomgate: the task {path} can't be read: {e}; it is kept as {task.set_aside()}")
        finally:
            task.close()

    # ---- a task

    def _do(self, task: spoolfile.Task) -> None:
        function = vars(self.uwsgi).get("spooler")
        if function is None:
            self._knows_none = True
            return
        who = f"[spooler {self.directory} pid: {os.getpid()}]"
        self._say(f"{who} managing request {task.name} ...")
        # Where the tasks are, as in uWSGI, unless another directory is asked for.
        os.chdir(os.path.dirname(task.path) if self._run_in is None else self._run_in)
        began = time.monotonic()
        self.running = task
        self.busy(f"the task {task.name}")
        result = self._result(function, environ(os.fsencode(task.name), task))
        self.running = None
        self.idle(_OUTCOMES.get(result, frames.TASK_FAILED))
        if result != _IGNORE:
            self._count += 1
        if result == _OK:
            task.remove()
            self._say(f"{who} done with task {task.name} after {int(time.monotonic() - began)} seconds")

    def _result(self, function: Any, variables: Dict[Any, bytes]) -> int:
        try:
            value = self.call_program(function, variables)
        except BaseException as e:
            log.say(describe(e))
            return _RETRY
        return int(value) if isinstance(value, int) else _RETRY

    def _say(self, text: str) -> None:
        if not self._quiet:
            log.say(text)


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdigit()


def _version(name: str) -> List[Union[str, int]]:
    """The key of an order in which `2` comes before `10`. Text and numbers take turns in it, beginning with a text."""
    parts: List[Union[str, int]] = list(_DIGITS.split(name))
    parts[1::2] = map(int, parts[1::2])
    return parts
