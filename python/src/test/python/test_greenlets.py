"""Mode asyncio: greenlets, the loop, and the article's own program."""

from __future__ import annotations

import time
import unittest

from connections import Later
from every_mode import OneWorker
from standin import Zygote
from surroundings import DEADLINE, SHARED_APPLICATIONS, frames, has_greenlet


@unittest.skipUnless(has_greenlet(), "mode asyncio needs the package greenlet")
class Greenlets(OneWorker):
    mode = "asyncio"
    module = "waiting"
    boot = {"concurrency": 100}

    def log(self) -> str:
        """What an application has noted; waits for it."""
        said = ""
        while not said:
            said = self.answer("/log")
        return said

    def test_many_wait_at_once(self) -> None:
        start = time.monotonic()
        numbers = [self.worker.begin("/two-seconds?0.5") for _ in range(100)]
        for number in numbers:
            self.assertEqual(self.worker.end(number).body, b"Hello World")
        self.assertLess(time.monotonic() - start, 3)
        self.zygote.event("output", lambda e: e["line"] == "Hello 2 seconds elapsed")

    def test_switching_an_awaitable_awaits_it(self) -> None:
        self.assertEqual(self.answer("/awaits"), "awaited")
        self.assertEqual(self.answer("/awaits-future"), "future")
        self.assertEqual(self.answer("/awaits-failure"), "KeyError('from the awaitable')")

    def test_awaiting_while_resumed_inside_a_task(self) -> None:
        self.assertEqual(self.answer("/awaits-nested"), "True nested task went on")

    def test_stray_switches_are_harmless(self) -> None:
        number = self.worker.begin("/stray", b"a", False)
        time_is_up = self.worker.begin("/two-seconds?0.01")
        self.worker.end(time_is_up)
        self.worker.send(frames.BODY, frames.COMPLETE, number, b"b")
        self.assertEqual(self.worker.end(number).body, b"ab slept")
        self.assertEqual(self.answer("/two-seconds?0.1"), "Hello World")

    def test_the_body_may_be_read_anywhere(self) -> None:
        body = bytes(range(256)) * 400
        for path in ("/coroutine-reads", "/generator-reads", "/executor-reads", "/read", "/child-greenlet"):
            with self.subTest(path):
                number = self.worker.begin(path, body[:100], False)
                self.worker.send_body(number, body[100:])
                response = self.worker.end(number)
                self.assertIsNone(response.failed)
                self.assertEqual(response.body, body)

    def test_requests_that_come_while_a_coroutine_reads_are_served(self) -> None:
        reading = self.worker.begin("/coroutine-reads", b"", False)
        other = self.worker.begin("/hello")
        self.worker.send(frames.BODY, frames.COMPLETE, reading, b"late")
        self.assertEqual(self.worker.end(reading).body, b"late")
        self.assertEqual(self.worker.end(other).body, b"hello")

    def test_a_slow_body_holds_nobody_up(self) -> None:
        reading = [self.worker.begin("/read", b"", False) for _ in range(50)]
        self.assertEqual(self.answer("/hello"), "hello")
        for number in reading:
            self.worker.send(frames.BODY, frames.COMPLETE, number, b"body")
        for number in reading:
            self.assertEqual(self.worker.end(number).body, b"body")

    def test_contextvars_are_empty_and_kept(self) -> None:
        numbers = [self.worker.begin(f"/context?{n}") for n in range(5)]
        for n, number in enumerate(numbers):
            self.assertEqual(self.worker.end(number).body, b"empty %d" % n)

    def test_the_surroundings(self) -> None:
        self.assertEqual(self.answer("/parent"), "(True, True, True, 'true')")

    def test_the_loop_turns_after_each_chunk(self) -> None:
        self.assertEqual(self.answer("/turns"), "...chunk loop chunk loop chunk loop")

    def test_cancel_is_thrown_into_what_waits(self) -> None:
        for path, said in [
            ("/waits-forever", "cancelled\ncleaned"),
            ("/waits-in-generator", "generator closed"),
            ("/awaits-forever", "awaitable cancelled"),
        ]:
            with self.subTest(path):
                number = self.worker.begin(path)
                self.answer("/hello")
                self.worker.send(frames.CANCEL, frames.OVERTIME, number)
                response = self.worker.end(number)
                self.assertTrue(response.cancelled)
                self.assertEqual(self.log(), said)

    def test_the_log_shows_where_it_waited(self) -> None:
        number = self.worker.begin("/waits-forever")
        self.answer("/hello")
        self.worker.send(frames.CANCEL, frames.OVERTIME, number)
        self.assertTrue(self.worker.end(number).cancelled)
        self.zygote.event("output", lambda e: "waiting.py" in e["line"] and "in waits_forever" in e["line"])
        self.assertIn("cancelled", self.log())

    def test_one_that_ignores_a_cancel_stays(self) -> None:
        number = self.worker.begin("/ignores-cancel")
        self.answer("/hello")
        self.worker.send(frames.CANCEL, 0, number)
        self.assertEqual(self.log(), "ignored")
        self.assertTrue(self.worker.end(number).cancelled)

    def test_a_task_that_exits_ends_nobody(self) -> None:
        self.assertEqual(self.answer("/exits-in-task"), "still here")

    def test_an_exception_after_a_wait_is_a_failure(self) -> None:
        self.assertIn("RuntimeError: deliberately", self.worker.get("/fails-in-callback").failed or "")

    def test_uwsgi_waits_without_holding_others_up(self) -> None:
        start = time.monotonic()
        numbers = [self.worker.begin("/sleeps") for _ in range(50)]
        for number in numbers:
            self.assertEqual(self.worker.end(number).body, b"slept")
        self.assertLess(time.monotonic() - start, 2)
        self.assertEqual(self.answer("/waits-fd"), "(True, -1, True, True)")
        self.assertIn("await instead", self.answer("/sleeps-in-coroutine"))

    def test_greenlets_wait_for_a_lock(self) -> None:
        asked: "list[Later]" = []

        def answer(call: "tuple[object, ...]") -> object:
            # As the JVM: to it, the worker is one owner, who would get the lock a second time at once.
            if call == ("lock", 3) and not asked:
                asked.append(Later())
                raise asked[0]
            return None

        self.worker.answer = answer
        numbers = [self.worker.begin(f"/locks?{n}") for n in range(5)]
        # Another worker has it: the others here go on.
        self.assertEqual(self.answer("/hello"), "hello")
        cancelled = self.worker.begin("/locks?never")
        self.answer("/hello")
        self.worker.send(frames.CANCEL, 0, cancelled)
        self.assertTrue(self.worker.end(cancelled).cancelled)
        deadline = time.monotonic() + DEADLINE
        while not (asked and hasattr(asked[0], "reply")) and time.monotonic() < deadline:
            time.sleep(0.001)  # the call comes on another connection
        asked[0].reply(None)
        bodies = [self.worker.end(number).body for number in numbers]
        order = bodies[-1].decode().split()
        self.assertEqual(order, [n for n in order[::2] for _ in "xx"])


@unittest.skipUnless(has_greenlet(), "mode asyncio needs the package greenlet")
class Article(unittest.TestCase):
    def test_it_runs_unmodified(self) -> None:
        try:
            import werkzeug  # noqa: F401
        except ImportError:
            self.skipTest("the article's program needs Werkzeug")
        with Zygote("article", mode="asyncio", python_path=[SHARED_APPLICATIONS]) as zygote:
            worker = zygote.worker()
            start = time.monotonic()
            numbers = [worker.begin("/") for _ in range(50)]
            for number in numbers:
                response = worker.end(number)
                self.assertEqual((response.status, response.body), ("200 OK", b"Hello world!"))
            self.assertGreater(time.monotonic() - start, 0.9)
            self.assertLess(time.monotonic() - start, 20)
            self.assertEqual(worker.get("/user?name=Bob").body, b"Hello Bob!")
            self.assertEqual(worker.get("/nowhere").status, "404 NOT FOUND")
            refused = worker.get("/user", REQUEST_METHOD="PUT")
            self.assertEqual(refused.status, "404 NOT FOUND")
            self.assertIn(b"not implemented", refused.body)

    def test_the_loop_of_the_import_is_the_one_that_runs(self) -> None:
        with Zygote("early_loop", mode="asyncio") as zygote:
            for slot in (1, 2, 3):
                self.assertEqual(zygote.worker(slot).get("/").body, b"True")


if __name__ == "__main__":
    unittest.main()
