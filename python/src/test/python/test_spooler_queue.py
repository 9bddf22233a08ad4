"""A spooler whose tasks the JVM hands out, and the functions of the `uwsgi` module about a queue."""

from __future__ import annotations

import ast
import os
import time
import unittest
from typing import Any, List, Tuple

from test_spooler import Spooling
from connections import Worker
from surroundings import DEADLINE, frames

from loomgate_worker.uwsgi import spoolfile

QUEUE = "redis:mails"


class Queueing(Spooling):
    def start(self, **boot: Any) -> Any:
        spool = {"places": [QUEUE, self.base], "queues": {QUEUE: 1000 << 10}}
        return super().start(spool={**spool, **boot.pop("spool", {})}, **boot)

    def spooler(self, zygote: Any, number: int = 1, begin: bool = True, **job: Any) -> Worker:
        return super().spooler(zygote, number, begin, queue=QUEUE, **job)

    def run_task(self, spooler: Worker, task_id: str, body: bytes = b"", **variables: Any) -> None:
        packed = spoolfile.pack({key.encode(): str(value).encode() for key, value in variables.items()})
        self.tell(spooler, "run", task_id, packed + body)

    def ended(self, spooler: Worker) -> Tuple[int, str]:
        frame = spooler.any(frames.IDLE)
        return frame.flags, frame.payload.decode()


class Tasks(Queueing):
    def test_a_task_is_run_with_its_id(self) -> None:
        spooler = self.spooler(self.start())
        self.run_task(spooler, "4711", b"B" * 70000, name="a", do="show")
        notes = self.noted(4)
        self.assertEqual(notes[0], f"a by {spooler.pid}")
        self.assertEqual(ast.literal_eval(notes[1]), {b"name": b"a", b"do": b"show", "body": b"B" * 70000})
        self.assertEqual(notes[2], "(<class 'bytes'>, False)")
        self.assertEqual(spooler.any(frames.BUSY).payload, b"the task 4711")

    def test_a_long_one_comes_in_parts(self) -> None:
        spooler = self.spooler(self.start())
        packed = spoolfile.pack({b"name": b"a"})
        self.tell(spooler, "part", packed[:5])
        self.tell(spooler, "part", packed[5:] + b"B" * 1000)
        self.tell(spooler, "run", "1", b"C")
        self.assertEqual(self.names(1), ["a"])
        self.assertEqual(self.ended(spooler), (frames.TASK_DONE, ""))

    def test_what_became_of_it_is_told(self) -> None:
        spooler = self.spooler(self.start())
        for result, told in (
            ({}, (frames.TASK_DONE, "")),
            ({"result": -1}, (frames.TASK_FAILED, "")),
            ({"result": 7}, (frames.TASK_FAILED, "")),
            ({"result": 0}, (0, "")),
            ({"do": "text"}, (frames.TASK_FAILED, "")),
            ({"do": "exit"}, (frames.TASK_FAILED, "SystemExit: 5")),
            ({"result": -1, "ud_spool_ret": -1}, (0, "")),
            ({"do": "exit", "ud_spool_ret": -1}, (0, "SystemExit: 5")),
        ):
            self.run_task(spooler, "1", name="a", **result)
            self.assertEqual(self.ended(spooler), told)

    def test_what_is_no_task_has_failed(self) -> None:
        spooler = self.spooler(self.start())
        for content in b"", b"\x11\x05\x00\x00x":
            self.tell(spooler, "run", "1", content)
            flags, why = self.ended(spooler)
            self.assertEqual(flags, frames.TASK_FAILED)
            self.assertTrue(why.startswith("it can't be read: it "), why)
        self.run_task(spooler, "2", name="good")
        self.assertEqual(self.names(1), ["good"])

    def test_it_says_that_it_has_enough_before_the_last_task_is_over(self) -> None:
        spooler = self.spooler(self.start(), max_tasks=2)
        self.run_task(spooler, "1", name="a")
        self.ended(spooler)
        self.run_task(spooler, "2", name="b")
        kinds: List[int] = []
        deadline = time.monotonic() + DEADLINE
        while frames.IDLE not in kinds:
            assert time.monotonic() < deadline, kinds
            kinds = [frame.kind for frame in spooler.arrived()]
        self.assertIn(frames.LIMIT, kinds[: kinds.index(frames.IDLE)])
        self.run_task(spooler, "3", name="c")
        spooler.stop()
        self.assertEqual(self.names(2), ["a", "b"])

    def test_a_working_directory_that_is_gone_fails_the_task(self) -> None:
        spooler = self.spooler(self.start(), chdir=os.path.join(self.base, "gone"))
        self.run_task(spooler, "1", name="a")
        flags, why = self.ended(spooler)
        self.assertEqual(flags, frames.TASK_FAILED)
        self.assertIn("No such file", why)


class Functions(Queueing):
    """Of the `uwsgi` module, in a worker."""

    def setUp(self) -> None:
        super().setUp()
        self.worker = self.start(spool={"quiet": False}).worker()
        self.worker.answer = lambda call: "4711"

    def eval(self, expression: str) -> Any:
        response = self.worker.get("/", QUERY_STRING=expression)
        self.assertIsNone(response.failed)
        return ast.literal_eval(response.body.decode())

    def test_a_task_is_given_to_the_jvm(self) -> None:
        self.assertEqual(
            self.eval("uwsgi.spool(a=1, at=2000000000.5, priority=3, body=b'B')"), b"redis:mails/4711"
        )
        name, queue, priority, at, content = self.worker.calls[0]
        self.assertEqual((name, queue, priority, at), ("spool", QUEUE, 3, 2000000000.5))
        self.assertEqual(
            spoolfile.parse(content), ({b"a": b"1", b"at": b"2000000000.5", b"priority": b"3"}, b"B")
        )
        self.eval("uwsgi.spool({b'a': b'1'})")
        self.assertEqual(self.worker.calls[1][2:4], (9, 0.0))

    def test_the_directory_beside_it_goes_on(self) -> None:
        path = self.eval(f"uwsgi.spool(a=1, spooler={self.base!r})")
        self.assertEqual(os.path.dirname(path), self.base.encode())
        self.assertEqual(self.worker.calls, [("spooled", 1)])

    def test_jobs_come_in_pieces(self) -> None:
        pieces = {"": (["1", "2"], "on"), "on": (["3"], "")}
        self.worker.answer = lambda call: pieces[call[2]]
        self.assertEqual(
            self.eval("uwsgi.spooler_jobs()"), [b"redis:mails/1", b"redis:mails/2", b"redis:mails/3"]
        )

    def test_a_task_that_waits_is_shown(self) -> None:
        self.worker.answer = lambda call: spoolfile.pack({b"a": b"1"}) if call[2] == "7" else None
        self.assertEqual(
            self.eval("uwsgi.spooler_get_task('redis:mails/7')"),
            {"spooler_task_name": b"redis:mails/7", b"a": b"1"},
        )
        self.assertIsNone(self.eval("uwsgi.spooler_get_task(b'redis:mails/8')"))

    def test_what_cannot_be_spooled_is_said(self) -> None:
        for arguments, message in (
            (
                "{b'priority': b'10'}",
                "unable to spool job: the priority 10 is not in 0 to 9, which the queue redis:mails has",
            ),
            (
                "{b'body': b'x' * 1024000}",
                "unable to spool job: a task of redis:mails takes 1024004 bytes, over 1024000 (size of spoolers)",
            ),
        ):
            self.assertEqual(self.eval(f"said(uwsgi.spool, {arguments})"), f"ValueError: {message}")
        self.assertEqual(self.worker.calls, [])

    def test_a_process_of_the_program_s_own_cannot(self) -> None:
        self.assertEqual(
            self.eval(
                "[os.fork() == 0 and os._exit(3 * said(uwsgi.spool, {'a': '1'}).startswith("
                "'ValueError: unable to spool job: uwsgi: spool is')), os.WEXITSTATUS(os.wait()[1])][1]"
            ),
            3,
        )


if __name__ == "__main__":
    unittest.main()
