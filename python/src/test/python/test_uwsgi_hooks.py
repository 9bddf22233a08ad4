"""The `uwsgi` module at the ends of a worker's life: hooks, and calls of the import."""

from __future__ import annotations

import ast
import unittest
from typing import Any

from every_mode import OneWorker, every_mode
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


class AsUwsgisOwnPrograms(OneWorker):
    """What uWSGI's own test programs do."""

    module = "uwsgi_after"

    def test_a_hook_runs_after_each_request(self) -> None:
        self.worker.get("/")
        self.zygote.event("output", lambda e: e["line"] == "loomgate: uwsgi.after_req_hook has failed:")
        self.worker.get("/none")
        self.zygote.event("output", lambda e: e["line"] == "after request 2")
        self.assertEqual(len(ast.literal_eval(self.worker.get("/").body.decode())), 2)

    def test_none_is_no_part_of_a_body_and_a_status_has_its_reason(self) -> None:
        response = self.worker.get("/none")
        self.assertEqual((response.status, response.body), ("200 OK", b"part"))
        for given, sent in ("404", "404 Not Found"), ("204 ", "204 No Content"), ("299", "299"):
            self.assertEqual(self.worker.get("/", QUERY_STRING=given).status, sent)

    def test_files_are_sent_and_nothing_need_be_returned(self) -> None:
        whole = b"0123456789" * 20000
        self.assertEqual(self.worker.get("/sendfile").body, whole + b"3456" + b"89")
        self.zygote.event("output", lambda e: e["line"].startswith("loomgate: uwsgi.sendfile: [Errno 2]"))


globals().update(every_mode(AsUwsgisOwnPrograms))
del AsUwsgisOwnPrograms


class NoApplication(unittest.TestCase):
    """A program that is only for what runs beside the workers."""

    def test_its_requests_are_answered_500(self) -> None:
        for boot in (
            {"module": "loomgate_worker.zygote.nothing"},
            {"module": "uwsgi_hooked_only"},
            {"module": "uwsgi_hooked_only", "lazy": True},
            {"module": "uwsgi_hooked_only", "background": ["mule"]},
        ):
            with Zygote(**boot) as zygote:
                response = zygote.worker().get("/")
                self.assertEqual(response.status, "500 Internal Server Error")
                self.assertEqual(response.body, b"Internal Server Error")

    def test_where_an_application_is_needed_it_can_t_be_loaded(self) -> None:
        with Zygote("uwsgi_hooked_only", background=["mule"], strict=True) as zygote:
            self.assertEqual(zygote.event("failed")["kind"], "missing_callable")


if __name__ == "__main__":
    unittest.main()
