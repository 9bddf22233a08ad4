"""Tells the JVM, even if the worker dies the moment after, which requests have begun: memory that the JVM reads.

Little-endian u64, each written by a single store, which no signal can cut in two (docs/worker-protocol.md), and slots, each
with the packet of a direct request.
"""

from __future__ import annotations

import mmap
import os
import struct
import sys
from typing import Callable, Optional

from loomgate_worker.process import descriptors

SLOT_BYTES = 1024
"""The words are in the first of these; slots are the others."""

SLOTS = 64
"""How many of these there are, with the words'."""

KIND_BYTES = 256
"""Then come kinds of direct requests, each with its counts."""

KIND_NAME_AT = 168
"""Where a kind has its name; before that are words."""

BYTES = SLOTS * SLOT_BYTES + 128 * KIND_BYTES

BEGUN = 0
"""The number of the last REQUEST whose application was called."""

DIRECT_BEGUN = 1
"""How many direct requests have begun."""

DIRECT_OVER = 2
"""How many of them are answered or handed over."""

DIRECT_SINCE = 3
"""When the last one began, in nanoseconds of `time.monotonic_ns`."""

DIRECT_SENT = 4
"""Bytes of the heads and bodies with which the worker has answered direct requests itself; 0 where nobody counts."""

DIRECT_NANOS = 5
"""Nanoseconds that those requests have taken together; 0 where nobody counts."""

DIRECT_CONNECTIONS = 6
"""How many connections of HTTP the worker has, whether a request runs on them or not."""

DIRECT_TURNED = 7
"""When its event loop has turned, in nanoseconds of `time.monotonic_ns`: at least once a second; 0 before it serves, and in
workers that have no connections of HTTP."""

SLOT = struct.Struct("<QI1012s")
"""When its request began, 0 for a slot that none has; the number of the listening socket; the packet, or its beginning."""


class Scoreboard:
    """The memory. `marks[BEGUN] = request_id` writes a word, `SLOT.pack_into(page, ...)` what a slot holds."""

    def __init__(self, descriptor: int) -> None:
        """:param descriptor: belongs to this from now on"""
        if sys.byteorder != "little":
            raise OSError("Loomgate's Python workers need a little-endian machine")
        # A limit on the size of files, or a full disk, may have made it shorter.
        whole = os.fstat(descriptor).st_size // SLOT_BYTES
        self.page = mmap.mmap(descriptor, whole * SLOT_BYTES)
        self.slots = min(whole, SLOTS) - 1
        self.kinds = max(0, whole - SLOTS) * SLOT_BYTES // KIND_BYTES
        self.counts_kinds = False
        self.marks = memoryview(self.page).cast("Q")
        self._descriptor = descriptor

    def complete(self, count_kinds: Optional[Callable[[int, int, int], bool]]) -> None:
        """Closes the descriptor. Once.

        :param count_kinds: what counts in the places of kinds by itself, if it can map them; None if nothing does
        """
        if count_kinds is not None and self.kinds > 0:
            self.counts_kinds = count_kinds(self._descriptor, SLOTS * SLOT_BYTES, self.kinds)
        descriptors.close(self._descriptor)
