"""Signals to zygote and workers, and the handlers that an application sets."""

from __future__ import annotations

import json
import os
import signal
import time
import unittest
from typing import Any, Dict
from unittest import mock

from connections import Worker
from standin import Zygote
from surroundings import MODES, frames

NEVER = (signal.SIGKILL, signal.SIGSTOP)
FAULTS = (
    signal.SIGILL,
    signal.SIGTRAP,
    signal.SIGABRT,
    signal.SIGBUS,
    signal.SIGFPE,
    signal.SIGSEGV,
    signal.SIGSYS,
)
HARMLESS = [number for number in range(1, 32) if number not in (*NEVER, *FAULTS)]


def asked(worker: Worker, path: str) -> Dict[str, Any]:
    response = worker.get(path)
    assert response.failed is None, response.failed
    answer: Dict[str, Any] = json.loads(response.body)
    return answer


class SentByOthers(unittest.TestCase):
    def test_none_ends_or_stops_zygote_or_worker(self) -> None:
        for mode in MODES:
            with self.subTest(mode), Zygote("signalling", mode=mode) as zygote:
                worker = zygote.worker()
                for number in HARMLESS:
                    for pid in (zygote.process.pid, worker.pid):
                        os.kill(pid, number)
                    self.assertEqual(asked(worker, "/quick"), {"quick": True}, number)
                self.assertEqual(asked(zygote.worker(2), "/quick"), {"quick": True})
                self.assertFalse([e for e in zygote.events if e["event"] == "exited"])

    def test_nor_while_a_request_runs(self) -> None:
        for mode in MODES:
            with self.subTest(mode), Zygote("signalling", mode=mode) as zygote:
                worker = zygote.worker()
                number = worker.begin("/read", b"a", False)
                while worker.begun() != number:
                    pass
                for signal_number in HARMLESS:
                    os.kill(zygote.process.pid, signal_number)
                    os.kill(worker.pid, signal_number)
                worker.send(frames.BODY, 1, number, b"b")
                self.assertEqual(json.loads(worker.end(number).body), {"read": 2})

    def test_newborn_workers_stand_them_too(self) -> None:
        with Zygote("signalling") as zygote:
            zygote.event("ready")
            for slot in range(1, 31):
                zygote.write({"command": "fork", "slot": slot})
                forked = len([e for e in zygote.events if e["event"] == "forked"])
                for event in [e for e in zygote.events if e["event"] == "forked"][max(0, forked - 2) :]:
                    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGUSR1):
                        os.kill(event["pid"], number)
            zygote.event("forked", lambda e: e["slot"] == 30)
            time.sleep(0.1)
            self.assertFalse([e for e in zygote.events if e["event"] in ("exited", "signal")])

    def test_the_zygote_tells_of_those_that_mean_something_to_a_server(self) -> None:
        with Zygote("signalling") as zygote:
            worker = zygote.worker()
            for number in HARMLESS:
                os.kill(zygote.process.pid, number)
                os.kill(worker.pid, number)
            expected = {signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGUSR1, signal.SIGTERM}
            for number in expected:
                zygote.event("signal", lambda e: e["signal"] == number)
            zygote.worker(2)
            told = [e["signal"] for e in zygote.events if e["event"] == "signal"]
            self.assertEqual(sorted(told), sorted(expected))


class SetByApplications(unittest.TestCase):
    def test_what_the_import_sets_is_there_in_the_worker(self) -> None:
        for mode in MODES:
            for lazy in (False, True):
                with self.subTest(mode, lazy=lazy), mock.patch.dict(os.environ, SIGNALLING="handlers"):
                    with Zygote("signalling", mode=mode, lazy=lazy) as zygote:
                        answer = asked(zygote.worker(), "/handlers")
                blocked = ["SIGCHLD", "SIGQUIT", "SIGUSR2"]
                self.assertEqual((answer["lost"], answer["blocked"]), ([], blocked))
                self.assertEqual(answer["unseen"], [])
                self.assertIn("SIGWINCH", answer["woken"])

    def test_the_zygote_heeds_none_of_it(self) -> None:
        for mode in MODES:
            with self.subTest(mode), mock.patch.dict(os.environ, SIGNALLING="hostile"):
                with Zygote("signalling", mode=mode) as zygote:
                    worker = zygote.worker()
                    time.sleep(0.4)  # the timer of the import
                    self.assertEqual(asked(worker, "/quick"), {"quick": True})
                    worker.stop()
                    self.assertEqual(zygote.exited(worker)["status"], 0)
                    second = zygote.worker()
                    os.kill(second.pid, signal.SIGKILL)
                    self.assertEqual(zygote.exited(second)["signal"], signal.SIGKILL)

    def test_what_was_set_before_can_be_set_again(self) -> None:
        with Zygote("signalling") as zygote:
            self.assertEqual(asked(zygote.worker(), "/give-back"), {"same": True})


class Raising(unittest.TestCase):
    """Exceptions out of handlers. In mode threads requests don't run in the main thread, which is the one that has handlers."""

    def test_between_requests_it_is_logged(self) -> None:
        for mode in MODES:
            with self.subTest(mode), Zygote("signalling", mode=mode) as zygote:
                worker = zygote.worker()
                # The main thread alone can set handlers.
                if mode == "threads":
                    continue
                asked(worker, "/raise-handlers")
                for number in (signal.SIGUSR1, signal.SIGHUP, signal.SIGTERM):
                    os.kill(worker.pid, number)
                    zygote.event(
                        "output", lambda e: f"handler of {signal.Signals(number).name} raised" in e["line"]
                    )
                    self.assertEqual(asked(worker, "/quick"), {"quick": True})

    def test_inside_a_request_it_ends_that_alone(self) -> None:
        for mode in MODES:
            if mode == "threads":
                continue
            with self.subTest(mode), Zygote("signalling", mode=mode) as zygote:
                worker = zygote.worker()
                start = time.monotonic()
                for _ in range(5):
                    self.assertIn("Boom: SIGALRM", worker.get("/alarm").failed or "")
                    self.assertEqual(asked(worker, "/quick"), {"quick": True})
                self.assertLess(time.monotonic() - start, 10)

    def test_it_ends_a_wait_for_the_body(self) -> None:
        with Zygote("signalling") as zygote:
            worker = zygote.worker()
            number = worker.begin("/alarm-in-read", b"a", False)
            self.assertIn("Boom: SIGALRM", worker.end(number).failed or "")
            self.assertEqual(asked(worker, "/quick"), {"quick": True})

    def test_whatever_line_it_hits_every_request_is_answered(self) -> None:
        for mode in MODES:
            if mode == "threads":
                continue
            for seconds in (0.00013, 0.0007):
                with self.subTest(mode, seconds=seconds), Zygote(
                    "signalling", mode=mode, window=2000
                ) as zygote:
                    worker = zygote.worker()
                    worker.end(worker.begin(f"/start-ticks?{seconds}"))
                    failed = answered = 0
                    for _ in range(150):
                        numbers = [worker.begin(path) for path in ("/quick", "/stream", "/work", "/quick")]
                        body = worker.begin("/read", b"", False)
                        worker.send(frames.BODY, 1, body, b"some")
                        for number in (*numbers, body):
                            response = worker.end(number)
                            if response.failed is None:
                                answered += 1
                            else:
                                self.assertIn("Boom: tick", response.failed)
                                failed += 1
                    # One that isn't hit itself stops them.
                    while worker.get("/stop-ticks").failed is not None:
                        pass
                    ticks = asked(worker, "/stop-ticks")["ticks"]
                    self.assertEqual(failed + answered, 750)
                    self.assertGreater(ticks, 50)
                    self.assertGreater(failed, 0)
                    self.assertGreater(answered, 0)
                    self.assertEqual(asked(worker, "/quick"), {"quick": True})
                    self.assertFalse([e for e in zygote.events if e["event"] == "exited"])
                    self.assertNotIn("defect", "".join(zygote.output(worker.pid, "stderr")))


if __name__ == "__main__":
    unittest.main()
