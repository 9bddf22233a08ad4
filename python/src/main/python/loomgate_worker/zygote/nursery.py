"""The zygote's children: forked, reaped, killed. What they write goes to the JVM, which reads their pipes itself."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import tempfile
from typing import Any, Dict, List, Optional, Tuple

from loomgate_worker.process import descriptors, forks, log, relatives
from loomgate_worker.wire.scoreboard import BYTES
from loomgate_worker.zygote.events import Events

# A unix socket's path has at most 107 bytes.
_MAX_DIRECTORY = 80
_STREAMS = (".out", ".err")
"""The ends of the names of a worker's pipes."""


class Newborn:
    """What the zygote leaves to a worker.

    :ivar scoreboard: -1 for a process that answers no requests
    :ivar job: what such a process does; else None
    """

    def __init__(
        self, slot: int, listener: socket.socket, path: str, scoreboard: int, job: Optional[Dict[str, Any]]
    ) -> None:
        self.slot = slot
        self.listener = listener
        self.path = path
        self.scoreboard = scoreboard
        self.job = job


class _Child:
    def __init__(self, slot: int, path: str) -> None:
        self.slot = slot
        self.path = path


class Nursery:
    """Keeps the workers and their directory."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._children: Dict[int, _Child] = {}
        self._held: Dict[str, List[int]] = {}
        """By the worker's name: its pipes, open at both ends, so that nothing is lost that it writes before the JVM reads."""
        self._count = 0
        self._owner = os.getpid()
        # What the program makes of TMPDIR is for its own files.
        base = os.path.abspath(tempfile.gettempdir())
        self._base = base if len(base) < _MAX_DIRECTORY else "/tmp"
        self.directory: Optional[str] = None

    def open(self) -> str:
        """Makes the directory of the sockets; not before the import, which may end the process in ways that leave it behind."""
        self.directory = tempfile.mkdtemp(prefix="loomgate-", dir=self._base)
        # Whatever the program's umask is.
        os.chmod(self.directory, 0o700)
        return self.directory

    def fork(self, slot: int, job: Optional[Dict[str, Any]] = None) -> Optional[Newborn]:
        """Forks a worker; returns None in the zygote. `OSError` if that isn't possible now: then nothing is left behind."""
        assert self.directory is not None
        self._count += 1
        name = os.path.join(self.directory, f"w{slot}-{self._count}")
        path = name + ".sock"
        with contextlib.ExitStack() as made:
            made.callback(self._unlink, path, name + ".scoreboard", *_pipes(name))
            listener = descriptors.moved_socket(socket.socket(socket.AF_UNIX))
            made.callback(descriptors.close_socket, listener)
            scoreboard = -1
            if job is None:
                scoreboard = descriptors.moved(
                    os.open(name + ".scoreboard", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
                )
                made.callback(descriptors.close, scoreboard)
                os.fchmod(scoreboard, 0o600)
                os.write(scoreboard, bytes(BYTES))
            listener.bind(path)
            os.chmod(path, 0o600)
            listener.listen(4)
            held: List[int] = []
            written: List[int] = []
            for pipe in _pipes(name):
                for ends, descriptor in zip((held, written), descriptors.named_pipe(pipe)):
                    made.callback(descriptors.close, descriptor)
                    ends.append(descriptor)
            pid = forks.fork_worker()
            made.pop_all()
        out, err = written
        if pid == 0:
            self._become_worker(out, err, scoreboard, listener)
            return Newborn(slot, listener, path, scoreboard, job)
        descriptors.close_socket(listener)
        for descriptor in scoreboard, out, err:
            if descriptor >= 0:
                descriptors.close(descriptor)
        self._held[name] = held
        self._children[pid] = _Child(slot, path)
        self._events.send(event="forked", slot=slot, pid=pid, path=path)
        return None

    def read(self, path: str) -> None:
        """The JVM has opened the pipes of the worker that was forked with this path: they end with those who write to them."""
        name = path[: -len(".sock")]
        for descriptor in self._held.pop(name, ()):
            descriptors.close(descriptor)
        self._unlink(*_pipes(name))

    def reap(self) -> None:
        """Tells of the workers that have ended. Other children, of the application's import, aren't touched."""
        for pid, child in list(self._children.items()):
            try:
                found, status = os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                found, status = pid, 0
            if not found:
                continue
            del self._children[pid]
            self._unlink(child.path)
            if os.WIFSIGNALED(status):
                self._events.send(event="exited", slot=child.slot, pid=pid, signal=os.WTERMSIG(status))
            else:
                self._events.send(event="exited", slot=child.slot, pid=pid, status=os.WEXITSTATUS(status))

    def kill(self, pid: int, number: int) -> None:
        """Signals a worker, if it still is one: a number that is reaped may be somebody else's."""
        if pid in self._children:
            os.kill(pid, number)

    def end(self) -> None:
        """Kills all workers and removes the directory."""
        # The guard is for an end during the import, in a process that the application has forked.
        if os.getpid() != self._owner:
            return
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)
        if self.directory is not None:
            shutil.rmtree(self.directory, ignore_errors=True)
        relatives.end(self._children)

    @staticmethod
    def _become_worker(out: int, err: int, scoreboard: int, listener: socket.socket) -> None:
        """Gives up what is the zygote's."""
        os.dup2(out, 1)
        os.dup2(err, 2)
        log.take(err)
        descriptors.close_for_worker([err, scoreboard, listener.fileno()])

    @staticmethod
    def _unlink(*paths: str) -> None:
        for path in paths:
            try:
                os.unlink(path)
            except OSError:
                pass


def _pipes(name: str) -> Tuple[str, ...]:
    return tuple(name + stream for stream in _STREAMS)
