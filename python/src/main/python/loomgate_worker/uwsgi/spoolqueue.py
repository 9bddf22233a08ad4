"""Tasks in a queue that several servers share. The JVM asks it."""

from __future__ import annotations

from typing import Callable, List, Optional

from loomgate_worker.process import settings
from loomgate_worker.uwsgi import spoolfile
from loomgate_worker.uwsgi.calls import Calls

_LAST = 9
"""The priority of tasks that have none."""


class SpoolQueue:
    """A queue. A task's path is the queue's name and its id: `redis:mails/5f0c...`.

    Each method raises `CallError` where the queue can't be asked.

    :param most_bytes: of a task
    :param calls: gives the way to the JVM, which is another one after each fork
    """

    def __init__(self, name: str, most_bytes: int, calls: Callable[[], Calls]) -> None:
        self._name = name
        self._most_bytes = most_bytes
        self._calls = calls

    def add(self, content: bytes, priority: Optional[str], at: Optional[float]) -> str:
        """Adds a task, and returns its path. Raises `ValueError` where it can't have such a one."""
        if len(content) > self._most_bytes:
            raise ValueError(
                f"unable to spool job: a task of {self._name} takes {len(content)} bytes, over {self._most_bytes}"
                f" (size of {settings.name('spoolers')})"
            )
        number = _LAST if priority is None else int(priority)
        if number > _LAST:
            raise ValueError(
                f"unable to spool job: the priority {number} is not in 0 to {_LAST}, which the queue {self._name} has"
            )
        return self._path(self._calls().call("spool", self._name, number, at or 0.0, content))

    def paths(self) -> List[str]:
        """Of all its tasks."""
        found: List[str] = []
        next_piece = ""
        while True:
            ids, next_piece = self._calls().call("spooler_ids", self._name, next_piece)
            found += map(self._path, ids)
            if not next_piece:
                return found

    def find(self, path: str) -> Optional[spoolfile.Content]:
        """A task; None if there is none, or a server has fetched it."""
        content = self._calls().call("spooler_task", self._name, path.rpartition("/")[2])
        try:
            return None if content is None else spoolfile.Content(path, content)
        except spoolfile.BrokenTask:
            return None

    def _path(self, task_id: str) -> str:
        return f"{self._name}/{task_id}"
