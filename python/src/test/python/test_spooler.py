"""The spooler: its files, its locks, what becomes of tasks, and the functions of the `uwsgi` module."""

from __future__ import annotations

import ast
import fcntl
import os
import shutil
import signal
import tempfile
import time
import unittest
from typing import Any, Dict, List

import marshal

from connections import Worker
from standin import Zygote
from surroundings import DEADLINE, MODES, frames

from loomgate_worker.uwsgi import spoolfile


class Spooling(unittest.TestCase):
    """A zygote whose program spools, and the directory of the tasks."""

    mode = "sync"

    def setUp(self) -> None:
        self.base = os.path.realpath(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.base)
        self.directory = os.path.join(self.base, "tasks")
        os.mkdir(self.directory)
        self.notes = os.path.join(self.base, "notes")
        self.opened = os.path.join(self.base, "open")

    def start(self, **boot: Any) -> Zygote:
        spool = {"places": [self.directory, self.base], "queues": {}, "quiet": True, "sync": False}
        zygote = Zygote(
            "spooling",
            mode=boot.pop("mode", self.mode),
            environment={"NOTES": self.notes, "OPEN": self.opened},
            background=["spooler"],
            spool={**spool, **boot.pop("spool", {})},
            **boot,
        )
        self.addCleanup(zygote.__exit__)
        return zygote

    def spooler(self, zygote: Zygote, number: int = 1, begin: bool = True, **job: Any) -> Worker:
        standard: Dict[str, Any] = {
            "kind": "spooler",
            "number": number,
            "directory": self.directory,
            "frequency": 30,
            "ordered": False,
            "max_tasks": 0,
            "signals_count": False,
            "imports": [],
        }
        spooler = zygote.worker(10 + number, **{**standard, **job})
        if begin:
            self.tell(spooler, "begin")
        return spooler

    def tell(self, spooler: Worker, *what: Any) -> None:
        spooler.send(frames.TELL, payload=marshal.dumps(what, 2))

    def spool(self, *, body: bytes = b"", **variables: Any) -> str:
        """Writes a task, as a worker does."""
        packed = spoolfile.pack({key.encode(): str(value).encode() for key, value in variables.items()})
        at = variables.get("at")
        return spoolfile.write(self.directory, packed, body, priority=variables.get("priority"), at=at)

    def noted(self, count: int) -> List[str]:
        """The first notes; waits for so many."""
        deadline = time.monotonic() + DEADLINE
        while True:
            lines: List[str] = []
            if os.path.exists(self.notes):
                with open(self.notes) as file:
                    lines = file.read().splitlines()
            if len(lines) >= count:
                return lines
            assert time.monotonic() < deadline, f"{lines}, not {count}"
            time.sleep(0.005)

    def names(self, count: int) -> List[str]:
        return [line.partition(" by ")[0] for line in self.noted(count)]

    def gone(self, *paths: str) -> None:
        """Waits until there are no such files."""
        deadline = time.monotonic() + DEADLINE
        while any(map(os.path.exists, paths)):
            assert time.monotonic() < deadline, [path for path in paths if os.path.exists(path)]
            time.sleep(0.005)

    def idle(self, spooler: Worker, times: int = 1) -> None:
        for _ in range(times):
            spooler.any(frames.IDLE)


class Tasks(Spooling):
    def test_a_task_gets_what_was_spooled(self) -> None:
        for mode in MODES:
            with self.subTest(mode):
                self.setUp()
                zygote = self.start(mode=mode)
                worker = zygote.worker()
                spooler = self.spooler(zygote)
                shown = worker.get(
                    "/",
                    QUERY_STRING="uwsgi.spool({b'name': b'a', 'do': 'show', b'n': bytearray(b'x'), b'body': b'B' * 70000})",
                )
                path = ast.literal_eval(shown.body.decode()).decode()
                self.assertEqual(os.path.dirname(path), self.directory)
                self.assertEqual(worker.calls, [("spooled", 0)])
                self.tell(spooler, "task")
                notes = self.noted(5)
                self.assertEqual(notes[0], f"a by {spooler.pid}")
                variables = {b"name": b"a", b"do": b"show", b"n": b"x", "body": b"B" * 70000}
                self.assertEqual(ast.literal_eval(notes[1]), variables)
                self.assertEqual(notes[2], "(<class 'bytes'>, True)")
                self.assertEqual(notes[3], "(True, 0, 0, True, 10)")
                self.assertEqual(notes[4], "b'a'")
                self.assertTrue(spooler.any(frames.BUSY).payload.startswith(b"the task uwsgi_spoolfile_on_"))
                self.gone(path)

    def test_what_the_function_returns_decides(self) -> None:
        stays = [
            self.spool(name="retry", result=-1),
            self.spool(name="ignore", result=0),
            self.spool(name="other", result=7),
            self.spool(name="exit", do="exit"),
            self.spool(name="text", do="text"),
        ]
        goes = self.spool(name="ok")
        spooler = self.spooler(self.start())
        self.idle(spooler, 6)
        self.gone(goes)
        self.assertEqual([path for path in stays if not os.path.exists(path)], [])
        # What isn't done is tried again, by the next look.
        self.tell(spooler, "task")
        self.assertCountEqual(self.names(11), ["retry", "ignore", "other", "exit", "text"] * 2 + ["ok"])

    def test_the_order_is_that_of_priorities_and_then_of_names(self) -> None:
        for name, priority in ("f", None), ("d", "10"), ("g", None), ("b", "2"), ("c", "9"):
            self.spool(name=name, **({"priority": priority} if priority else {}))
        os.mkdir(os.path.join(self.directory, "2", "1"))
        packed = spoolfile.pack({b"name": b"a"})
        os.rename(spoolfile.write(self.directory, packed), os.path.join(self.directory, "2", "1", "7"))
        self.spooler(self.start(), ordered=True)
        self.assertEqual(self.names(6), ["a", "b", "c", "d", "f", "g"])

    def test_a_task_with_a_priority_is_done_without_an_order_too(self) -> None:
        path = self.spool(name="a", priority="3")
        self.spooler(self.start())
        self.gone(path)

    def test_a_task_waits_for_its_time(self) -> None:
        spooler = self.spooler(self.start(), ordered=True)
        self.spool(name="a", at=1.5)
        self.spool(name="b", at=time.time() + 3600)
        start = time.time() + 0.5
        last = self.spool(name="c", at=start)
        self.tell(spooler, "task")
        self.assertEqual(self.names(2), ["a", "c"])
        self.assertGreaterEqual(time.time(), start)
        self.gone(last)
        self.assertEqual(len(os.listdir(self.directory)), 1)

    def test_the_frequency_can_be_changed(self) -> None:
        zygote = self.start()
        spooler = self.spooler(zygote)
        worker = zygote.worker()
        self.assertEqual(worker.get("/", QUERY_STRING="uwsgi.set_spooler_frequency(7)").body, b"True")
        self.assertEqual(worker.calls, [("spooler_frequency", 7)])
        self.tell(spooler, "frequency", 0.01)
        path = self.spool(name="nobody tells of it")
        self.gone(path)

    def test_spoolers_share_tasks_and_none_is_done_twice(self) -> None:
        zygote = self.start()
        spoolers = [self.spooler(zygote, number, begin=False) for number in (1, 2, 3)]
        for i in range(120):
            self.spool(name=str(i))
        for spooler in spoolers:
            self.tell(spooler, "begin")
        self.assertCountEqual(self.names(120), map(str, range(120)))
        for spooler in spoolers:
            spooler.stop()
            self.assertEqual(zygote.exited(spooler)["status"], 0)
        self.assertEqual(len(self.noted(120)), 120)
        self.assertEqual(os.listdir(self.directory), [])

    def test_a_lock_of_another_process_is_heeded(self) -> None:
        held = self.spool(name="held")
        with open(held, "r+") as file:
            # As uWSGI locks it: this lock is its process's.
            fcntl.lockf(file, fcntl.LOCK_EX)
            spooler = self.spooler(self.start())
            free = self.spool(name="free")
            self.tell(spooler, "task")
            self.gone(free)
        self.tell(spooler, "task")
        self.gone(held)
        self.assertEqual(self.names(2), ["free", "held"])

    def test_a_task_is_locked_while_it_runs_for_others_too(self) -> None:
        zygote = self.start()
        self.spooler(zygote)
        path = self.spool(name="a", do="wait")
        self.tell(zygote.workers[0], "task")
        self.noted(1)
        with open(path, "r+") as file:
            with self.assertRaises(OSError):
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        worker = zygote.worker()
        self.assertEqual(worker.get("/", QUERY_STRING=f"uwsgi.spooler_get_task({path!r})").body, b"None")
        open(self.opened, "w").close()
        self.gone(path)

    def test_a_killed_spooler_loses_nothing(self) -> None:
        zygote = self.start()
        path = self.spool(name="dies", do="die")
        spooler = self.spooler(zygote)
        self.assertEqual(zygote.exited(spooler)["signal"], signal.SIGKILL)
        self.assertTrue(os.path.exists(path))
        again = self.spooler(zygote)
        self.assertEqual(zygote.exited(again)["signal"], signal.SIGKILL)
        self.assertEqual(self.names(2), ["dies", "dies"])

    def test_stop_waits_for_the_task_and_begins_no_other(self) -> None:
        zygote = self.start()
        first, second = self.spool(name="a", do="wait"), self.spool(name="b", do="wait")
        spooler = self.spooler(zygote, ordered=True)
        self.noted(1)
        spooler.stop()
        open(self.opened, "w").close()
        self.assertEqual(zygote.exited(spooler)["status"], 0)
        self.assertEqual(self.noted(2)[1:], ["waited"])
        self.assertEqual([os.path.exists(first), os.path.exists(second)], [False, True])

    def test_a_spooler_ends_with_the_jvm(self) -> None:
        zygote = self.start()
        path = self.spool(name="a", do="wait")
        spooler = self.spooler(zygote)
        self.noted(1)
        spooler.close()
        self.assertEqual(zygote.exited(spooler)["status"], 3)
        self.assertTrue(os.path.exists(path))

    def test_a_spooler_whose_turn_has_not_come_does_nothing(self) -> None:
        zygote = self.start()
        path = self.spool(name="a")
        spooler = self.spooler(zygote, begin=False)
        self.tell(spooler, "task")
        spooler.stop()
        self.assertEqual(zygote.exited(spooler)["status"], 0)
        self.assertTrue(os.path.exists(path))

    def test_a_spooler_says_when_it_has_done_enough(self) -> None:
        paths = [self.spool(name=str(i)) for i in range(5)]
        zygote = self.start()
        spooler = self.spooler(zygote, max_tasks=3)
        spooler.any(frames.LIMIT)
        self.assertEqual(sum(map(os.path.exists, paths)), 2)
        spooler.stop()
        self.assertEqual(zygote.exited(spooler)["status"], 0)

    def test_a_signal_counts_as_a_task_where_that_is_asked_for(self) -> None:
        zygote = self.start()
        spooler = self.spooler(zygote, max_tasks=3, signals_count=True)
        path = self.spool(name="a")
        self.tell(spooler, "task")
        self.gone(path)
        spooler.send(frames.SIGNAL, 0, 7)
        said = [spooler.any(frames.SIGNALLED) for _ in range(2)]
        self.assertEqual([(frame.flags, frame.id) for frame in said], [(frames.BEGINS, 7), (frames.ENDS, 7)])
        spooler.send(frames.SIGNAL, 0, 7)
        spooler.any(frames.LIMIT)
        spooler.stop()
        self.assertEqual(zygote.exited(spooler)["status"], 0)

    def test_a_task_that_spools_and_one_that_forks(self) -> None:
        path = self.spool(name="a", do="spool")
        zygote = self.start()
        spooler = self.spooler(zygote)
        self.gone(path)
        self.assertEqual(spooler.calls, [("spooled", 0)])
        forks = self.spool(name="forks", do="fork")
        self.tell(spooler, "task")
        self.gone(forks)
        self.assertCountEqual(self.names(3), ["a", "another", "forks"])

    def test_the_working_directory_and_imports(self) -> None:
        zygote = self.start()
        with open(os.path.join(self.base, "more.py"), "w") as file:
            file.write("import uwsgi, spooling\nspooling.note('imported by %s' % uwsgi.i_am_the_spooler())\n")
        self.spooler(zygote, imports=[os.path.join(self.base, "more.py"), "missing"], chdir=self.base)
        self.spool(name="a", do="show")
        self.tell(zygote.workers[0], "task")
        self.assertEqual(self.noted(5)[0], "imported by True")
        self.assertEqual(self.noted(5)[3], "(<class 'bytes'>, False)")
        zygote.event(
            "output", lambda e: e["line"].startswith("loomgate: spoolerImports: 'missing' can't be imported")
        )

    def test_an_import_in_each_process_is_the_spooler_s_too(self) -> None:
        path = self.spool(name="a")
        self.spooler(self.start(lazy=True))
        self.gone(path)

    def test_a_program_without_a_function_is_told(self) -> None:
        path = self.spool(name="a")
        zygote = Zygote(
            "programs",
            background=["spooler"],
            spool={"places": [self.directory], "queues": {}, "quiet": False, "sync": False},
        )
        self.addCleanup(zygote.__exit__)
        self.spooler(zygote)
        zygote.event("output", lambda e: "the program has set no uwsgi.spooler" in e["line"])
        self.assertTrue(os.path.exists(path))


class Broken(Spooling):
    """Files that hold no task."""

    def test_what_is_cut_off_is_kept_under_another_name(self) -> None:
        whole = spoolfile.pack({b"name": b"a"})
        places = []
        for i, data in enumerate(
            (whole[:-1], whole[:5], b"\x11\x03\x00\x00\x05\x00x", b"\x11\x02\x00\x00\x00\x00")
        ):
            places.append(os.path.join(self.directory, f"uwsgi_spoolfile_on_here_{i}"))
            with open(places[-1], "wb") as file:
                file.write(data)
        good = self.spool(name="good")
        zygote = self.start()
        self.spooler(zygote)
        self.gone(*places, good)
        self.assertCountEqual(
            os.listdir(self.directory), [f"broken_uwsgi_spoolfile_on_here_{i}" for i in range(4)]
        )
        self.assertEqual(self.names(1), ["good"])
        zygote.event("output", lambda e: "it ends after 12 bytes of 13; it is kept as" in e["line"])

    def test_what_is_being_written_is_left_alone(self) -> None:
        for name in ("uwsgi_spoolfile_on_here_1", ".loomgate_spoolfile_here_2", "notes", "12x"):
            open(os.path.join(self.directory, name), "w").close()
        os.mkfifo(os.path.join(self.directory, "uwsgi_spoolfile_on_here_3"))
        os.symlink(
            self.spool(name="elsewhere", at=time.time() + 99),
            os.path.join(self.directory, "uwsgi_spoolfile_on_x"),
        )
        good = self.spool(name="good")
        self.spooler(self.start())
        self.gone(good)
        self.assertEqual(len(os.listdir(self.directory)), 7)
        self.assertEqual(self.names(1), ["good"])

    def test_a_packet_is_read_as_it_was_written(self) -> None:
        variables = {b"": b"", b"k" * 300: b"v" * 60000, "ß".encode(): bytes(range(256))}
        packed = spoolfile.pack(variables)
        self.assertEqual(spoolfile.parse(packed + b"body"), (variables, b"body"))
        for end in range(4, len(packed), 997):
            with self.assertRaises(spoolfile.BrokenTask):
                spoolfile.parse(packed[:end])


class Functions(Spooling):
    """Of the `uwsgi` module, in a worker."""

    def setUp(self) -> None:
        super().setUp()
        self.worker = self.start(spool={"quiet": False}).worker()
        self.worker.answer = lambda call: [11, 0] if call[0] == "spooler_pids" else None

    def eval(self, expression: str) -> Any:
        response = self.worker.get("/", QUERY_STRING=expression)
        self.assertIsNone(response.failed)
        return ast.literal_eval(response.body.decode())

    def test_who_and_where(self) -> None:
        directory, base = self.directory.encode(), self.base.encode()
        self.assertEqual(self.eval("uwsgi.spoolers"), (directory, base))
        self.assertEqual(self.eval("uwsgi.spooler_pids(), uwsgi.spooler_pid()"), ([11, 0], 11))
        self.assertEqual(self.eval("said(uwsgi.spooler_dir)"), "ValueError: This process is not a spooler")
        self.assertEqual(
            self.eval("uwsgi.SPOOL_OK, uwsgi.SPOOL_RETRY, uwsgi.SPOOL_IGNORE, uwsgi.i_am_the_spooler()"),
            (-2, -1, 0, None),
        )

    def test_forms_of_a_task(self) -> None:
        for call in (
            "uwsgi.spool({b'a': b'1'})",
            "uwsgi.spool({'a': '1'})",
            "uwsgi.spool(a=b'1')",
            "uwsgi.spool(a=1)",
            "uwsgi.send_to_spooler({b'a': memoryview(b'1')})",
        ):
            path = self.eval(call)
            with open(path, "rb") as file:
                self.assertEqual(file.read(), b"\x11\x06\x00\x00\x01\x00a\x01\x001", call)
            self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
            self.assertRegex(
                os.path.basename(path).decode(),
                r"^uwsgi_spoolfile_on_[^/]+_%d_\d+_\d+_\d+_\d+$" % self.worker.pid,
            )
            self.assertEqual(self.eval("uwsgi.spooler_jobs()"), [path])
            self.assertEqual(
                self.eval(f"uwsgi.spooler_get_task({path!r})"), {"spooler_task_name": path, b"a": b"1"}
            )
            os.unlink(path)
        self.assertIsNone(self.eval("uwsgi.spooler_get_task('/no/such')"))

    def test_at_priority_and_spooler(self) -> None:
        path = self.eval(
            "uwsgi.spool({'at': 2000000000.5, 'priority': 7, 'spooler': uwsgi.spoolers[1], 'body': 'text'})"
        )
        self.assertEqual(os.path.dirname(path), os.path.join(self.base, "7").encode())
        self.assertEqual(os.stat(path).st_mtime, 2000000000.5)
        self.assertEqual(self.worker.calls, [("spooled", 1)])
        found = self.eval(f"uwsgi.spooler_get_task({path!r})")
        self.assertEqual((found[b"at"], found[b"priority"], found["body"]), (b"2000000000.5", b"7", b"text"))

    def test_what_cannot_be_spooled_is_said_and_leaves_nothing(self) -> None:
        for arguments, message in (
            ("", "The argument of spooler callable must be a dictionary"),
            ("[1]", "The argument of spooler callable must be a dictionary"),
            (
                "{b'a': None}",
                "spooler callable dictionary must contains only bytes (or str, or numbers), not NoneType",
            ),
            (
                "{b'a': b'x' * 65536}",
                "a task's keys and values take 65536 bytes, over 65535: what is large is its 'body'",
            ),
            (
                "{b'a': b'x' * 65531}",
                "a task's keys and values take 65536 bytes, over 65535: what is large is its 'body'",
            ),
            (
                "{b'priority': b'../x'}",
                "unable to spool job: the priority b'../x' is no number of at most 18 decimal digits",
            ),
            ("{b'at': b'soon'}", "unable to spool job: 'at' b'soon' is no time in seconds since 1970"),
            (
                "{b'spooler': b'/no'}",
                "unable to spool job: no spooler has the directory '/no' (spoolers); there are ",
            ),
        ):
            said = self.eval(f"said(uwsgi.spool, {arguments})")
            self.assertTrue(said.startswith(f"ValueError: {message}"), said)
        self.assertEqual(os.listdir(self.directory), [])
        shutil.rmtree(self.directory)
        said = self.eval("said(uwsgi.spool, {b'a': b'1'})")
        self.assertTrue(said.startswith("ValueError: unable to spool job: [Errno 2] No such file"), said)
        os.mkdir(self.directory)

    def test_a_process_of_the_program_s_own_spools_as_well(self) -> None:
        self.eval("(os.fork() == 0 and uwsgi.spool(a='1') and os._exit(0), os.wait())[1][1]")
        self.assertEqual(len(os.listdir(self.directory)), 1)


if __name__ == "__main__":
    unittest.main()
