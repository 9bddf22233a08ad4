"""What workers write to the log when they are asked what runs in them (DUMP), in each mode."""

from __future__ import annotations

import time
import unittest
from typing import Any, Dict, List

import surroundings  # noqa: F401  (the package's place)
from connections import Worker
from every_mode import OneWorker
from standin import Zygote
from surroundings import DEADLINE, frames, has_gevent, has_greenlet

from loomgate_worker.modes import report


def ask(worker: Worker, ages: Dict[int, int], flags: int = 0) -> None:
    """Sends DUMP, with the ages of requests in seconds."""
    payload = b"".join(frames.AGE.pack(number, age * 10**9) for number, age in ages.items())
    worker.dump(flags, payload)


class Dumps(OneWorker):
    module = "dumping"
    boot = {"concurrency": 300, "threads": 4}
    at_once = 3

    def lines(self, last: str) -> List[str]:
        """What the worker has written, when that is in it."""
        deadline = time.monotonic() + DEADLINE
        while True:
            lines = [e["line"] for e in self.zygote.events[self.said :] if e["event"] == "output"]
            if any(last in line for line in lines):
                return lines
            self.assertLess(time.monotonic(), deadline, f"no {last!r} in {lines}")
            time.sleep(0.005)

    said = 0

    def dumped(self, last: str, ages: Dict[int, int], flags: int = 0) -> str:
        self.said = len(self.zygote.events)
        ask(self.worker, ages, flags)
        return "\n".join(self.lines(last))

    def begun(self, path: str, count: int) -> List[int]:
        numbers = [self.worker.begin(path) for _ in range(count)]
        deadline = time.monotonic() + DEADLINE
        while int(self.answer("/count") if self.at_once > 1 else count) < count:
            self.assertLess(time.monotonic(), deadline)
        return numbers

    def test_each_request_is_told_of_with_its_stack(self) -> None:
        numbers = self.begun("/wa\xc3\xa4its\n", self.at_once - 1)
        head = f"has {len(numbers)} requests, and this is what runs and waits in it:"
        said = ""
        deadline = time.monotonic() + DEADLINE
        # The answer to "/count" is there a little before its request is over.
        while head not in said:
            self.assertLess(time.monotonic(), deadline, said)
            said = self.dumped("in waits", dict.fromkeys(numbers, 7))
        request = r"^GET /wa\xe4its\\n, (thread|greenlet|task) ?.*, 7\.\d s:$"
        self.assertRegex(said, "(?m)" + request)
        self.assertIn("dumping.py", said)
        self.assertNotIn("loomgate-control", said)
        self.answer("/free")
        for number in numbers:
            self.assertEqual(self.worker.end(number).body, b"waited")

    def test_dumps_harm_nobody(self) -> None:
        self.said = len(self.zygote.events)
        for n in range(20):
            number = self.worker.begin("/hello")
            ask(self.worker, {number: n})
            self.assertEqual(self.worker.end(number).body, b"hello")
        deadline = time.monotonic() + DEADLINE
        while sum("this is what runs" in line for line in self.lines("this is what runs")) < 20:
            self.assertLess(time.monotonic(), deadline)


class Threads(Dumps):
    mode = "threads"


@unittest.skipUnless(has_gevent(), "mode gevent needs the package gevent")
class Gevent(Dumps):
    mode = "gevent"
    boot = {"concurrency": 300, "gevent_patch": "before_load"}

    def test_a_hub_that_is_held_up_is_told_of(self) -> None:
        self.said = len(self.zygote.events)
        number = self.worker.begin("/holds")
        self.lines("holds")
        said = self.dumped("in holds", {number: 3})
        self.assertIn("GET /holds, request, 3.0 s:", said)
        self.assertIn("the event loop has not turned for 1.0 s: something holds it up", said)
        self.worker.end(number)


@unittest.skipUnless(has_gevent(), "its program needs the package gevent")
class GreenThreads(Threads):
    module = "dumping_green"


@unittest.skipUnless(has_greenlet(), "mode asyncio needs the package greenlet")
class Asyncio(Dumps):
    mode = "asyncio"

    def test_tasks_are_told_of_with_what_they_await(self) -> None:
        number = self.begun("/awaits", 1)[0]
        said = self.dumped("which awaits", {number: 5})
        self.assertIn("GET /awaits, greenlet, 5.0 s:", said)
        self.assertRegex(said, r"(?m)^GET /awaits, task .*, which awaits _?Future, 5\.0 s:$")
        inner = said.index("in inner")
        self.assertLess(said.index("in numbers"), inner)
        self.assertLess(said.index("in awaiting"), said.index("in numbers"))
        self.answer("/free")
        self.assertEqual(self.worker.end(number).body, b"waited")

    def test_a_loop_that_is_held_up_is_told_of(self) -> None:
        waiting = self.begun("/awaits", 1)[0]
        self.said = len(self.zygote.events)
        number = self.worker.begin("/holds")
        self.lines("holds")
        said = self.dumped("in holds", {number: 3})
        self.assertIn("GET /holds, request, 3.0 s:", said)
        self.assertIn("the event loop has not turned for 1.0 s: something holds it up", said)
        self.assertIn("in inner", said)
        self.worker.end(number)
        self.answer("/free")
        self.worker.end(waiting)

    def test_one_that_is_to_be_killed_tells_of_tasks_alone(self) -> None:
        number = self.begun("/awaits", 1)[0]
        said = self.dumped("in inner", {number: 5}, frames.DYING)
        self.assertNotIn("thread ", said)
        self.answer("/free")
        self.worker.end(number)

    def test_there_is_a_limit(self) -> None:
        numbers = self.begun("/deep", 150)
        ages = {number: 100 + n for n, number in enumerate(numbers)}
        said = self.dumped("more, of which", ages)
        self.assertIn("... and 100 more, of which 200 are shown at most", said)
        self.assertIn("frames are left out here", said)
        # The oldest.
        self.assertIn("249.0 s", said)
        self.assertNotIn(" 100.0 s", said)
        self.answer("/free")
        for number in numbers:
            self.worker.end(number)


class Sync(Dumps):
    mode = "sync"
    at_once = 2

    def begun(self, path: str, count: int) -> List[int]:
        number = self.worker.begin(path)
        self.zygote.event("output", lambda e: e["line"] == "began")
        return [number]

    def answer(self, path: str, **environ: str) -> str:
        if path == "/free":
            with open("/proc/%d/cwd/free" % self.worker.pid, "w"):
                return ""
        return super().answer(path, **environ)


class Gathering(unittest.TestCase):
    def test_who_comes_too_late_gathers_nothing(self) -> None:
        kept: List[Any] = []
        said: List[str] = []
        self.assertFalse(report.gathered(kept.append, lambda: said.append("gathered"), 0.01))
        kept[0]()
        self.assertEqual(said, [])
        self.assertTrue(report.gathered(lambda run: run(), lambda: said.append("gathered"), 0.01))
        self.assertEqual(said, ["gathered"])

    def test_a_loop_that_is_closed_gathers_nothing(self) -> None:
        def closed(_: object) -> None:
            raise RuntimeError("Event loop is closed")

        self.assertFalse(report.gathered(closed, lambda: None, DEADLINE))


del Dumps

if __name__ == "__main__":
    unittest.main()
