"""The zygote: forking, output, deaths."""

from __future__ import annotations

import os
import shutil
import signal
import time
import unittest

from standin import Zygote, alive
from surroundings import MODES, frames


class Life(unittest.TestCase):
    def test_stop_ends_a_worker_normally(self) -> None:
        for mode in MODES:
            with self.subTest(mode), Zygote("chatty", mode=mode) as zygote:
                worker = zygote.worker()
                worker.stop()
                self.assertEqual(zygote.exited(worker)["status"], 0)
                self.assertEqual(zygote.output(worker.pid), ["atexit ran"])
                self.assertFalse(os.path.exists(worker.path))

    def test_stop_waits_for_what_runs(self) -> None:
        for mode in MODES:
            with self.subTest(mode), Zygote(mode=mode) as zygote:
                worker = zygote.worker()
                number = worker.begin("/echo", b"a", False)
                worker.stop()
                worker.send(frames.BODY, 1, number, b"b")
                self.assertEqual(worker.end(number).body, b"ab")
                self.assertEqual(zygote.exited(worker)["status"], 0)

    def test_a_worker_goes_at_once_when_control_ends(self) -> None:
        for mode in MODES:
            with self.subTest(mode), Zygote(mode=mode) as zygote:
                worker = zygote.worker()
                worker.begin("/sleep")
                start = time.monotonic()
                worker.close()
                self.assertEqual(zygote.exited(worker)["status"], 3)
                self.assertLess(time.monotonic() - start, 1)

    def test_kill_minus_nine(self) -> None:
        for mode in MODES:
            with self.subTest(mode), Zygote(mode=mode) as zygote:
                first = zygote.worker()
                number = first.begin("/sleep")
                while first.begun() != number:
                    pass
                os.kill(first.pid, signal.SIGKILL)
                self.assertEqual(zygote.exited(first)["signal"], signal.SIGKILL)
                # The JVM reads it now.
                self.assertEqual(first.begun(), number)
                self.assertEqual(zygote.worker().get("/hello").body, b"Hello world!\n")

    def test_the_kill_command(self) -> None:
        with Zygote() as zygote:
            worker = zygote.worker()
            zygote.write({"command": "kill", "pid": worker.pid, "signal": 9})
            self.assertEqual(zygote.exited(worker)["signal"], 9)
            # Of a number that is nobody's any more it takes no notice.
            zygote.write({"command": "kill", "pid": worker.pid, "signal": 9})
            self.assertEqual(zygote.worker().get("/hello").body, b"Hello world!\n")

    def test_the_end_of_stdin_ends_everything_within_a_second(self) -> None:
        for mode in MODES:
            with self.subTest(mode), Zygote(mode=mode) as zygote:
                workers = [zygote.worker(slot) for slot in (1, 2)]
                for worker in workers:
                    number = worker.begin("/sleep")
                    while worker.begun() != number:
                        pass
                directory = zygote.event("ready")["directory"]
                self.assertEqual(os.stat(directory).st_mode & 0o777, 0o700)
                start = time.monotonic()
                assert zygote.process.stdin is not None
                zygote.process.stdin.close()
                self.assertEqual(zygote.process.wait(10), 0)
                while any(alive(worker.pid) for worker in workers):
                    self.assertLess(time.monotonic() - start, 1)
                self.assertLess(time.monotonic() - start, 1)
                self.assertFalse(os.path.exists(directory))

    def test_the_end_of_stdin_during_an_import(self) -> None:
        with Zygote("stuck") as zygote:
            zygote.error("the import has begun")
            start = time.monotonic()
            assert zygote.process.stdin is not None
            zygote.process.stdin.close()
            self.assertEqual(zygote.process.wait(10), 0)
            self.assertLess(time.monotonic() - start, 1)

    def test_workers_go_with_a_zygote_that_is_killed(self) -> None:
        with Zygote() as zygote:
            worker = zygote.worker()
            worker.begin("/sleep")
            start = time.monotonic()
            directory = zygote.event("ready")["directory"]
            zygote.process.kill()
            while alive(worker.pid):
                self.assertLess(time.monotonic() - start, 1)
            shutil.rmtree(directory)

    def test_many_forks_at_once(self) -> None:
        with Zygote() as zygote:
            zygote.event("ready")
            start = time.monotonic()
            for slot in range(1, 21):
                zygote.write({"command": "fork", "slot": slot})
            zygote.event("forked", lambda e: e["slot"] == 20)
            self.assertLess(time.monotonic() - start, 2)
            self.assertEqual([e["slot"] for e in zygote.events if e["event"] == "forked"], list(range(1, 21)))

    def test_sigint_and_sigterm_are_left_to_the_jvm(self) -> None:
        with Zygote() as zygote:
            worker = zygote.worker()
            for number in (signal.SIGINT, signal.SIGTERM):
                os.kill(zygote.process.pid, number)
                os.kill(worker.pid, number)
            self.assertEqual(worker.get("/hello").body, b"Hello world!\n")
            # But not in processes that the application makes.
            self.assertEqual(worker.get("/terminates").body, b"-15 -15")
            self.assertEqual(zygote.worker(2).get("/hello").body, b"Hello world!\n")

    def test_an_unknown_frame_ends_the_worker(self) -> None:
        for mode in MODES:
            with self.subTest(mode), Zygote(mode=mode) as zygote:
                worker = zygote.worker()
                worker.send(0x55)
                self.assertEqual(zygote.exited(worker)["status"], 70)
                self.assertIn("frame 0x55", "\n".join(zygote.output(worker.pid, "stderr")))


class Output(unittest.TestCase):
    def test_what_an_import_prints_is_on_stderr(self) -> None:
        with Zygote("chatty") as zygote:
            zygote.event("ready")
            zygote.error("printed in the import")
            zygote.error("said in the import")
            zygote.error("started 1 thread(s) (a-thread)")

    def test_what_a_worker_prints_is_told_in_order(self) -> None:
        for mode in MODES:
            with self.subTest(mode), Zygote(mode=mode) as zygote:
                worker = zygote.worker()
                worker.get("/prints")
                worker.stop()
                zygote.exited(worker)
                out = ["to stdout", "x" * 40000, "from below, no end"]
                self.assertEqual(zygote.output(worker.pid), out)
                self.assertEqual(zygote.output(worker.pid, "stderr"), ["to stderr", "to errors"])
                self.assertEqual(zygote.events[-1]["event"], "exited")

    def test_a_flood_is_complete(self) -> None:
        with Zygote() as zygote:
            worker = zygote.worker()
            worker.get("/prints-much")
            worker.stop()
            zygote.exited(worker)
            self.assertEqual(zygote.output(worker.pid), [f"line {n}" for n in range(20000)])

    def test_a_process_that_is_left_behind_does_not_keep_the_end_back(self) -> None:
        with Zygote() as zygote:
            worker = zygote.worker()
            pid = int(worker.get("/grandchild").body)
            try:
                worker.stop()
                self.assertEqual(zygote.exited(worker)["status"], 0)
                self.assertEqual(zygote.output(worker.pid), ["left behind"])
            finally:
                os.kill(pid, signal.SIGKILL)

    def test_sigusr2_tells_where_a_worker_is_stuck(self) -> None:
        for mode in MODES:
            with self.subTest(mode), Zygote(mode=mode) as zygote:
                worker = zygote.worker()
                worker.begin("/sleep")
                zygote.event("output", lambda e: e["line"] == "sleeping")
                os.kill(worker.pid, signal.SIGUSR2)
                zygote.event("output", lambda e: "in sleep" in e["line"] and "programs.py" in e["line"])


if __name__ == "__main__":
    unittest.main()
