"""The `uwsgi` module, against the stand-in's replies."""

from __future__ import annotations

import ast
import os
import signal
import tempfile
import time
import unittest
from typing import Any

from every_mode import EveryMode as _EveryMode
from every_mode import every_mode
from jvm import Jvm
from standin import Zygote
from surroundings import DEADLINE, HERE, frames


class _Programs(_EveryMode):
    """`uwsgi_user`, whose queries are expressions."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.zygote = Zygote(
            "uwsgi_user",
            mode=cls.mode,
            processes=3,
            version="1.2.3-SNAPSHOT",
            options={"socket": "/tmp/u.sock", "master": True, "env": ["A=1", "B=2"]},
            buffer_size=8192,
            reload=True,
            queue_size=4,
            areas=[{"bytes": 4096, "file": None, "offset": 0}],
            names={"queue": "--queue", "areas": "--sharedarea"},
            answer=Jvm().answer,
        )
        cls.addClassCleanup(cls.zygote.__exit__)
        cls.worker = cls.zygote.unready(2, Jvm().answer)
        cls.worker.control()

    def setUp(self) -> None:
        self.worker.calls = []
        self.worker.answer = Jvm().answer

    def eval(self, expression: str) -> Any:
        response = self.worker.get("/", QUERY_STRING=expression)
        self.assertIsNone(response.failed)
        return ast.literal_eval(response.body.decode())


class Uwsgi(_Programs):
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
        self.assertEqual(self.eval("uwsgi.buffer_size, uwsgi.is_a_reload, uwsgi.sockets"), (8192, True, []))
        self.assertEqual(self.eval("uwsgi.ready(), uwsgi.mule_id(), uwsgi.in_farm('f')"), (True, 0, None))
        self.assertEqual(self.eval("uwsgi.i_am_the_spooler(), uwsgi.i_am_the_lord('l')"), (None, False))
        self.assertEqual(
            self.eval("sorted(uwsgi.magic_table)"), [b"%", b"(", *(bytes([b]) for b in b"GTUV[ghktuv")]
        )
        self.assertEqual(
            self.eval("uwsgi.magic_table[b'V'], uwsgi.magic_table[b'u']"),
            (b"1.2.3-SNAPSHOT", b"%d" % os.getuid()),
        )
        self.assertTrue(self.eval("0 < uwsgi.mem()[0] < uwsgi.mem()[1]"))
        self.assertTrue(self.eval("abs(uwsgi.micros() / 1e6 - time.time()) < 5"))

    def test_the_current_request(self) -> None:
        self.assertTrue(
            self.eval("uwsgi.env['PATH_INFO'] == '/' and uwsgi.env['QUERY_STRING'][:9] == 'uwsgi.env'")
        )
        response = self.worker.get("/", QUERY_STRING="uwsgi.cl()", CONTENT_LENGTH="17")
        self.assertEqual(response.body, b"17")
        response = self.worker.get("/", QUERY_STRING="uwsgi.start_response('201 Created', [])")
        self.assertIn("start_response was called a second time", response.failed or "")

    def test_the_import_has_cache_and_locks(self) -> None:
        self.assertEqual(self.eval("DURING_IMPORT"), [(b"bird", True)] * 4)
        names = [call[0] for call in self.zygote.calls]
        self.assertEqual(names, ["lock", "cache_set", "cache_get", "is_locked", "unlock"] * 4)

    def test_the_hook_after_the_fork_ran_once_in_the_worker(self) -> None:
        self.assertEqual(self.eval("FORKED"), [(self.worker.pid, 2, None)])

    def test_a_forked_process_cannot_call(self) -> None:
        said, early = self.eval("in_child()")
        self.assertIn(
            "CallError: uwsgi: cache_get isn't possible in a process that the program has forked", said
        )
        self.assertIsNone(early)

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
            ("uwsgi.cache_num('n'), uwsgi.cache_num('b')", (301, 0)),
            ("uwsgi.cache_mul('n'), uwsgi.cache_div('n')", (True, True)),
            ("uwsgi.cache_get('n')", (301).to_bytes(8, "little")),
            ("uwsgi.cache_set('b', bytes(100000), 0, 'big')", True),
            ("len(uwsgi.cache_get('b', 'big'))", 100000),
            (
                "[uwsgi.cache_set(k, b'v', 0, 'keys') for k in 'abcde'] and uwsgi.cache_keys('keys')",
                [b"a", b"b", b"c", b"d", b"e"],
            ),
            ("uwsgi.cache_clear()", True),
        ]
        for expression, value in expected:
            self.assertEqual(self.eval(expression), value, expression)
        self.assertIn(("cache_set", "", b"k", b"v", 10, "add"), self.worker.calls)
        self.assertIn(("cache_set", "", b"k", b"w", 5, "update"), self.worker.calls)
        self.assertIn(("cache_dec", "numbers", b"n", 1, 60), self.worker.calls)
        self.assertIn(("cache_clear", ""), self.worker.calls)

    def test_the_queue(self) -> None:
        expected = [
            ("uwsgi.queue_size, uwsgi.queue_pull(), uwsgi.queue_last()", (4, None, None)),
            ("uwsgi.queue_push(b'a'), uwsgi.queue_push('b'), uwsgi.queue_slot()", (True, True, 2)),
            ("uwsgi.queue_last(), uwsgi.queue_last(3)", (b"b", [b"b", b"a", None])),
            ("uwsgi.queue_pull()", b"a"),
        ]
        for expression, value in expected:
            self.assertEqual(self.eval(expression), value, expression)

    def test_metrics(self) -> None:
        expression = "uwsgi.metric_inc('orders', 2), uwsgi.metric_get('orders'), uwsgi.metric_inc('no')"
        self.assertEqual(self.eval(expression), (True, 2, None))

    def test_memory_that_workers_share(self) -> None:
        other = self.zygote.unready(3, Jvm().answer)
        self.addCleanup(other.close)
        other.control()
        number = other.begin("/", QUERY_STRING="add_often(2000)")
        self.eval("add_often(2000)")
        other.end(number)
        self.assertEqual(self.eval("uwsgi.sharedarea_read64(0, 8)"), 4000)
        self.eval("uwsgi.sharedarea_write64(0, 8, 0)")

    def test_a_lock_of_memory_ends_with_its_process(self) -> None:
        other = self.zygote.unready(3, Jvm().answer)
        other.control()
        self.assertEqual(other.get("/", QUERY_STRING="uwsgi.sharedarea_wlock(0)").body, b"None")
        os.kill(other.pid, signal.SIGKILL)
        other.close()
        self.assertEqual(self.eval("uwsgi.sharedarea_write(0, 0, b'free')"), None)
        self.assertIn("doesn't have the lock", self.eval("said(uwsgi.sharedarea_unlock, 0)"))

    def test_functions_by_name(self) -> None:
        self.assertEqual(self.eval("uwsgi.rpc_list(), uwsgi.call(b'twice', b'ab')"), ((b"twice",), b"abab"))
        self.assertIn(
            "NotOffered: uwsgi.rpc() with a server", self.eval("said(uwsgi.rpc, '127.0.0.1:3031', b'twice')")
        )

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

    def test_a_response_may_end_before_the_application(self) -> None:
        response = self.worker.get("/early", QUERY_STRING="1")
        self.assertEqual((response.failed, response.body), (None, b"early"))
        deadline = time.monotonic() + DEADLINE
        while not self.eval("AFTERWARDS"):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.002)
        self.assertEqual(self.eval("AFTERWARDS.pop()"), "done")
        self.assertIn("before start_response", self.eval("said(uwsgi.disconnect)"))

    def test_the_body_as_it_comes(self) -> None:
        self.assertEqual(
            self.eval("uwsgi.chunked_read(), uwsgi.chunked_read_nb(), uwsgi.chunked_read(5)"), (b"", b"", b"")
        )
        number = self.worker.begin("/", body=b"some", complete=False, QUERY_STRING="polled()")
        deadline = time.monotonic() + DEADLINE
        while not self.worker.calls:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.002)
        self.worker.send_body(number, b"more")
        self.assertEqual(self.worker.end(number).body, b"(b'some', None, b'more', b'')")

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
            ("offload", "socket module"),
        ]:
            self.assertTrue(self.eval(f"hasattr(uwsgi, {name!r})"), name)
            said = self.eval(f"said(uwsgi.{name}, 1)")
            self.assertTrue(said.startswith(f"NotOffered: uwsgi.{name}() is "), said)
            self.assertIn(hint, said)
        self.assertIs(self.eval("uwsgi.is_connected()"), True)

    def test_websockets_are_for_requests_that_ask_for_one(self) -> None:
        for call, said in [
            ("uwsgi.websocket_handshake", "OSError: unable to complete websocket handshake"),
            ("uwsgi.websocket_recv", "OSError: unable to receive websocket message"),
            ("uwsgi.websocket_recv_nb", "OSError: unable to receive websocket message"),
            ("uwsgi.websocket_send, 'x'", "OSError: unable to send websocket message"),
            ("uwsgi.websocket_send_binary, 'x'", "OSError: unable to send websocket message"),
            ("uwsgi.connection_fd", "NotOffered: uwsgi.connection_fd() is there for WebSockets alone"),
        ]:
            self.assertIn(said, self.eval(f"said({call})"))

    def test_the_name_of_the_process_is_what_ps_shows(self) -> None:
        shown = self.eval(
            "uwsgi.setprocname('worker of the shop') or open('/proc/self/cmdline').read().rstrip(chr(0))"
        )
        self.assertEqual(shown, "worker of the shop")
        self.assertEqual(self.eval("open('/proc/self/comm').read()"), "worker of the s\n")

    def test_a_feature_that_is_not_there_has_no_name(self) -> None:
        for name, hint in [
            ("spool", "spoolers"),
            ("snmp_set_gauge", "metrics"),
            ("sharedarea_object", "memoryview"),
        ]:
            self.assertEqual(
                self.eval(f"hasattr(uwsgi, {name!r}), getattr(uwsgi, {name!r}, 5)"), (False, 5), name
            )
            said = self.eval(f"said(lambda: uwsgi.{name}())")
            self.assertTrue(said.startswith(f"NotOffered: uwsgi.{name} is "), said)
            self.assertIn(hint, said)
            self.assertIn("ImportError", self.eval(f"said(exec, 'from uwsgi import {name}')"))
        self.assertIn("has no attribute 'no_such'", self.eval("said(lambda: uwsgi.no_such)"))

    def test_every_name_of_uwsgi_is_run_or_refused_in_its_own_name(self) -> None:
        """uwsgi-names.txt: what real uWSGI's module has."""
        with open(os.path.join(HERE, "..", "resources", "uwsgi-names.txt")) as file:
            rows = [line.split() for line in file if not line.startswith("#")]
        self.assertGreater(len(rows), 160)
        for name, kind, *option in rows:
            said = self.eval(f"said(lambda: type(uwsgi.{name}).__name__)")
            absent = "option" in option and not name.startswith("websocket_")
            asked = name.startswith(("queue_", "sharedarea_")) and name != "sharedarea_object"
            if absent and not asked:
                self.assertTrue(said.startswith(f"NotOffered: uwsgi.{name} is "), said)
            elif kind == "function":
                self.assertIn(said, ("function", "method"), name)
            else:
                self.assertIn(said, (kind, "NoneType", "bytes"), name)
        refused = self.eval("sorted(n for n in dir(uwsgi) if getattr(uwsgi, n).__doc__ == 'Not offered.')")
        self.assertGreater(len(refused), 5)
        for name in refused:
            self.assertIn(f"uwsgi.{name}() is a function of uWSGI's", self.eval(f"said(uwsgi.{name}, 1, 2)"))

    def test_what_is_asked_of_the_jvm_about_signals(self) -> None:
        expression = (
            "uwsgi.signal_registered(9), uwsgi.register_signal(9, b'workers', print), uwsgi.signal_registered(9), uwsgi.signal(9),"
            " said(uwsgi.register_signal, 256, '', print)[:10], uwsgi.install_mule_msg_hook(print), uwsgi.add_timer(9, 2),"
            " uwsgi.add_ms_timer(9, 5), uwsgi.add_rb_timer(9, 3), uwsgi.add_rb_timer(9, 3, 4), uwsgi.add_cron(9, 1, 2, 3, -4, 5),"
            " uwsgi.add_file_monitor(9, '/a/../b')"
        )
        found = self.eval(expression)
        self.assertEqual(
            found, (None, None, True, None, "ValueError", None, None, None, None, None, None, None)
        )
        self.assertEqual(
            self.worker.calls,
            [
                ("register_signal", 9, "workers", "builtins.print"),
                ("signal", 9),
                ("add_timer", 9, 2000),
                ("add_timer", 9, 5),
                ("add_rb_timer", 9, 3, 0),
                ("add_rb_timer", 9, 3, 4),
                ("add_cron", 9, 1, 2, 3, -4, 5),
                ("add_file_monitor", 9, "/b"),
            ],
        )

    def test_files_of_packets(self) -> None:
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"\0\x0c\0\0\x01\0k\x06\0valuesX")
            file.flush()
            self.assertEqual(self.eval(f"uwsgi.parsefile({file.name!r})"), None)
            file.seek(1)
            file.write(b"\x0b\0\0\x01\0k\x06\0values")
            file.flush()
            self.assertEqual(self.eval(f"uwsgi.parsefile({file.name!r})"), {b"k": b"values"})
            self.assertEqual(self.eval(f"uwsgi.extract({file.name!r})[-3:]"), b"esX")
        self.assertIsNone(self.eval("uwsgi.parsefile('/no/such/file')"))


class WebSockets(_Programs):
    """What holds up a thread, and so in the other modes the greenlet that reads what comes."""

    def test_who_selects_on_a_websocket_gets_messages_longer_than_the_window(self) -> None:
        """The room for them is told although the program emits nothing more before it waits."""
        message = os.urandom(3 * self.worker.window)
        record = b"\2" + frames.U32.pack(len(message)) + message
        number = self.worker.begin_websocket("/", QUERY_STRING="selected()")
        self.assertEqual(self.worker.next(number).kind, frames.RESPONSE)
        self.worker.send_body(number, record, self.worker.window)
        self.assertEqual(self.worker.next(number, frames.CHUNK).body()[5:], str(len(message)).encode())

    def test_two_threads_send_messages_longer_than_the_window(self) -> None:
        """Either may take the credit that the other one sleeps for, or send what that one has put."""
        for _ in range(30):
            number = self.worker.begin_websocket("/", QUERY_STRING="pushed()")
            self.assertEqual(self.worker.next(number).kind, frames.RESPONSE)
            came = b""
            while len(came) < 2 * 300005:
                piece = self.worker.next(number, frames.CHUNK).payload
                came += piece
                self.worker.send(frames.CREDIT, 0, number, frames.U32.pack(len(piece)))
            self.assertEqual(sorted((came[5:6], came[300010:300011])), [b"a", b"b"])
            self.assertTrue(self.worker.next(number, frames.CHUNK).flags & frames.COMPLETE)


globals().update(every_mode(Uwsgi))
globals().update(every_mode(WebSockets, modes=("sync", "threads")))
del Uwsgi, WebSockets


if __name__ == "__main__":
    unittest.main()
