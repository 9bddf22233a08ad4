"""WSGI applications that are coroutine functions, in each mode, and what they may return."""

from __future__ import annotations

import unittest
from typing import Any

from connections import Response
from every_mode import OneWorker
from standin import Zygote
from surroundings import frames, has_gevent, has_greenlet


class Coroutines(OneWorker):
    module = "coroutines"
    boot = {"concurrency": 100, "threads": 4}

    def test_it_is_awaited(self) -> None:
        for path, body in [
            ("/hello", "hello"),
            ("/iterable", "abc"),
            ("/sync-generator", "01234"),
            ("/future", "future"),
        ]:
            with self.subTest(path):
                self.assertEqual(self.answer(path), body)
        self.assertEqual(self.worker.get("/log").body, b"closed")

    def test_a_generator_may_await(self) -> None:
        self.assertRegex(self.answer("/generator"), r"^(\d ){3}.* 1$")

    def test_a_large_body_waits_for_credit(self) -> None:
        self.assertEqual(self.answer("/large"), "x" * 200000)

    def test_the_body_may_be_read(self) -> None:
        body = bytes(range(256)) * 400
        for path in ("/reads", "/reads-here"):
            with self.subTest(path):
                number = self.worker.begin(path, body[:100], False)
                self.worker.send_body(number, body[100:])
                self.assertEqual(self.worker.end(number).body, body)

    def test_it_may_fail(self) -> None:
        self.assertIn("LookupError: deliberately", self.worker.get("/fails").failed or "")
        self.assertIn("the application returned None", self.worker.get("/nothing").failed or "")
        response = self.worker.get("/fails-later")
        self.assertEqual(response.body, b"begun")
        self.assertIn("LookupError: deliberately, later", response.failed or "")


class Threads(Coroutines):
    mode = "threads"

    def test_each_thread_has_a_loop(self) -> None:
        waiting = self.worker.begin("/waits?threads")
        self.assertEqual(self.answer("/flag?threads"), "set")
        self.assertEqual(self.worker.end(waiting).body, b"flagged")


class Sync(Coroutines):
    mode = "sync"

    def test_the_operator_is_told(self) -> None:
        with Zygote("coroutines", mode="sync") as zygote:
            zygote.event("ready")
            self.assertIn(b"has a worker await for many requests at once", zygote.errors)


@unittest.skipUnless(has_greenlet(), "mode asyncio needs the package greenlet")
class Asyncio(Coroutines):
    mode = "asyncio"

    def test_many_wait_at_once(self) -> None:
        numbers = [self.worker.begin("/waits?many") for _ in range(50)]
        self.assertEqual(self.answer("/flag?many"), "set")
        for number in numbers:
            self.assertEqual(self.worker.end(number).body, b"flagged")

    def test_a_generator_is_one_task_and_has_the_coroutines_context(self) -> None:
        self.assertEqual(self.answer("/generator"), "1 1 1 set before 0 1 2 1")

    def test_a_cancelled_request_cancels_it(self) -> None:
        number = self.worker.begin("/waits-forever")
        while "waits" not in self.answer("/log"):
            pass
        self.worker.send(frames.CANCEL, frames.OVERTIME, number)
        self.assertTrue(self.worker.end(number).cancelled)
        self.assertEqual(self.answer("/log"), "cleaned")
        self.zygote.event(
            "output", lambda e: "coroutines.py" in e["line"] and "in waits_forever" in e["line"]
        )

    def test_a_client_that_goes_ends_a_stream(self) -> None:
        number = self.worker.begin("/streams-forever")
        while "streams" not in self.answer("/log"):
            pass
        self.worker.send(frames.CANCEL, 0, number)
        self.assertTrue(self.worker.end(number).cancelled)
        self.assertEqual(self.answer("/log"), "ended")


class OtherWays(unittest.TestCase):
    def respond(self, name: str, mode: str, **boot: Any) -> Response:
        with Zygote("coroutines:" + name, mode=mode, **boot) as zygote:
            return zygote.worker().get("/hello")

    def test_what_returns_a_coroutine_is_awaited_too(self) -> None:
        for mode in ["sync", "threads"] + ["asyncio"] * has_greenlet():
            for name in ("plain", "instance", "partial"):
                with self.subTest(f"{name} in {mode}"):
                    self.assertEqual(self.respond(name, mode).body, b"hello")
            self.assertEqual(self.respond("plain_generator", mode).body, b"ab")

    @unittest.skipUnless(has_gevent(), "mode gevent needs the package gevent")
    def test_gevent_has_no_loop(self) -> None:
        said = "runs it on the worker's event loop"
        self.assertIn(said, self.respond("plain", "gevent", gevent_patch="before_load").failed or "")
        self.assertIn(said, self.respond("plain_generator", "gevent").failed or "")
        with Zygote("coroutines", mode="gevent") as zygote:
            self.assertIn("isn't for a coroutine function", zygote.event("failed")["message"])


del Coroutines

if __name__ == "__main__":
    unittest.main()
