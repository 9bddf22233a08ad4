"""The `uwsgi` module, against the stand-in's replies."""

from __future__ import annotations

import ast
import os
import unittest
from typing import Any, Dict, List, Tuple

from every_mode import EveryMode as _EveryMode
from every_mode import every_mode
from standin import Later, Zygote


class Uwsgi(_EveryMode):
    @classmethod
    def setUpClass(cls) -> None:
        cls.zygote = Zygote(
            "uwsgi_user",
            mode=cls.mode,
            processes=3,
            version="1.2.3-SNAPSHOT",
            options={"socket": "/tmp/u.sock", "master": True, "env": ["A=1", "B=2"]},
        )
        cls.addClassCleanup(cls.zygote.__exit__)
        cls.worker = cls.zygote.worker(2)

    def setUp(self) -> None:
        self.cache: Dict[Tuple[str, str], bytes] = {}
        self.worker.calls = []
        self.worker.answer = self.answer
        self.locks: List[Any] = []

    def answer(self, call: Tuple[Any, ...]) -> Any:
        """As the JVM does."""
        name, *rest = call
        if name.startswith("cache_"):
            key = rest[0], rest[1] if len(rest) > 1 else ""
            assert all(isinstance(part, str) for part in key)
            if name == "cache_get":
                return self.cache.get(key)
            if name == "cache_set":
                value, expires, mode = rest[2:]
                assert isinstance(value, bytes) and isinstance(expires, int)
                if mode == "add" and key in self.cache:
                    return False
                self.cache[key] = value
                return True
            if name == "cache_del":
                return self.cache.pop(key, None) is not None
            if name == "cache_exists":
                return key in self.cache
            if name == "cache_add_number":
                number = int.from_bytes(self.cache.get(key, b""), "little", signed=True) + rest[2]
                self.cache[key] = number.to_bytes(8, "little", signed=True)
                return number
            if name == "cache_clear":
                self.cache.clear()
                return True
        if name == "lock":
            self.locks.append(None)
            if len(self.locks) > 1:
                self.locks[-1] = later = Later()
                raise later
            return None
        if name == "unlock":
            self.locks.pop(0)
            if self.locks:
                self.locks[0].reply(None)
            return None
        if name == "is_locked":
            return True
        if name == "fails":
            raise ValueError("deliberately")
        return None

    def eval(self, expression: str) -> Any:
        response = self.worker.get("/", QUERY_STRING=expression)
        self.assertIsNone(response.failed)
        return ast.literal_eval(response.body.decode())

    def test_who_and_where(self) -> None:
        self.assertEqual(self.eval("uwsgi.version"), b"1.2.3-SNAPSHOT")
        self.assertEqual(self.eval("uwsgi.version_info"), (1, 2, 3, 0, b"SNAPSHOT"))
        options = {"socket": b"/tmp/u.sock", "master": True, "env": [b"A=1", b"B=2"]}
        self.assertEqual(self.eval("uwsgi.opt"), options)
        self.assertEqual(self.eval("IMPORTED"), (b"1.2.3-SNAPSHOT", 3, options, 0))
        self.assertEqual(self.eval("uwsgi.numproc, uwsgi.worker_id()"), (3, 2))
        self.assertEqual(self.eval("uwsgi.masterpid(), uwsgi.mypid()"), (os.getpid(), self.worker.pid))
        total = self.eval("uwsgi.total_requests()")
        self.assertEqual(self.eval("uwsgi.request_id()"), total + 1)
        self.assertIn("during the import", self.eval("EARLY"))

    def test_the_cache(self) -> None:
        expected = [
            ("uwsgi.cache_get('k')", None),
            ("uwsgi.cache_set('k', b'v', 10)", True),
            ("uwsgi.cache_set('k', b'w')", None),
            ("uwsgi.cache_get('k')", b"v"),
            ("uwsgi.cache_update(b'k', 'w', 5)", True),
            ("uwsgi.cache_get('k')", b"w"),
            ("uwsgi.cache_exists('k')", True),
            ("uwsgi.cache_exists('k', 'other')", None),
            ("uwsgi.cache_del('k')", True),
            ("uwsgi.cache_del('k')", None),
            ("uwsgi.cache_inc('n')", True),
            ("uwsgi.cache_inc('n', 300)", True),
            ("uwsgi.cache_dec('n', 1, 60, 'numbers')", True),
            ("uwsgi.cache_get('n')", (301).to_bytes(8, "little")),
            ("uwsgi.cache_set('b', bytes(100000), 0, 'big')", True),
            ("len(uwsgi.cache_get('b', 'big'))", 100000),
            ("uwsgi.cache_clear()", True),
        ]
        for expression, value in expected:
            self.assertEqual(self.eval(expression), value, expression)
        self.assertIn(("cache_set", "", "k", b"v", 10, "add"), self.worker.calls)
        self.assertIn(("cache_set", "", "k", b"w", 5, "update"), self.worker.calls)
        self.assertIn(("cache_add_number", "numbers", "n", -1, 60), self.worker.calls)
        self.assertIn(("cache_clear", ""), self.worker.calls)

    def test_locks(self) -> None:
        self.assertEqual(self.eval("uwsgi.lock(), uwsgi.is_locked(), uwsgi.unlock()"), (None, True, None))
        self.assertEqual(self.worker.calls, [("lock", 0), ("is_locked", 0), ("unlock", 0)])

    def test_a_thread_that_waits_for_a_lock_does_not_keep_calls_back(self) -> None:
        self.assertIsNone(self.eval("threads_lock()"))

    def test_log_and_log_variables(self) -> None:
        self.assertIs(self.eval("uwsgi.log('a line')"), True)
        self.zygote.event("output", lambda e: (e["stream"], e["line"]) == ("stderr", "a line"))
        response = self.worker.get(
            "/", QUERY_STRING="uwsgi.set_logvar('user', b'bob'), uwsgi.get_logvar('user')"
        )
        self.assertEqual(response.body, b"(None, b'bob')")
        self.assertEqual(response.log_variables, {"user": "bob"})
        self.assertEqual(self.worker.get("/", QUERY_STRING="1").log_variables, {})

    def test_reload_and_harakiri(self) -> None:
        self.assertIs(self.eval("uwsgi.reload()"), True)
        number = self.worker.begin("/", QUERY_STRING="uwsgi.set_user_harakiri(7)")
        self.worker.end(number)
        self.assertEqual(self.worker.calls, [("reload",), ("user_harakiri", number, 7)])

    def test_waiting(self) -> None:
        self.assertEqual(self.eval("waits()"), (True, True, True))

    def test_a_call_that_fails_says_why(self) -> None:
        self.assertEqual(self.eval("said(uwsgi._loomgate_api._call, 'fails')"), "CallError: deliberately")

    def test_what_is_missing_says_so(self) -> None:
        for name, hint in [
            ("spool", "Celery"),
            ("signal", "cron"),
            ("rpc", "message broker"),
            ("websocket_recv", "ASGI"),
            ("mule_msg", "cache"),
            ("connection_fd", "belongs to the server process"),
        ]:
            said = self.eval(f"said(uwsgi.{name})")
            self.assertTrue(said.startswith(f"NotImplementedError: uwsgi.{name}() is "), said)
            self.assertIn(hint, said)
        self.assertIs(self.eval("uwsgi.is_connected(uwsgi.setprocname('x') or 0)"), True)


globals().update(every_mode(Uwsgi))
del Uwsgi


if __name__ == "__main__":
    unittest.main()
