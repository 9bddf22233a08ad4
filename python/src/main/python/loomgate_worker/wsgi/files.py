"""`wsgi.file_wrapper`: files that the JVM can send by itself."""

from __future__ import annotations

import io
import os
import stat
from typing import Any, Iterator, Optional, Tuple

from loomgate_worker.process.handlers import calls_application, interruptible
from loomgate_worker.wire.exchange import WHOLE_BYTES

_BLOCK_BYTES = 8192


class FileWrapper:
    """Wraps a file-like object as PEP 3333 describes it; an iterable of blocks for code that doesn't know it."""

    def __init__(self, filelike: Any, block_size: Optional[int] = _BLOCK_BYTES) -> None:
        self.filelike = filelike
        # It is a suggestion. read(0) would give nothing, and not every read() knows None or -1.
        self.block_size = block_size if block_size and block_size > 0 else _BLOCK_BYTES
        if hasattr(filelike, "close"):
            self.close = filelike.close

    def __iter__(self) -> Iterator[bytes]:
        return self

    @interruptible
    @calls_application
    def __next__(self) -> bytes:
        data: bytes = self.filelike.read(self.block_size)
        if data:
            return data
        raise StopIteration


@calls_application
def blocks(wrapper: FileWrapper, most: int) -> Iterator[bytes]:
    """At most so many bytes of it. A file may be longer than the Content-Length: the rest isn't sent (PEP 3333)."""
    for block in wrapper:
        yield block[:most]
        most -= len(block)
        if most <= 0:
            return


def region(wrapper: FileWrapper, most: Optional[int] = None) -> Optional[Tuple[int, int, int]]:
    """The file descriptor, offset and length of what is left of a regular file; None if it must go as chunks.

    Only what `open()` and `tempfile` give for plain binary files is believed to have its descriptor's bytes. A `GzipFile`
    has a `fileno()` too, of other bytes; and a subclass, or an object that was given a `read` of its own, reads what it likes.
    """
    file = wrapper.filelike
    if type(wrapper) is not FileWrapper or _has_own_read(file):
        return None
    # tempfile's wrapper holds the file in an attribute.
    if type(file).__module__ == "tempfile" and type(file).__name__ == "_TemporaryFileWrapper":
        file = file.file
    raw = file.raw if type(file) in (io.BufferedReader, io.BufferedRandom) else file
    if type(raw) is not io.FileIO or _has_own_read(file) or _has_own_read(raw):
        return None
    try:
        if not raw.readable():
            return None
        if type(file) is io.BufferedRandom:
            file.flush()
        descriptor = file.fileno()
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return None
        offset = file.tell()
    except (OSError, ValueError):
        return None
    # A small one goes as chunks: that is cheaper than to have the JVM open it.
    left = status.st_size - offset
    if most is not None:
        left = min(left, most)
    return (descriptor, offset, left) if left > WHOLE_BYTES else None


def _has_own_read(file: Any) -> bool:
    """Whether the object, not its class, has a method for reading: files of the library's can be given attributes."""
    return not _READING.isdisjoint(getattr(file, "__dict__", ()))


_READING = frozenset(("read", "readinto", "fileno", "tell"))
