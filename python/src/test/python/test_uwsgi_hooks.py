"""The `uwsgi` module at the ends of a worker's life: hooks, and calls of the import."""

from __future__ import annotations

import unittest
from typing import Any

from jvm import Jvm
from standin import Zygote
from surroundings import MODES


class Hooks(unittest.TestCase):
    """What the program hangs on a worker's life."""

    def start(self, module: str = "uwsgi_user", **boot: Any) -> Zygote:
        zygote = Zygote(module, answer=Jvm().answer, **boot)
        self.addCleanup(zygote.__exit__)
        return zygote

    def test_a_hook_that_fails_is_printed_and_the_worker_serves(self) -> None:
        zygote = self.start(options={"fails": True})
        worker = zygote.unready(1, Jvm().answer)
        self.assertFalse(worker.control().flags)
        zygote.event("output", lambda e: e["line"] == "loomgate: uwsgi.post_fork_hook has failed:")
        zygote.event("output", lambda e: e["line"] == "ValueError: deliberately, after the fork")
        self.assertEqual(worker.get("/", QUERY_STRING="1").body, b"1")

    def test_a_hook_that_exits_ends_the_worker(self) -> None:
        zygote = self.start(options={"exits": True})
        worker = zygote.unready(1, Jvm().answer)
        self.assertEqual(zygote.exited(worker)["status"], 7)
        zygote.event(
            "output", lambda e: e["line"] == "loomgate: uwsgi.post_fork_hook ends the worker: SystemExit: 7"
        )

    def test_the_worker_s_end_is_told_to_the_program(self) -> None:
        for mode in MODES:
            zygote = self.start(mode=mode)
            worker = zygote.unready(1, Jvm().answer)
            worker.control()
            worker.stop()
            self.assertEqual(zygote.exited(worker)["status"], 0)
            self.assertIn("the worker ends", zygote.output(worker.pid))
            self.assertIn("ValueError: deliberately, at the end", zygote.output(worker.pid, "stderr"))

    def test_an_import_in_each_worker_has_cache_and_locks_and_no_fork_after_it(self) -> None:
        for mode in MODES:
            zygote = self.start(mode=mode, lazy=True)
            worker = zygote.unready(3, Jvm().answer)
            self.assertFalse(worker.control().flags)
            self.assertEqual(
                worker.get("/", QUERY_STRING="DURING_IMPORT[0], FORKED, IMPORTED[3]").body,
                b"((b'bird', True), [], 3)",
            )
            self.assertEqual(zygote.calls, [])

    def test_a_thread_that_is_left_in_the_zygote_is_told(self) -> None:
        zygote = self.start("uwsgi_thread")
        zygote.event("ready")
        zygote.error("CallError: uwsgi: cache_get isn't possible in a thread that the import has started")
        self.assertEqual(zygote.worker().get("/").status, "200 OK")


if __name__ == "__main__":
    unittest.main()
