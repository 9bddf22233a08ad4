"""A spooler of a directory: works off the tasks that it has, one after the other.

It looks into the directory when it is told of a new task, when the time of one has come, and every so many seconds anyway, since
others may write tasks, too. What a task's function returns decides what becomes of it: SPOOL_OK removes it; after anything else, an
exception or the end of the process it is there at the next look.
"""

from __future__ import annotations

import os
import re
import time
from typing import Any, Dict, List, Optional, Tuple, Union

from loomgate_worker.background.tasks import OK, TaskProcess
from loomgate_worker.process import log
from loomgate_worker.uwsgi import spoolfile
from loomgate_worker.uwsgi.spool import local

_DIGITS = re.compile(r"([0-9]+)")


class DirectoryTasks:
    """The tasks of a spooler of a directory. Those of the same one share its tasks by locks on the files.

    :ivar place: the directory
    """

    def __init__(self, process: TaskProcess, job: Dict[str, Any]) -> None:
        self.place = local(job["directory"])
        self._process = process
        self._frequency: float = job["frequency"]
        self._ordered: bool = job["ordered"]
        self._next: Optional[float] = None
        self._knows_none = False

    def work(self) -> None:
        """Does tasks until the process is over."""
        while not self._process.is_over():
            self._next, self._knows_none = None, False
            self._look(self.place)
            if self._knows_none:
                log.say("loomgate: there are tasks for the spooler, and the program has set no uwsgi.spooler")
            if not self._process.is_over():
                self._rest()

    def _rest(self) -> None:
        """Until there may be something to do."""
        seconds = self._frequency
        if self._next is not None:
            seconds = min(seconds, max(self._next - time.time(), 0.001))
        told = self._process.wait(seconds)
        # Any number of new tasks is one reason to look.
        while told is not None:
            self._heard(told)
            told = self._process.wait(0)

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
            if self._process.is_over():
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

    def _do(self, task: spoolfile.Task) -> None:
        process = self._process
        function = process.function()
        if function is None:
            self._knows_none = True
            return
        # Where the tasks are, as in uWSGI, unless another directory is asked for.
        os.chdir(os.path.dirname(task.path) if process.run_in is None else process.run_in)
        result, why = process.run_task(function, task)
        process.over(result, why)
        if result == OK:
            task.remove()
            process.say_done(task)


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdigit()


def _version(name: str) -> List[Union[str, int]]:
    """The key of an order in which `2` comes before `10`. Text and numbers take turns in it, beginning with a text."""
    parts: List[Union[str, int]] = list(_DIGITS.split(name))
    parts[1::2] = map(int, parts[1::2])
    return parts
