"""The functions of the `uwsgi` module that have to do with the spooler. They are there if the server has one, as in uWSGI."""

from __future__ import annotations

import os
from typing import Any, Callable, Dict, List, Optional, Union

from loomgate_worker.process import log, settings
from loomgate_worker.uwsgi import spoolfile
from loomgate_worker.uwsgi.calls import CallError, Calls
from loomgate_worker.uwsgi.spoolqueue import SpoolQueue
from loomgate_worker.uwsgi.texts import public

Text = Union[str, bytes]
_NO_DICTIONARY = "The argument of spooler callable must be a dictionary"


class Spool:
    """The public methods are the module's functions.

    :param boot: docs/worker-protocol.md, `spool`
    :param calls: gives the way to the JVM, which is another one after each fork
    """

    def __init__(self, boot: Dict[str, Any], calls: Callable[[], Calls]) -> None:
        self._directories: List[str] = [local(each) for each in boot["places"]]
        self._queues = {name: SpoolQueue(name, size, calls) for name, size in boot["queues"].items()}
        self._sync: bool = boot["sync"]
        self._quiet: bool = boot["quiet"]
        self._calls = calls
        self._process: Any = None

    def _attach(self, process: Any) -> None:
        """This is a spooler."""
        self._process = process

    # ---- tasks

    def spool(self, *arguments: Any, **keywords: Any) -> bytes:
        """Has a spooler do a task: a dictionary's, or else the keywords'. Returns the path of its file, or QUEUE/ID.

        Keys and values are bytes, or str, which becomes UTF-8. `body` may be of any size, the rest has 64 KiB. `at` is the
        time, in seconds since 1970, before which the task doesn't run; `priority` a number, of which smaller ones go first;
        `spooler` one of `uwsgi.spoolers`. Raises `ValueError` if it can't be written.
        """
        given = arguments[0] if arguments else keywords
        if not isinstance(given, dict) or not arguments and not keywords:
            raise ValueError(_NO_DICTIONARY)
        variables = {_bytes(key): _bytes(value) for key, value in given.items()}
        body = variables.pop(b"body", b"")
        packed = spoolfile.pack(variables)
        directory = self._directory(variables.get(b"spooler"))
        priority, at = _priority(variables.get(b"priority")), _time(variables.get(b"at"))
        queue = self._queues.get(directory)
        try:
            if queue is not None:
                path = queue.add(packed + body, priority, at)
            else:
                path = spoolfile.write(directory, packed, body, priority=priority, at=at, sync=self._sync)
        except (OSError, CallError) as e:
            raise ValueError(f"unable to spool job: {e}") from None
        if not self._quiet:
            what = "file" if queue is None else "task"
            log.say(f"[spooler] written {len(packed) + len(body)} bytes to {what} {path}")
        try:
            if queue is None:
                self._calls().call("spooled", self._directories.index(directory))
        except CallError:
            pass  # during the import, and in a process of the program's own: a spooler looks by itself
        return os.fsencode(path)

    def send_to_spooler(self, *arguments: Any, **keywords: Any) -> bytes:
        """The same."""
        return self.spool(*arguments, **keywords)

    def spooler_jobs(self) -> List[bytes]:
        """The paths of the tasks that the first spooler's directory has, without those in directories of a priority.

        All tasks of a queue, as `spool` has returned them.
        """
        if self._directories[0] in self._queues:
            return [os.fsencode(each) for each in self._queues[self._directories[0]].paths()]
        jobs = []
        with os.scandir(self._directories[0]) as entries:
            for entry in entries:
                if (
                    entry.name.startswith(spoolfile.PREFIX)
                    and entry.is_file(follow_symlinks=False)
                    and os.access(entry.path, os.R_OK | os.W_OK)
                ):
                    jobs.append(os.fsencode(entry.path))
        return jobs

    def spooler_get_task(self, path: Text) -> Optional[Dict[Any, bytes]]:
        """A task as its function gets it; None if there is none, or another process runs it."""
        name = os.fsdecode(path)
        running = self._process.running if self._process is not None else None
        queue = self._queues.get(os.path.dirname(name))
        if queue is not None:
            found = running if running is not None and running.path == name else queue.find(name)
            return None if found is None else environ(os.fsencode(name), found)
        try:
            if running is not None and os.path.samefile(name, running.path):
                return environ(os.fsencode(name), running)
            if spoolfile.start_time(name) is None:
                return None
            task = spoolfile.open_task(name)
        except OSError:
            return None
        try:
            if not task.lock() or not task.read():
                return None
            return environ(os.fsencode(name), task)
        except (OSError, spoolfile.BrokenTask):
            return None
        finally:
            task.close()

    # ---- spoolers

    def spooler_dir(self) -> bytes:
        """The directory of this spooler, or its queue."""
        if self._process is None:
            raise ValueError("This process is not a spooler")
        return os.fsencode(self._process.directory)

    def spooler_pid(self) -> int:
        """The process id of the first spooler; 0 if it doesn't run now, or belongs to another server."""
        return self.spooler_pids()[0]

    def spooler_pids(self) -> List[int]:
        """Those of all spoolers, as `spoolers` has them."""
        try:
            pids: List[int] = self._calls().call("spooler_pids")
            return pids
        except CallError:
            return [0] * len(self._directories)

    def set_spooler_frequency(self, seconds: int) -> bool:
        """From now on spoolers look for tasks so often, without being told of any."""
        if int(seconds) < 1:
            raise ValueError(f"a spooler looks every second at the most often, not every {seconds}")
        self._calls().call("spooler_frequency", int(seconds))
        return True

    # ---- inside

    def _names(self) -> tuple[bytes, ...]:
        return tuple(map(os.fsencode, self._directories))

    def _directory(self, wanted: Optional[bytes]) -> str:
        if not wanted:
            return self._directories[0]
        name = os.fsdecode(wanted)
        if name not in self._directories:
            raise ValueError(
                f"unable to spool job: no spooler has the directory {name!r} ({settings.name('spoolers')}); there are"
                f" {', '.join(self._directories)}"
            )
        return name


def functions(spool: Spool) -> Dict[str, Any]:
    """What the module has more, by its names."""
    return {**public(spool), "spoolers": spool._names()}


def environ(name: bytes, task: Any) -> Dict[Any, bytes]:
    """What a task's function gets: bytes, except two keys, which are str, as in uWSGI."""
    found: Dict[Any, bytes] = {"spooler_task_name": name}
    found.update(task.variables)
    if task.body:
        found["body"] = task.body
    return found


def local(path: str) -> str:
    """The JVM's text of a path is UTF-8; this process's locale may have another encoding."""
    return os.fsdecode(path.encode("utf-8", "surrogateescape"))


def _bytes(value: Any) -> bytes:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape")
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value).encode()
    raise ValueError(
        f"spooler callable dictionary must contains only bytes (or str, or numbers), not {type(value).__name__}"
    )


def _priority(value: Optional[bytes]) -> Optional[str]:
    if not value:
        return None
    if not (value.isdigit() and len(value) <= 18):
        raise ValueError(
            f"unable to spool job: the priority {value[:40]!r} is no number of at most 18 decimal digits"
        )
    return value.decode()


def _time(value: Optional[bytes]) -> Optional[float]:
    if not value:
        return None
    try:
        seconds = float(value)
        if 0 <= seconds < 1 << 40:
            return seconds or None
    except ValueError:
        pass
    raise ValueError(f"unable to spool job: 'at' {value[:40]!r} is no time in seconds since 1970")
