"""Mules: what they run, messages to them, and their end."""

from __future__ import annotations

import ast
import marshal
import os
import signal
import time
import unittest
import urllib.parse
from typing import Any, List, Tuple

from connections import Worker
from standin import Zygote
from surroundings import DEADLINE, frames

MULES = {
    "count": 4,
    "farms": [["pair", [2, 3]]],
    "message_size": 4096,
    "receive_size": 20,
}


def told(mule: Worker, count: int) -> List[Tuple[int, int]]:
    """So many SIGNALLED frames: flags and number of each."""
    found = [mule.any(frames.SIGNALLED) for _ in range(count)]
    return [(frame.flags, frame.id) for frame in found]


class Mules(unittest.TestCase):
    """One zygote with a worker, and mules as they are wanted."""

    zygote: Zygote
    worker: Worker

    @classmethod
    def setUpClass(cls) -> None:
        cls.zygote = Zygote("mule_user", background=["mule"], mules=MULES)
        cls.addClassCleanup(cls.zygote.__exit__)
        cls.worker = cls.zygote.worker(1)

    def mule(self, number: int, program: str = "") -> Worker:
        """A mule whose turn it is."""
        mule = self.zygote.worker(1 + number, kind="mule", number=number, program=program)
        mule.send(frames.TELL, payload=marshal.dumps(("begin",), 2))
        return mule

    def eval(self, expression: str) -> Any:
        return ast.literal_eval(
            self.worker.get("/", QUERY_STRING=urllib.parse.quote(expression)).body.decode()
        )

    def await_line(self, mule: Worker, line: str) -> None:
        self.zygote.event("output", lambda e: e["pid"] == mule.pid and e["line"] == line)

    def end(self, mule: Worker) -> None:
        mule.stop()
        self.assertEqual(self.zygote.exited(mule).get("status"), 0)

    def test_a_hook_gets_messages_in_order_and_not_more_than_it_may(self) -> None:
        self.assertIs(self.eval("BEFORE"), True)
        mule = self.mule(2)
        self.await_line(mule, "hook 2 b'of the import'")
        self.assertEqual(
            self.eval("[uwsgi.mule_msg(m, 2) for m in ('text', b'', b'x' * 30)]"), [True, True, True]
        )
        self.assertIsNone(self.eval("uwsgi.farm_msg(b'pair', 'farm')"))
        for line in "hook 2 b'text'", "hook 2 b''", "hook 2 b'" + "x" * 20 + "'", "hook 2 b'farm'":
            self.await_line(mule, line)
        self.end(mule)
        self.assertEqual(self.zygote.output(mule.pid)[-1], "at exit 2")

    def test_one_that_handles_a_message_finishes_it(self) -> None:
        self.eval("uwsgi.mule_msg(b'slow', 2), uwsgi.mule_msg(b'left', 2)")
        mule = self.mule(2)
        self.await_line(mule, "hook 2 b'slow'")
        mule.send(frames.TELL, payload=marshal.dumps(("of another kind",), 2))
        self.end(mule)
        self.assertEqual(self.zygote.output(mule.pid), ["hook 2 b'slow'", "slow is done", "at exit 2"])
        follower = self.mule(2)
        self.await_line(follower, "hook 2 b'left'")
        self.end(follower)

    def test_loops_of_the_program_end_where_they_ask(self) -> None:
        mule = self.mule(1, "mule_user:ask")
        self.assertEqual(self.eval("from_a_fork()"), 0)
        self.await_line(mule, "asked b'of a fork'")
        os.kill(mule.pid, signal.SIGTERM)
        self.assertIs(self.eval("uwsgi.mule_msg(b'again', 1)"), True)
        self.await_line(mule, "asked b'again'")
        self.end(mule)
        farm = self.mule(3, "mule_user:farm")
        self.eval("uwsgi.mule_msg(b'to one', 'pair')")
        self.await_line(farm, "farm b'to one'")
        self.end(farm)

    def test_signals_are_handled_between_messages(self) -> None:
        mule = self.mule(2)
        self.assertEqual(told(mule, 1), [(frames.AWAITS, 0)])
        mule.send(frames.SIGNAL, 0, 7)
        self.assertEqual(
            told(mule, 4),
            [(frames.AWAITS_NO_MORE, 0), (frames.BEGINS, 7), (frames.ENDS, 7), (frames.AWAITS, 0)],
        )
        self.await_line(mule, "signal 7 2")
        self.eval("uwsgi.mule_msg(b'slow', 2)")
        self.await_line(mule, "hook 2 b'slow'")
        mule.send(frames.SIGNAL, 0, 7)
        self.assertEqual(told(mule, 3)[1:], [(frames.BEGINS, 7), (frames.ENDS, 7)])
        self.zygote.event(
            "output", lambda _: self.zygote.output(mule.pid)[-2:] == ["slow is done", "signal 7 2"]
        )
        self.end(mule)

    def test_signals_wait_for_a_loop_that_wants_none(self) -> None:
        mule = self.mule(1, "mule_user:heedless")
        mule.send(frames.SIGNAL, 0, 7)
        self.eval("uwsgi.mule_msg(b'first', 1)")
        self.await_line(mule, "signal 7 1")
        self.assertEqual(self.zygote.output(mule.pid)[-2:], ["heedless b'first'", "signal 7 1"])
        self.end(mule)

    def test_one_that_sleeps_is_interrupted(self) -> None:
        mule = self.zygote.worker(5, kind="mule", number=3, program="time:sleep_for_good")
        mule.send(frames.TELL, payload=marshal.dumps(("begin",), 2))
        self.assertEqual(self.zygote.exited(mule)["status"], 1)
        before = time.monotonic()
        sleeper = self.mule(3, "signal:pause")
        self.end(sleeper)
        self.assertLess(time.monotonic() - before, DEADLINE)

    def test_a_queue_that_is_full_takes_no_more(self) -> None:
        self.assertGreater(self.eval("fill()"), 0)
        self.zygote.event(
            "output",
            lambda e: e["line"].startswith("loomgate: the queue of messages to mule 4 is full; it has "),
        )

    def test_what_is_wrong_is_told(self) -> None:
        for expression, error in [
            ("uwsgi.mule_msg(b'm', 5)", "ValueError: invalid mule number"),
            ("uwsgi.mule_msg(b'm', -1)", "ValueError: invalid mule number"),
            ("uwsgi.mule_msg(b'm', 'none')", "ValueError: unknown farm"),
            ("uwsgi.mule_msg(b'm', 1.5)", "ValueError: invalid mule"),
            ("uwsgi.mule_msg(7)", "TypeError: a message is bytes, not int"),
            ("uwsgi.mule_get_msg()", "ValueError: you can receive mule messages only in a mule !!!"),
            ("uwsgi.farm_get_msg()", "ValueError: you can receive farm messages only in a mule !!!"),
        ]:
            self.assertEqual(self.eval(expression), error)
        self.assertEqual(
            self.eval("uwsgi.mule_id(), uwsgi.in_farm(), uwsgi.farm_msg('none', b'')"), (0, None, None)
        )


if __name__ == "__main__":
    unittest.main()
