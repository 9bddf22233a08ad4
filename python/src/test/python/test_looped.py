"""When a mode with an event loop sends what is emitted: without a loop, and without a connection."""

from __future__ import annotations

import threading
import unittest
from typing import Any, Callable, List

import surroundings  # noqa: F401

from loomgate_worker.modes.looped import Looped


class Turns:
    """An event loop that runs what is to be run when it is told."""

    def __init__(self) -> None:
        self.soon: List[Callable[[], None]] = []

    def call_soon(self, callback: Callable[[], None]) -> None:
        self.soon.append(callback)

    def turn(self) -> None:
        soon, self.soon = self.soon, []
        for callback in soon:
            callback()


class Emitting(Looped):
    """Notes what it sends."""

    def __init__(self) -> None:
        self.loop: Any = Turns()
        self._thread = threading.get_ident()
        self._out = []
        self._unsent = memoryview(b"")
        self._send_lock = threading.Lock()
        self._flushing = False
        self.stopping = False
        self.sent: List[bytes] = []

    def _before_flush(self) -> None:
        pass

    def _send(self, data: Any) -> int:
        self.sent.append(bytes(data))
        return len(data)


# What a mode has besides isn't called.
Emitting.__abstractmethods__ = frozenset()  # type: ignore[attr-defined]


class EmittedTest(unittest.TestCase):
    def test_frames_go_out_together_at_the_end_of_a_turn(self) -> None:
        looped = Emitting()
        for _ in range(20):
            looped._emit(b".")
        self.assertEqual([], looped.sent)
        looped.loop.turn()
        self.assertEqual([b"." * 20], looped.sent)

    def test_of_many_messages_the_first_ones_go_out_before_it(self) -> None:
        looped = Emitting()
        for number in range(20):
            looped._emit_message(b"%x" % (number % 16))
        self.assertEqual([b"01234567", b"89abcdef"], looped.sent)
        looped.loop.turn()
        self.assertEqual([b"01234567", b"89abcdef", b"0123"], looped.sent)
        self.assertEqual([], looped.loop.soon)


if __name__ == "__main__":
    unittest.main()
