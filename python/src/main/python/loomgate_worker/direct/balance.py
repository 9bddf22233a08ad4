"""How many connections each worker of a zygote has: memory that they share, since it is there before they are forked.

A worker that tells of nothing for a while has ended, or its loop stands still: then it doesn't count.
"""

from __future__ import annotations

import mmap
import os
from time import monotonic_ns

_PLACES = 128
_WORD_BYTES = 8
_SILENT_NANOS = 2_500_000_000

_words = memoryview(mmap.mmap(-1, 2 * _PLACES * _WORD_BYTES)).cast("Q")
"""Numbers of connections, then when each of them was told, in nanoseconds of `time.monotonic_ns`."""


class Balance:
    """One worker's view. Two that have the same place, which is rare, count as one."""

    def __init__(self) -> None:
        self._place = os.getpid() % _PLACES

    def tell(self, connections: int) -> None:
        """To be told at each change, and once a second."""
        _words[self._place] = connections
        _words[_PLACES + self._place] = monotonic_ns()

    def is_ahead(self, connections: int) -> bool:
        """Whether others are to have the next ones: that is an eighth and two over the mean."""
        since = monotonic_ns() - _SILENT_NANOS
        told = [count for count, at in zip(_words[:_PLACES], _words[_PLACES:]) if at > since]
        return len(told) > 1 and connections > 1.125 * sum(told) / len(told) + 2
