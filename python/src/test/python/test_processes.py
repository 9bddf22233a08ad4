"""Processes that an application starts at its import and in requests, and what workers write."""

from __future__ import annotations

import os
import signal
import time
import unittest
from typing import Any, Dict, List
from unittest import mock

from standin import Zygote, alive
from surroundings import DEADLINE, MODES


class StartedByTheImport(unittest.TestCase):
    def ended(self, how: str, mode: str = "sync") -> "tuple[float, List[int], str]":
        """How long a stop takes, who lives after it, and what is said of it."""
        with mock.patch.dict(os.environ, LEAVING=how), Zygote("leaving", mode=mode) as zygote:
            worker = zygote.worker()
            pids = [int(pid) for pid in worker.get("/show").body.split()]
            self.assertTrue(all(map(alive, pids)))
            worker.stop()
            self.assertEqual(zygote.exited(worker)["status"], 0)
            # They outlive a worker.
            self.assertTrue(all(map(alive, pids)))
            assert zygote.process.stdin is not None and zygote.process.stdout is not None
            start = time.monotonic()
            zygote.process.stdin.close()
            zygote._threads[0].join(DEADLINE)  # until the end of its events, which no other thread reads
            zygote.process.wait(DEADLINE)
            seconds = time.monotonic() - start
            left = [pid for pid in pids if alive(pid)]
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            said = zygote.errors.decode() + "\n".join(zygote.output(worker.pid, "stderr"))
            self.assertNotIn("Traceback", said)
            return seconds, left, said

    def test_they_end_with_it(self) -> None:
        for mode in MODES:
            for how in ("manager", "process", "program", "manager process program"):
                with self.subTest(mode, how=how):
                    seconds, left, said = self.ended(how, mode)
                    self.assertLess(seconds, 2.5)
                    self.assertEqual(left, [])
                    self.assertNotIn("left running", said)

    def test_who_does_not_end_is_named(self) -> None:
        seconds, left, said = self.ended("stubborn")
        self.assertLess(seconds, 2.5)
        self.assertEqual(len(left), 1)
        self.assertRegex(
            said, rf"the process {left[0]} \(.*python.*\), which the application's import has started,"
        )

    def test_who_has_detached_itself_holds_nothing_up(self) -> None:
        seconds, left, said = self.ended("detached")
        self.assertLess(seconds, 1)
        self.assertEqual(len(left), 1)

    def test_managers_and_queues_of_the_import_work_in_each_worker(self) -> None:
        for mode in MODES:
            with self.subTest(mode), mock.patch.dict(os.environ, LEAVING="manager"):
                with Zygote("leaving", mode=mode) as zygote:
                    for slot in (1, 2):
                        self.assertEqual(zygote.worker(slot).get("/manage").body, b"1 from a worker")


class StartedByRequests(unittest.TestCase):
    def test_a_forked_process_has_none_of_the_connections(self) -> None:
        for mode in MODES:
            with self.subTest(mode), Zygote("leaving", mode=mode) as zygote:
                self.assertEqual(zygote.worker().get("/descriptors").body, b"0")

    def test_one_that_outlives_its_worker_is_named_and_goes_on_writing(self) -> None:
        with Zygote("leaving") as zygote:
            worker = zygote.worker()
            pid = int(worker.get("/start").body)
            try:
                start = time.monotonic()
                worker.stop()
                exited = zygote.exited(worker)
                self.assertEqual(exited["status"], 0)
                self.assertLess(exited["at"] - start, 0.6)
                zygote.event("output", lambda e: f"the process {pid} (" in e["line"])
                zygote.event("output", lambda e: e["line"] == "from the one behind")
                self.assertTrue(alive(pid))
            finally:
                os.kill(pid, signal.SIGKILL)


class Pipes(unittest.TestCase):
    def test_what_has_no_line_feed_is_in_them_at_once(self) -> None:
        def read(zygote: Zygote, pipe: int, event: Dict[str, Any]) -> None:
            for data in iter(lambda: os.read(pipe, 1000), b""):
                zygote._tell({**event, "line": data.decode()})
            os.close(pipe)

        for mode in MODES:
            with self.subTest(mode), mock.patch.object(Zygote, "_read_output", read):
                with Zygote("leaving", mode=mode) as zygote:
                    worker = zygote.worker()
                    start = time.monotonic()
                    worker.begin("/unended")
                    zygote.event("output", lambda e: (e["stream"], e["line"]) == ("stdout", "progress"))
                    zygote.event("output", lambda e: (e["stream"], e["line"]) == ("stderr", "no line feed"))
                    self.assertLess(time.monotonic() - start, 5)

    def test_they_have_no_name_once_they_are_read(self) -> None:
        with Zygote("leaving") as zygote:
            worker = zygote.worker()
            worker.stop()
            zygote.exited(worker)
            self.assertEqual(
                os.listdir(os.path.dirname(worker.path)), [os.path.basename(worker.path)[:-5] + ".scoreboard"]
            )

    def test_what_is_written_before_they_are_read_is_kept(self) -> None:
        with mock.patch.object(Zygote, "_read_outputs", lambda *_: []), Zygote() as zygote:
            worker = zygote.worker()
            worker.get("/prints")
            worker.stop()
            zygote.exited(worker)
            out = os.open(worker.path.replace(".sock", ".out"), os.O_RDONLY)
            zygote.write({"command": "read", "path": worker.path})
            with open(out, "rb") as left:
                self.assertEqual(left.read(), b"to stdout\n" + b"x" * 40000 + b"\nfrom below, no end")


if __name__ == "__main__":
    unittest.main()
