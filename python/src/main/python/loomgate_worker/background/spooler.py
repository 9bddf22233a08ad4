"""A spooler: does the tasks of a directory, or of a queue that several servers share, by the function `uwsgi.spooler` of the program."""

from __future__ import annotations

from typing import Any, Dict, Union

from loomgate_worker.background.directory_tasks import DirectoryTasks
from loomgate_worker.background.queue_tasks import QueueTasks
from loomgate_worker.background.tasks import TaskProcess
from loomgate_worker.wire.links import Links


class Process(TaskProcess):
    """One spooler process."""

    def __init__(self, links: Links, job: Dict[str, Any], boot: Dict[str, Any]) -> None:
        super().__init__(links, job, boot)
        self._tasks: Union[DirectoryTasks, QueueTasks] = (
            QueueTasks(self, job) if "queue" in job else DirectoryTasks(self, job)
        )
        self.directory = self._tasks.place

    def work(self) -> None:
        self._tasks.work()
