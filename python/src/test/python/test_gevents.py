"""Mode gevent: greenlets of gevent's, and when the standard library is patched."""

from __future__ import annotations

import time
import unittest
from typing import Any, Dict, List

from connections import Later
from every_mode import OneWorker
from standin import Zygote
from surroundings import DEADLINE, frames, has_gevent


class Requests:
    """What holds whether the standard library is patched or not."""

    answer: Any
    worker: Any
    zygote: Any
    assertEqual: Any
    assertLess: Any

    def logged(self) -> List[str]:
        said: List[str] = []
        while not said:
            said = [each for each in self.answer("/log").split(",") if each]
        return said

    def at_once(self, path: str) -> None:
        start = time.monotonic()
        numbers = [self.worker.begin(path + "?0.5") for _ in range(100)]
        for number in numbers:
            self.assertEqual(self.worker.end(number).body, b"hello")
        self.assertLess(time.monotonic() - start, 10)

    def test_many_wait_at_once(self) -> None:
        self.at_once("/gevent-sleep")
        self.at_once("/async-sleep")

    def test_what_a_program_sees(self) -> None:
        self.assertEqual(self.answer("/facts"), "b'gevent' 1 100 False")

    def test_the_body_may_be_read_anywhere(self) -> None:
        for path in ("/read-in-child", "/read-in-pool"):
            number = self.worker.begin(path, b"first ", False)
            self.worker.send(frames.BODY, frames.COMPLETE, number, b"last")
            self.assertEqual(self.worker.end(number).body, b"first last")

    def test_descriptors(self) -> None:
        self.assertEqual(self.answer("/wait-fd"), "True")

    def test_cancel_is_thrown_into_what_waits(self) -> None:
        for path in ("/gevent-sleep?60", "/async-sleep?60", "/read-in-child"):
            number = self.worker.begin(path, b"", False)
            self.answer("/facts")
            self.worker.send(frames.CANCEL, 0, number)
            self.assertEqual(self.worker.next(number, frames.FAILED).flags, frames.CANCELLED)
            self.assertEqual(self.logged(), ["RequestCancelled"])

    def test_a_forked_process_does_not_answer(self) -> None:
        self.assertEqual(self.answer("/fork"), "0")
        self.assertEqual(self.answer("/facts")[:9], "b'gevent'")

    def test_an_exit_in_a_greenlet_is_logged(self) -> None:
        self.answer("/exit-in-child")
        self.zygote.event(
            "output", lambda e: e["line"] == "loomgate: a callback or greenlet of gevent's hub failed:"
        )
        self.assertEqual(self.answer("/facts")[:9], "b'gevent'")

    def test_a_stop_waits_for_requests(self) -> None:
        worker = self.zygote.worker()
        number = worker.begin("/gevent-sleep?0.3")
        while worker.begun() != number:
            pass
        worker.stop()
        self.assertEqual(worker.end(number).body, b"hello")
        self.assertEqual(self.zygote.exited(worker)["status"], 0)


@unittest.skipUnless(has_gevent(), "needs the package gevent")
class Unpatched(Requests, OneWorker):
    mode = "gevent"
    module = "hub"
    boot: Dict[str, Any] = {"concurrency": 100}

    def test_patched(self) -> None:
        self.assertEqual(self.answer("/patched"), "False False")


@unittest.skipUnless(has_gevent(), "needs the package gevent")
class Patched(Requests, OneWorker):
    mode = "gevent"
    module = "hub"
    boot: Dict[str, Any] = {"concurrency": 100, "gevent_patch": "before_load"}

    def test_patched(self) -> None:
        self.assertEqual(self.answer("/patched"), "True True")

    def test_the_library_waits_by_the_hub(self) -> None:
        self.at_once("/sleep")
        self.assertEqual(self.answer("/recv"), "x")


@unittest.skipUnless(has_gevent(), "needs the package gevent")
class PatchedLate(OneWorker):
    mode = "gevent"
    module = "hub"
    boot: Dict[str, Any] = {"concurrency": 100, "gevent_patch": "after_load"}

    def test_patched(self) -> None:
        self.assertEqual(self.answer("/patched"), "False True")


@unittest.skipUnless(has_gevent(), "needs the package gevent")
class Locks(unittest.TestCase):
    def test_a_lock_is_handed_from_greenlet_to_greenlet(self) -> None:
        asked: List[Any] = []

        def reply(call: Any) -> None:
            if call[0] == "lock":
                asked.append(Later())
                raise asked[-1]

        with Zygote("hub", mode="gevent", concurrency=100) as zygote:
            worker = zygote.worker()
            worker.answer = reply
            numbers = [worker.begin("/lock", HTTP_NAME=name) for name in "ab"]
            # Nobody else is held up while the JVM takes its time.
            self.assertEqual(worker.get("/facts").body[:9], b"b'gevent'")
            for _ in numbers:
                deadline = time.monotonic() + DEADLINE
                while not (asked and hasattr(asked[-1], "reply")) and time.monotonic() < deadline:
                    time.sleep(0.001)  # the call comes on another connection
                self.assertEqual(len(asked), 1)
                asked.pop().reply(None)
            for number in numbers:
                self.assertEqual(worker.end(number).status, "200 OK")
            said = worker.get("/log").body.decode().split(",")
            self.assertEqual([line[0] for line in said], [n for n in [said[0][0], said[2][0]] for _ in "xx"])


if __name__ == "__main__":
    unittest.main()
