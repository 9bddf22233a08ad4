"""Tells the JVM, even if the worker dies the moment after, which requests have begun: a page that the JVM reads.

Little-endian u64, each written by a single store, which no signal can cut in two (docs/worker-protocol.md).
"""

from __future__ import annotations

import mmap
import sys

from loomgate_worker.process import descriptors

BYTES = 1024

BEGUN = 0
"""The number of the last REQUEST whose application was called."""

DIRECT_BEGUN = 1
"""How many direct requests have begun."""

DIRECT_OVER = 2
"""How many of them are answered or handed over."""

DIRECT_SINCE = 3
"""When the last one began, in nanoseconds of `time.monotonic_ns`."""

PACKET_BYTES = 4
"""How many bytes of its packet are at `PACKET`; only where requests run one at a time."""

PACKET = 64
MAX_PACKET_BYTES = BYTES - PACKET


class Scoreboard:
    """The page. `marks[BEGUN] = request_id` writes a word, `page[PACKET:] = ...` the packet."""

    def __init__(self, descriptor: int) -> None:
        if sys.byteorder != "little":
            raise OSError("Loomgate's Python workers need a little-endian machine")
        self.page = mmap.mmap(descriptor, BYTES)
        descriptors.close(descriptor)
        self.marks = memoryview(self.page).cast("Q")
