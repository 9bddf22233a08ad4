"""Mode asyncio: asyncio code of the application's own in a request."""

from __future__ import annotations

import time
import unittest

from every_mode import OneWorker
from surroundings import frames, has_greenlet


@unittest.skipUnless(has_greenlet(), "mode asyncio needs the package greenlet")
class Nested(OneWorker):
    mode = "asyncio"
    module = "nesting"
    boot = {"concurrency": 100}

    def test_a_loop_of_the_applications_own_runs(self) -> None:
        for path in ("run", "own-loop", "plain-selector-loop", "set-loop", "common-loop", "common-loop"):
            with self.subTest(path):
                self.assertEqual(self.answer("/" + path), "done")
        self.assertEqual(self.answer("/runner"), "done done")

    def test_others_are_served_while_it_runs(self) -> None:
        for path in ("run-until-flag", "common-loop", "inside-a-task"):
            with self.subTest(path):
                waiting = self.worker.begin(f"/{path}?{path}")
                self.assertEqual(self.answer(f"/flag?{path}"), "set")
                response = self.worker.end(waiting)
                self.assertIsNone(response.failed)
                expected = "flagged [True, True]" if path == "inside-a-task" else "flagged"
                self.assertEqual(response.body.decode(), expected)

    def test_many_run_at_once(self) -> None:
        start = time.monotonic()
        numbers = [self.worker.begin("/run?0.5") for _ in range(40)]
        for number in numbers:
            self.assertEqual(self.worker.end(number).body, b"done")
        self.assertLess(time.monotonic() - start, 10)

    def test_it_leaves_nothing_behind(self) -> None:
        self.assertEqual(self.answer("/after-a-run"), "True found")

    def test_a_loop_in_a_loop_is_refused_as_everywhere(self) -> None:
        said = "asyncio.run() cannot be called from a running event loop"
        self.assertEqual(self.answer("/within-a-run"), said)
        self.assertEqual(self.answer("/in-the-hub"), said)
        self.assertIn("it is the server's", self.answer("/common-loop-for-ever"))

    def test_the_body_may_be_read_inside(self) -> None:
        body = bytes(range(256)) * 400
        number = self.worker.begin("/reads", body[:100], False)
        self.assertEqual(self.answer("/run"), "done")
        self.worker.send_body(number, body[100:])
        self.assertEqual(self.worker.end(number).body, body)

    def test_threads_and_processes(self) -> None:
        self.assertEqual(self.answer("/threads"), "from a thread")
        self.assertEqual(self.answer("/process"), "said")

    def test_context_variables_go_along(self) -> None:
        numbers = {str(n): self.worker.begin(f"/context?{n}") for n in range(10)}
        for value, number in numbers.items():
            self.assertEqual(self.worker.end(number).body.decode(), value * 2)

    def test_asynchronous_generators_keep_their_loops(self) -> None:
        self.assertEqual(self.answer("/generators"), "[True, True]")

    def test_a_cancelled_request_ends_its_run(self) -> None:
        number = self.worker.begin("/cancelled")
        while "waits" not in self.answer("/flags").split():
            pass
        self.worker.send(frames.CANCEL, 0, number)
        self.assertTrue(self.worker.end(number).cancelled)
        flags = self.answer("/flags")
        self.assertIn("cancelled cleaned up", flags)

    def test_asynchronous_views_by_asgiref(self) -> None:
        numbers = [self.worker.begin("/asgiref-view") for _ in range(5)]
        for number in numbers:
            response = self.worker.end(number)
            self.assertIsNone(response.failed)
            self.assertEqual(response.body, b"done True")

    def test_they_hold_nobody_up(self) -> None:
        numbers = [self.worker.begin("/asgiref-waits?views") for _ in range(30)]
        self.assertEqual(self.answer("/flag?views"), "set")
        for number in numbers:
            self.assertEqual(self.worker.end(number).body, b"flagged")

    def test_they_are_tasks_of_the_loop(self) -> None:
        self.assertEqual(self.answer("/asgiref-loop"), "[True, True, True, True]")

    def test_they_are_a_part_of_the_request(self) -> None:
        numbers = {str(n): self.worker.begin(f"/asgiref-context?{n}") for n in range(10)}
        for value, number in numbers.items():
            self.assertEqual(self.worker.end(number).body.decode(), f"{value}, {value} set inside")
        self.assertEqual(self.answer("/asgiref-fails"), "of the view 1 in True")
        self.assertEqual(self.answer("/asgiref-exits"), "leaves")
        self.assertEqual(self.answer("/asgiref-handles"), "KeyError('handled')")

    def test_they_call_what_waits(self) -> None:
        numbers = [self.worker.begin("/asgiref-nested") for _ in range(5)]
        for number in numbers:
            response = self.worker.end(number)
            self.assertIsNone(response.failed)
            self.assertEqual(response.body.decode(), ", ".join(["True seen done"] * 3) + " False")

    def test_a_cancelled_request_cancels_its_view(self) -> None:
        number = self.worker.begin("/asgiref-cancelled")
        while "sync waits" not in self.answer("/log"):
            pass
        self.worker.send(frames.CANCEL, frames.OVERTIME, number)
        self.assertTrue(self.worker.end(number).cancelled)
        said = self.answer("/log").split(", ")
        self.assertEqual(sorted(said[2:4]), ["inner ended", "view cleaned up"])
        self.assertEqual(said[4:], ["request goes on"])
        self.zygote.event("output", lambda e: "nesting.py" in e["line"] and "in view" in e["line"])

    def test_asgiref_elsewhere_is_as_ever(self) -> None:
        said = self.answer("/asgiref-elsewhere")
        self.assertIn("['done'] You cannot use AsyncToSync in the same thread", said)


if __name__ == "__main__":
    unittest.main()
