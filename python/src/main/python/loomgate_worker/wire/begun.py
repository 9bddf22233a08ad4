"""Tells the JVM, even if the worker dies the moment after, which requests have begun."""

from __future__ import annotations

import mmap
import sys

from loomgate_worker.process import descriptors

BYTES = 4096


class Begun:
    """The number of the last request whose application was called, in a page that the JVM reads.

    Its words are little-endian and have 8 bytes. `marks[0] = request_id` writes the first one: a single store of 8 bytes, which no signal can cut in two.
    """

    def __init__(self, descriptor: int) -> None:
        if sys.byteorder != "little":
            raise OSError("Loomgate's Python workers need a little-endian machine")
        self._map = mmap.mmap(descriptor, BYTES)
        descriptors.close(descriptor)
        self.marks = memoryview(self._map).cast("Q")
