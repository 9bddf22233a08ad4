"""`uwsgi.sharedarea_*`: memory that the zygote has made, if that was asked for, and that its workers have by the fork.

Numbers are little-endian, as on the machines that uWSGI and this run on. An access holds the area's lock: between processes a lock
of `fcntl`, which the kernel takes back from a process that dies; between the threads of one process a lock of `threading`.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
import tempfile
import threading
from typing import Any, Dict, List, Sequence

from loomgate_worker.process import descriptors, forks
from loomgate_worker.uwsgi.texts import Text, octets


class _Lock:
    """Whose thread has it may take it again."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._threads = threading.RLock()
        self._owner = 0
        self._depth = 0
        self._exclusive = False

    def acquire(self, exclusive: bool) -> None:
        self._threads.acquire()
        try:
            if forks.is_foreign():
                raise ValueError("sharedareas have no lock in a process that the program has forked itself")
            if not self._depth or exclusive and not self._exclusive:
                fcntl.lockf(self._descriptor, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
                self._exclusive = exclusive
        except BaseException:
            self._threads.release()
            raise
        self._depth += 1
        self._owner = threading.get_ident()

    def release(self) -> None:
        if not self._depth or self._owner != threading.get_ident():
            raise ValueError("error calling uwsgi_sharedarea_unlock(): this thread doesn't have the lock")
        self._depth -= 1
        if not self._depth:
            self._owner = 0
            self._exclusive = False
            fcntl.lockf(self._descriptor, fcntl.LOCK_UN)
        self._threads.release()


class Area:
    """One of them.

    :param asked: `bytes`; `file` and `offset`, if it is a window into a file
    """

    def __init__(self, asked: Dict[str, Any]) -> None:
        self.size: int = asked["bytes"]
        if asked["file"] is None:
            descriptor = _memory()
            os.ftruncate(descriptor, self.size)
        else:
            descriptor = os.open(asked["file"], os.O_RDWR)
        self._descriptor = descriptors.moved(descriptor)
        # A worker has it, too.
        descriptors.last(self._descriptor)
        self.memory = mmap.mmap(self._descriptor, self.size, offset=asked["offset"])
        self.lock = _Lock(self._descriptor)

    def forked(self) -> None:
        """In a worker: locks aren't inherited."""
        self.lock = _Lock(self._descriptor)


class Areas:
    """The public methods are functions of the module. What isn't possible is a `ValueError`, as in uWSGI."""

    def __init__(self, asked: Sequence[Dict[str, Any]]) -> None:
        self._areas: List[Area] = [Area(each) for each in asked]

    def _forked(self) -> None:
        for area in self._areas:
            area.forked()

    # ---- bytes

    def sharedarea_read(self, area: int, position: int, length: int = 0) -> bytes:
        """So many bytes; all that follow if `length` is 0."""
        found = self._place("read", area, position, length)
        end = position + length if length else found.size
        found.lock.acquire(False)
        try:
            return found.memory[position:end]
        finally:
            found.lock.release()

    def sharedarea_write(self, area: int, position: int, value: Text) -> None:
        data = octets(value, "a value of a sharedarea")
        self._put("write", area, position, data)

    def sharedarea_memoryview(self, area: int) -> memoryview:
        """The memory itself. Who writes to it takes the lock."""
        return memoryview(self._place("memoryview", area, 0, 0).memory)

    # ---- numbers

    def sharedarea_read8(self, area: int, position: int) -> int:
        return self._get("read8", area, position, "<b")

    def sharedarea_read16(self, area: int, position: int) -> int:
        return self._get("read16", area, position, "<h")

    def sharedarea_read32(self, area: int, position: int) -> int:
        return self._get("read32", area, position, "<i")

    def sharedarea_read64(self, area: int, position: int) -> int:
        return self._get("read64", area, position, "<q")

    def sharedarea_write8(self, area: int, position: int, value: int) -> None:
        if not 0 <= value <= 0xFF:
            raise OverflowError("uwsgi.sharedarea_write8: a number from 0 to 255 is needed")
        self._put("write8", area, position, struct.pack("<B", value))

    def sharedarea_write16(self, area: int, position: int, value: int) -> None:
        self._put("write16", area, position, struct.pack("<H", value & 0xFFFF))

    def sharedarea_write32(self, area: int, position: int, value: int) -> None:
        self._put("write32", area, position, struct.pack("<I", value & 0xFFFFFFFF))

    def sharedarea_write64(self, area: int, position: int, value: int) -> None:
        if not -(1 << 63) <= value < 1 << 63:
            raise OverflowError("uwsgi.sharedarea_write64: the number has more than 64 bits")
        self._put("write64", area, position, struct.pack("<q", value))

    def sharedarea_inc32(self, area: int, position: int, amount: int = 1) -> None:
        self._add("inc32", area, position, "<I", amount)

    def sharedarea_inc64(self, area: int, position: int, amount: int = 1) -> None:
        self._add("inc64", area, position, "<Q", amount)

    def sharedarea_dec32(self, area: int, position: int, amount: int = 1) -> None:
        self._add("dec32", area, position, "<I", -amount)

    def sharedarea_dec64(self, area: int, position: int, amount: int = 1) -> None:
        self._add("dec64", area, position, "<Q", -amount)

    sharedarea_readbyte = sharedarea_read8
    sharedarea_writebyte = sharedarea_write8
    sharedarea_readlong = sharedarea_read64
    sharedarea_writelong = sharedarea_write64
    sharedarea_inclong = sharedarea_inc64

    # ---- locks

    def sharedarea_rlock(self, area: int) -> None:
        """Waits until nobody writes."""
        self._place("rlock", area, 0, 0).lock.acquire(False)

    def sharedarea_wlock(self, area: int) -> None:
        """Waits until nobody reads or writes."""
        self._place("wlock", area, 0, 0).lock.acquire(True)

    def sharedarea_unlock(self, area: int) -> None:
        """Gives back what `sharedarea_rlock` or `sharedarea_wlock` has taken in this thread."""
        self._place("unlock", area, 0, 0).lock.release()

    # ---- inside

    def _place(self, name: str, area: int, position: int, length: int) -> Area:
        if 0 <= area < len(self._areas) and position >= 0 and length >= 0:
            found = self._areas[area]
            if position < found.size and position + length <= found.size:
                return found
        raise ValueError(f"error calling uwsgi_sharedarea_{name}()")

    def _get(self, name: str, area: int, position: int, form: str) -> int:
        found = self._place(name, area, position, struct.calcsize(form))
        found.lock.acquire(False)
        try:
            value: int = struct.unpack_from(form, found.memory, position)[0]
            return value
        finally:
            found.lock.release()

    def _put(self, name: str, area: int, position: int, data: bytes) -> None:
        found = self._place(name, area, position, len(data))
        found.lock.acquire(True)
        try:
            found.memory[position : position + len(data)] = data
        finally:
            found.lock.release()

    def _add(self, name: str, area: int, position: int, form: str, amount: int) -> None:
        size = struct.calcsize(form)
        found = self._place(name, area, position, size)
        found.lock.acquire(True)
        try:
            sum_of_both = struct.unpack_from(form, found.memory, position)[0] + amount
            struct.pack_into(form, found.memory, position, sum_of_both & ((1 << 8 * size) - 1))
        finally:
            found.lock.release()


def _memory() -> int:
    """A file without a name, in memory."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("sharedarea")
    with tempfile.TemporaryFile(dir="/dev/shm") as file:
        return os.dup(file.fileno())
