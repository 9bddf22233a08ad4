"""The zygote's children: forked, listened to, reaped, killed."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import socket
import tempfile
from time import monotonic
from typing import Dict, Optional, Tuple

from loomgate_worker.process import descriptors, forks, log, relatives
from loomgate_worker.wire.begun import BYTES
from loomgate_worker.zygote.events import Events
from loomgate_worker.zygote.output import READ_BYTES, Output

# A unix socket's path has at most 107 bytes.
_MAX_DIRECTORY = 80


class Newborn:
    """What the zygote leaves to a worker."""

    def __init__(self, slot: int, listener: socket.socket, path: str, begun: int) -> None:
        self.slot = slot
        self.listener = listener
        self.path = path
        self.begun = begun


class _Child:
    def __init__(self, slot: int, path: str, outputs: Dict[int, Output]) -> None:
        self.slot = slot
        self.path = path
        self.outputs = outputs


class Nursery:
    """Keeps the workers and their directory. `poll` tells when a worker has written something."""

    def __init__(self, events: Events, most_line_bytes: int) -> None:
        self._events = events
        self._most_line_bytes = most_line_bytes
        self.poll = select.poll()
        self._children: Dict[int, _Child] = {}
        self._outputs: Dict[int, Output] = {}
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

    def fork(self, slot: int) -> Optional[Newborn]:
        """Forks a worker; returns None in the zygote. `OSError` if that isn't possible now: then nothing is left behind."""
        assert self.directory is not None
        self._count += 1
        name = os.path.join(self.directory, f"w{slot}-{self._count}")
        path = name + ".sock"
        with contextlib.ExitStack() as made:
            made.callback(self._unlink, path, name + ".scoreboard")
            listener = descriptors.moved_socket(socket.socket(socket.AF_UNIX))
            made.callback(descriptors.close_socket, listener)
            begun = descriptors.moved(os.open(name + ".scoreboard", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            made.callback(descriptors.close, begun)
            os.fchmod(begun, 0o600)
            os.write(begun, bytes(BYTES))
            listener.bind(path)
            os.chmod(path, 0o600)
            listener.listen(3)
            out = descriptors.pipe()
            made.callback(_close_both, out)
            err = descriptors.pipe()
            made.callback(_close_both, err)
            pid = forks.fork_worker()
            made.pop_all()
        if pid == 0:
            self._become_worker(out[1], err[1], begun, listener)
            return Newborn(slot, listener, path, begun)
        descriptors.close_socket(listener)
        for descriptor in begun, out[1], err[1]:
            descriptors.close(descriptor)
        most = self._most_line_bytes
        outputs = {
            out[0]: Output(self._events, slot, pid, "stdout", out[0], most),
            err[0]: Output(self._events, slot, pid, "stderr", err[0], most),
        }
        self._outputs.update(outputs)
        for descriptor in outputs:
            self.poll.register(descriptor, select.POLLIN)
        self._children[pid] = _Child(slot, path, outputs)
        self._events.send(event="forked", slot=slot, pid=pid, path=path)
        return None

    def pass_on(self, descriptor: int) -> bool:
        """A worker has written something, or closed its output. Whether it has written so much that more must be there."""
        output = self._outputs.get(descriptor)
        if output is None:
            return False
        count = output.read()
        if count == 0:
            self.poll.unregister(descriptor)
            del self._outputs[descriptor]
            descriptors.close(descriptor)
        return count == READ_BYTES

    def say_rests(self) -> Optional[float]:
        """Passes on what has no line feed and has been there for a while; the seconds until there will be something, if ever."""
        due = [output.due for output in self._outputs.values() if output.due is not None]
        if not due:
            return None
        now = monotonic()
        if min(due) <= now:
            for output in self._outputs.values():
                if output.due is not None and output.due <= now:
                    output.say_rest()
            return self.say_rests()
        return min(due) - now

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
            for descriptor, output in child.outputs.items():
                # What is in the pipe, without waiting for its end: a process of the worker's own may hold it open, and is
                # listened to until then.
                if descriptor in self._outputs:
                    output.drain()
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
    def _become_worker(out: int, err: int, begun: int, listener: socket.socket) -> None:
        """Gives up what is the zygote's."""
        os.dup2(out, 1)
        os.dup2(err, 2)
        log.take(err)
        descriptors.close_for_worker([err, begun, listener.fileno()])

    @staticmethod
    def _unlink(*paths: str) -> None:
        for path in paths:
            try:
                os.unlink(path)
            except OSError:
                pass


def _close_both(pipe: Tuple[int, int]) -> None:
    for descriptor in pipe:
        descriptors.close(descriptor)
