"""A spooler's tasks as files, with uWSGI's names and format, so that either server works off what the other has written.

::

     0    1          3    4
     ├────┼──────────┼────┼─ size bytes ─────────────────────┼─ up to the file's end ─┄
     │ 17 │ size u16 │ 0  │ u16 n, n bytes: keys and values   │ the body
     └────┴──────────┴────┴──────────────────────────────────┴────────────────────────┄   little-endian

A file appears under its name when it is complete. It is locked while its task runs, and removed when that is done. Its time of
modification is the time before which the task doesn't run.
"""

from __future__ import annotations

import errno
import fcntl
import itertools
import os
import socket
import stat
import struct
import time
from typing import Dict, List, Optional

from loomgate_worker.process import descriptors

PREFIX = "uwsgi_spoolfile_on_"
MOST_VARIABLES_BYTES = 0xFFFF

BEING_WRITTEN = ".loomgate_spoolfile_"
"""What the name of a file begins with that isn't complete."""

BROKEN = "broken_"
"""What is put before the name of a file that can't be read."""

_ABANDONED_SECONDS = 3600
_HEADER = struct.Struct("<BHB")
_LENGTH = struct.Struct("<H")
_SPOOL_REQUEST = 17
_DIRECTORY_MODE = 0o777
_FILE_MODE = 0o600

# fcntl(2): a lock that belongs to the open file, and conflicts with uWSGI's, which belongs to the process. A program that opens
# and closes the file of the task that it runs would lose one of that kind.
_F_OFD_SETLK = 37
_WHOLE_FILE = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
_HELD = (errno.EAGAIN, errno.EACCES)

_count = itertools.count(1)


class BrokenTask(Exception):
    """The file holds no task, and never will."""


class Task:
    """A task's file, open. Closed by `close`, which also unlocks it."""

    def __init__(self, path: str, descriptor: int) -> None:
        self.path = path
        self.name = os.path.basename(path)
        self._descriptor = descriptor
        self.variables: Dict[bytes, bytes] = {}
        self.body = b""

    def lock(self) -> bool:
        """Locks it, until it is closed. False if another process has it locked."""
        try:
            try:
                fcntl.fcntl(self._descriptor, _F_OFD_SETLK, _WHOLE_FILE)
            except OSError as e:
                if e.errno != errno.EINVAL:
                    raise
                # A kernel without such locks.
                fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as e:
            if e.errno not in _HELD:
                raise
            return False
        return True

    def is_due(self) -> bool:
        """Whether its time has come and it is still there: a process that had it locked before may have removed it."""
        try:
            named = os.stat(self.path, follow_symlinks=False)
        except FileNotFoundError:
            return False
        opened = os.fstat(self._descriptor)
        same = (named.st_ino, named.st_dev) == (opened.st_ino, opened.st_dev)
        return same and stat.S_ISREG(opened.st_mode) and opened.st_mtime <= time.time()

    def read(self) -> bool:
        """Reads it. False if there is nothing yet: its writer has only just made it. Raises `BrokenTask`."""
        with open(self._descriptor, "rb", closefd=False) as file:
            data = file.read()
        if len(data) < _HEADER.size:
            return False
        self.variables, self.body = parse(data)
        return True

    def remove(self) -> None:
        """It is done."""
        os.unlink(self.path)

    def set_aside(self) -> str:
        """Gives a broken one another name, which nobody looks for."""
        aside = os.path.join(os.path.dirname(self.path), BROKEN + self.name)
        os.rename(self.path, aside)
        return aside

    def close(self) -> None:
        """Called once, by what has opened it."""
        descriptors.close(self._descriptor)


class Content:
    """A task whose bytes were in a queue. Raises `BrokenTask`."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.name = os.path.basename(path)
        self.variables, self.body = parse(data)


def write(
    directory: str,
    packed: bytes,
    body: bytes = b"",
    *,
    priority: Optional[str] = None,
    at: Optional[float] = None,
    sync: bool = False,
) -> str:
    """Writes a task, and returns its path. It runs at the time `at` (seconds since 1970) or later.

    :param packed: what `pack` has made
    :param priority: a number in decimal; the task lies in a directory of that name
    :param sync: wait until it is on the disk
    """
    if priority is not None:
        directory = os.path.join(directory, priority)
        try:
            os.mkdir(directory, _DIRECTORY_MODE)
        except FileExistsError:
            pass
    micros = time.time_ns() // 1000
    name = "%s%s_%d_%d_%d_%d_%d" % (
        PREFIX,
        socket.gethostname(),
        os.getpid(),
        next(_count),
        int.from_bytes(os.urandom(4), "little") >> 1,
        micros // 1_000_000,
        micros % 1_000_000,
    )
    path = os.path.join(directory, name)
    unfinished = os.path.join(directory, BEING_WRITTEN + name[len(PREFIX) :])
    descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, _FILE_MODE)
    try:
        try:
            for part in packed, body:
                view = memoryview(part)
                while view:
                    view = view[os.write(descriptor, view) :]
            if at is not None:
                os.utime(descriptor, (at, at))
            if sync:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.rename(unfinished, path)
    except BaseException:
        os.unlink(unfinished)
        raise
    if sync:
        _sync_directory(directory)
    return path


def start_time(path: str) -> Optional[float]:
    """The time before which a task doesn't run, in seconds since 1970; None if this is no file. `OSError` if it isn't there."""
    found = os.stat(path, follow_symlinks=False)
    return found.st_mtime if stat.S_ISREG(found.st_mode) else None


def open_task(path: str) -> Task:
    """Opens a task's file. `OSError` if that isn't possible."""
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    # Far up, so that a process that the program forks gives it up, and the lock with it.
    return Task(path, descriptors.moved(os.open(path, flags)))


def take(path: str) -> Optional[Task]:
    """A task, locked, whose time has come; None if somebody else has it, or its time is still to come.

    `OSError` if it can't be opened.
    """
    task = open_task(path)
    try:
        if task.lock() and task.is_due():
            return task
    except BaseException:
        task.close()
        raise
    task.close()
    return None


def pack(variables: Dict[bytes, bytes]) -> bytes:
    """The packet, with its header. Raises `ValueError` if it would be too large."""
    parts: List[bytes] = []
    for text in itertools.chain.from_iterable(variables.items()):
        if len(text) > MOST_VARIABLES_BYTES:
            raise ValueError(_too_large(len(text)))
        parts += (_LENGTH.pack(len(text)), text)
    packed = b"".join(parts)
    if len(packed) > MOST_VARIABLES_BYTES:
        raise ValueError(_too_large(len(packed)))
    return _HEADER.pack(_SPOOL_REQUEST, len(packed), 0) + packed


def _too_large(count: int) -> str:
    return f"a task's keys and values take {count} bytes, over {MOST_VARIABLES_BYTES}: what is large is its 'body'"


def parse(data: bytes) -> tuple[Dict[bytes, bytes], bytes]:
    """The variables and the body of a file's content. Raises `BrokenTask`."""
    if len(data) < _HEADER.size:
        raise BrokenTask(f"it has {len(data)} bytes")
    _, size, _ = _HEADER.unpack_from(data)
    end = _HEADER.size + size
    if end > len(data):
        raise BrokenTask(f"it ends after {len(data)} bytes of {end}")
    parts: List[bytes] = []
    at = _HEADER.size
    while at < end:
        start = at + _LENGTH.size
        at = start + int.from_bytes(data[at:start], "little")
        parts.append(data[start:at])
    if at != end or len(parts) % 2:
        raise BrokenTask("its keys and values can't be read")
    return dict(zip(parts[::2], parts[1::2])), data[end:]


def remove_abandoned(path: str) -> None:
    """Removes an old file of `BEING_WRITTEN`: who was writing it has been killed."""
    # The one time that can't be set.
    if time.time() - os.stat(path, follow_symlinks=False).st_ctime > _ABANDONED_SECONDS:
        os.unlink(path)


def _sync_directory(directory: str) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
