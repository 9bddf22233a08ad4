"""What a `sync` worker holds back, and the alarm that looks after it."""

from __future__ import annotations

import select
import socket
import time
import unittest
from typing import List, Optional
from unittest import mock

import surroundings  # noqa: F401

from loomgate_worker.modes import outlet
from loomgate_worker.modes.outlet import Outlet
from loomgate_worker.process.alarm import Alarm


class FakeAlarm:
    """Goes off by the test's clock."""

    descriptor = -1

    def __init__(self) -> None:
        self.now = 10.0
        self.sets = 0
        self.due: Optional[float] = None

    def set(self, seconds: float) -> None:
        self.sets += 1
        self.due = self.now + seconds

    def clear(self) -> None:
        self.due = None


class Holding(unittest.TestCase):
    def setUp(self) -> None:
        ends = socket.socketpair()
        for end in ends:
            self.addCleanup(end.close)
        self.peer = ends[1]
        self.peer.setblocking(False)
        self.alarm = FakeAlarm()
        with mock.patch.object(outlet, "Alarm", lambda: self.alarm):
            self.outlet = Outlet(ends[0])
        patch = mock.patch.object(outlet, "monotonic", lambda: self.alarm.now)
        patch.start()
        self.addCleanup(patch.stop)

    def received(self) -> bytes:
        try:
            return self.peer.recv(65536)
        except BlockingIOError:
            return b""

    def emit(self, frame: bytes) -> None:
        self.outlet.held.append(frame)
        self.outlet.urge()

    def test_the_alarm_never_goes_off_while_requests_are_quick(self) -> None:
        went_off = 0
        for _ in range(5000):
            self.alarm.now += 0.0002
            if self.alarm.due is not None and self.alarm.now >= self.alarm.due:
                went_off += 1
                self.outlet.sound()
            self.emit(b".")
            self.received()
        self.assertEqual(went_off, 0)
        self.assertLess(self.alarm.sets, 1010, "one a millisecond")
        self.assertLess(len(self.outlet.held), 6)

    def test_what_is_held_is_always_due_within_three_milliseconds(self) -> None:
        steps: List[float] = [0.0001, 0.0004, 0.0011, 0.0003, 0.0009, 0.0002, 0.0029, 0.0005, 0.0050]
        for step in steps * 200:
            self.alarm.now += step
            if self.alarm.due is not None and self.alarm.now >= self.alarm.due:
                self.outlet.sound()
            self.emit(b".")
            self.received()
            if self.outlet.held:
                assert self.alarm.due is not None
                self.assertTrue(self.alarm.now < self.alarm.due <= self.alarm.now + 0.003)

    def test_the_first_one_goes_at_once(self) -> None:
        self.emit(b"first")
        self.assertEqual(self.received(), b"first")
        self.emit(b"second")
        self.assertEqual(self.received(), b"")
        self.outlet.sound()
        self.assertEqual(self.received(), b"second")

    def test_without_an_alarm_nothing_is_held(self) -> None:
        self.outlet.alarm = None
        for text in (b"first", b"second"):
            self.emit(text)
            self.assertEqual(self.received(), text)


class Descriptor(unittest.TestCase):
    def test_it_is_readable_when_the_time_is_over(self) -> None:
        alarm = Alarm()
        poll = select.poll()
        poll.register(alarm.descriptor, select.POLLIN)
        self.assertEqual(poll.poll(0), [])
        start = time.monotonic()
        alarm.set(60)
        alarm.set(0.02)
        self.assertTrue(poll.poll(20000))
        self.assertGreaterEqual(time.monotonic() - start, 0.02)
        alarm.clear()
        alarm.clear()
        self.assertEqual(poll.poll(0), [])
        alarm.set(1.5)
        self.assertEqual(poll.poll(0), [])


if __name__ == "__main__":
    unittest.main()
