"""The zygote: loading, forking, output, deaths."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile
from typing import Any, Dict, List

import standin
from standin import APPLICATIONS, MODES, Zygote, frames


def alive(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


MOVING = """
import os, sys
import first
os.chdir("/")

def application(environ, start_response):
    import late
    start_response("200 OK", [])
    return [" ".join([__file__, *sys.path[:2], str(late.N)]).encode()]
"""


class Loading(unittest.TestCase):
    def failure(self, module: str = "", **boot: Any) -> Dict[str, str]:
        with Zygote(module, **boot) as zygote:
            failed: Dict[str, str] = zygote.event("failed")
            self.assertEqual(zygote.process.wait(10), 1)
            return failed

    def test_an_exception_in_the_import(self) -> None:
        failed = self.failure("raising")
        self.assertEqual(failed["kind"], "import")
        self.assertEqual(
            failed["message"], "the module 'raising' can't be imported: RuntimeError: the database is on fire"
        )
        lines = failed["traceback"].split("\n")
        self.assertIn("applications/raising.py", lines[1])
        self.assertNotIn("importlib", failed["traceback"])

    def test_a_syntax_error(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            shutil.copy(
                os.path.join(APPLICATIONS, "no_syntax.py.txt"), os.path.join(directory, "no_syntax.py")
            )
            failed = self.failure("no_syntax", python_path=[directory])
        self.assertEqual(failed["kind"], "import")
        self.assertIn("SyntaxError", failed["message"])
        self.assertIn("no_syntax.py", failed["traceback"])

    def test_an_import_inside_that_is_missing(self) -> None:
        failed = self.failure("importing_missing")
        self.assertEqual(failed["kind"], "import")
        self.assertIn("No module named 'no_such_module_at_all'", failed["message"])

    def test_an_import_that_exits(self) -> None:
        failed = self.failure("exiting")
        self.assertEqual((failed["kind"], "no configuration" in failed["message"]), ("import", True))

    def test_a_missing_module(self) -> None:
        for module in ("no_such_module", "programs.no_such_part", "no_such_package.part"):
            failed = self.failure(module)
            self.assertEqual(failed["kind"], "missing_module")
            self.assertIn(f"there is no module {module!r}", failed["message"])
            self.assertIn(APPLICATIONS, failed["message"])

    def test_a_missing_file(self) -> None:
        failed = self.failure(file="/no/such/file.wsgi")
        self.assertEqual(failed["kind"], "missing_module")
        self.assertIn("'/no/such/file.wsgi' (--wsgi-file)", failed["message"])

    def test_a_missing_callable(self) -> None:
        failed = self.failure("programs", callable="aplication")
        self.assertEqual(failed["kind"], "missing_callable")
        self.assertIn("has no 'aplication'", failed["message"])
        self.assertIn("bad_head", failed["message"])

    def test_not_callable(self) -> None:
        failed = self.failure("programs:not_callable")
        self.assertEqual(failed["kind"], "not_callable")
        self.assertIn("is a str, which can't be called", failed["message"])

    def test_a_directory_that_is_not_there(self) -> None:
        self.assertIn("/no/such/place", self.failure("programs", chdir="/no/such/place")["message"])

    def test_a_missing_greenlet(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            with open(os.path.join(directory, "greenlet.py"), "w") as file:
                file.write("raise ModuleNotFoundError('No module named greenlet', name='greenlet')\n")
            failed = self.failure("programs", mode="asyncio", python_path=[directory])
        self.assertEqual(failed["kind"], "greenlet")
        self.assertIn("pip install greenlet", failed["message"])
        self.assertIn("python3-greenlet", failed["message"])

    def test_the_ways_to_name_an_application(self) -> None:
        path = os.path.join(APPLICATIONS, "programs.py")
        ways: List[Dict[str, Any]] = [
            {"module": "programs:factory()"},
            {"module": "programs", "callable": "factory()"},
            {"module": path},
            {"module": "", "file": path},
            {"module": "", "file": "programs.py", "chdir": APPLICATIONS, "python_path": []},
            {"module": "programs", "chdir": APPLICATIONS, "python_path": []},
        ]
        for boot in ways:
            with self.subTest(boot=boot), Zygote(**boot) as zygote:
                self.assertEqual(zygote.worker().get("/hello").body, b"Hello world!\n")

    def test_paths_are_absolute_so_that_a_program_may_change_its_directory(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            directory = os.path.realpath(name)
            for sub, text in (("lib/first.py", "N = 1"), ("late.py", "N = 2"), ("app.py", MOVING)):
                os.makedirs(os.path.dirname(os.path.join(directory, sub)), exist_ok=True)
                with open(os.path.join(directory, sub), "w") as file:
                    file.write(text)
            os.symlink(directory, directory + "-link")
            self.addCleanup(os.unlink, directory + "-link")
            for boot in ({"module": "app"}, {"module": "", "file": "app.py"}, {"module": "./app.py"}):
                with self.subTest(boot), Zygote(
                    **boot, chdir=directory + "-link", python_path=["lib"]
                ) as zygote:
                    said = zygote.worker().get("/").body.decode()
                    self.assertEqual(
                        said.split(),
                        [directory + "/app.py", directory + "/lib", directory, "2"],
                        zygote.errors,
                    )

    def test_paths_are_utf_8_whatever_the_locale_is(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            place = os.path.join(directory, "gro\xdf \u65e5")
            os.mkdir(place)
            with open(os.path.join(place, "app.py"), "w") as file:
                file.write(
                    "def application(e, s):\n    s('200 OK', [])\n    return [__file__[-6:].encode()]\n"
                )
            for locale in ("C", "POSIX", "C.UTF-8"):
                environment = {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
                with self.subTest(locale), Zygote("app", chdir=place, environment=environment) as zygote:
                    self.assertEqual(zygote.worker().get("/").body, b"app.py")

    def test_lazy_imports_in_the_worker(self) -> None:
        with Zygote("raising", lazy=True) as zygote:
            zygote.event("ready")
            worker = zygote.unready()
            frame = worker.control()
            self.assertEqual((frame.kind, frame.flags), (frames.READY, frames.FAILURE))
            self.assertIn(b'"kind": "import"', frame.payload)
            self.assertEqual(zygote.exited(worker)["status"], 4)
        for mode in MODES:
            with self.subTest(mode), Zygote(lazy=True, mode=mode) as zygote:
                self.assertEqual(zygote.worker().get("/hello").body, b"Hello world!\n")

    def test_from_a_jar_file(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            jar = os.path.join(directory, "loomgate-python.jar")
            package = os.path.join(standin.MAIN, "loomgate_worker")
            with zipfile.ZipFile(jar, "w", zipfile.ZIP_DEFLATED) as file:
                for folder, _, names in os.walk(package):
                    for name in names:
                        if name.endswith(".py"):
                            path = os.path.join(folder, name)
                            file.write(path, os.path.relpath(path, standin.MAIN))
            main, standin.MAIN = standin.MAIN, jar
            try:
                for mode in MODES:
                    with self.subTest(mode), Zygote(mode=mode) as zygote:
                        worker = zygote.worker()
                        self.assertEqual(worker.get("/hello").body, b"Hello world!\n")
                        self.assertNotIn("loomgate_worker", worker.get("/fails").failed or "")
            finally:
                standin.MAIN = main


class Life(unittest.TestCase):
    def test_stop_ends_a_worker_normally(self) -> None:
        for mode in MODES:
            with self.subTest(mode), Zygote("chatty", mode=mode) as zygote:
                worker = zygote.worker()
                worker.stop()
                self.assertEqual(zygote.exited(worker)["status"], 0)
                self.assertEqual(zygote.output(worker.pid), ["atexit ran"])
                self.assertFalse(os.path.exists(worker.path))

    def test_stop_waits_for_what_runs(self) -> None:
        for mode in MODES:
            with self.subTest(mode), Zygote(mode=mode) as zygote:
                worker = zygote.worker()
                number = worker.begin("/echo", b"a", False)
                worker.stop()
                worker.send(frames.BODY, 1, number, b"b")
                self.assertEqual(worker.end(number).body, b"ab")
                self.assertEqual(zygote.exited(worker)["status"], 0)

    def test_a_worker_goes_at_once_when_control_ends(self) -> None:
        for mode in MODES:
            with self.subTest(mode), Zygote(mode=mode) as zygote:
                worker = zygote.worker()
                worker.begin("/sleep")
                start = time.monotonic()
                worker.close()
                self.assertEqual(zygote.exited(worker)["status"], 3)
                self.assertLess(time.monotonic() - start, 1)

    def test_kill_minus_nine(self) -> None:
        for mode in MODES:
            with self.subTest(mode), Zygote(mode=mode) as zygote:
                first = zygote.worker()
                number = first.begin("/sleep")
                while first.begun() != number:
                    pass
                os.kill(first.pid, signal.SIGKILL)
                self.assertEqual(zygote.exited(first)["signal"], signal.SIGKILL)
                # The JVM reads it now.
                self.assertEqual(first.begun(), number)
                self.assertEqual(zygote.worker().get("/hello").body, b"Hello world!\n")

    def test_the_kill_command(self) -> None:
        with Zygote() as zygote:
            worker = zygote.worker()
            zygote.write({"command": "kill", "pid": worker.pid, "signal": 9})
            self.assertEqual(zygote.exited(worker)["signal"], 9)
            # Of a number that is nobody's any more it takes no notice.
            zygote.write({"command": "kill", "pid": worker.pid, "signal": 9})
            self.assertEqual(zygote.worker().get("/hello").body, b"Hello world!\n")

    def test_the_end_of_stdin_ends_everything_within_a_second(self) -> None:
        for mode in MODES:
            with self.subTest(mode), Zygote(mode=mode) as zygote:
                workers = [zygote.worker(slot) for slot in (1, 2)]
                for worker in workers:
                    number = worker.begin("/sleep")
                    while worker.begun() != number:
                        pass
                directory = zygote.event("ready")["directory"]
                self.assertEqual(os.stat(directory).st_mode & 0o777, 0o700)
                start = time.monotonic()
                assert zygote.process.stdin is not None
                zygote.process.stdin.close()
                self.assertEqual(zygote.process.wait(10), 0)
                while any(alive(worker.pid) for worker in workers):
                    self.assertLess(time.monotonic() - start, 1)
                self.assertLess(time.monotonic() - start, 1)
                self.assertFalse(os.path.exists(directory))

    def test_the_end_of_stdin_during_an_import(self) -> None:
        with Zygote("stuck") as zygote:
            zygote.error("the import has begun")
            start = time.monotonic()
            assert zygote.process.stdin is not None
            zygote.process.stdin.close()
            self.assertEqual(zygote.process.wait(10), 0)
            self.assertLess(time.monotonic() - start, 1)

    def test_workers_go_with_a_zygote_that_is_killed(self) -> None:
        with Zygote() as zygote:
            worker = zygote.worker()
            worker.begin("/sleep")
            start = time.monotonic()
            directory = zygote.event("ready")["directory"]
            zygote.process.kill()
            while alive(worker.pid):
                self.assertLess(time.monotonic() - start, 1)
            shutil.rmtree(directory)

    def test_many_forks_at_once(self) -> None:
        with Zygote() as zygote:
            zygote.event("ready")
            start = time.monotonic()
            for slot in range(1, 21):
                zygote.write({"command": "fork", "slot": slot})
            zygote.event("forked", lambda e: e["slot"] == 20)
            self.assertLess(time.monotonic() - start, 2)
            self.assertEqual([e["slot"] for e in zygote.events if e["event"] == "forked"], list(range(1, 21)))

    def test_sigint_and_sigterm_are_left_to_the_jvm(self) -> None:
        with Zygote() as zygote:
            worker = zygote.worker()
            for number in (signal.SIGINT, signal.SIGTERM):
                os.kill(zygote.process.pid, number)
                os.kill(worker.pid, number)
            self.assertEqual(worker.get("/hello").body, b"Hello world!\n")
            # But not in processes that the application makes.
            self.assertEqual(worker.get("/terminates").body, b"-15 -15")
            self.assertEqual(zygote.worker(2).get("/hello").body, b"Hello world!\n")

    def test_an_unknown_frame_ends_the_worker(self) -> None:
        for mode in MODES:
            with self.subTest(mode), Zygote(mode=mode) as zygote:
                worker = zygote.worker()
                worker.send(0x55)
                self.assertEqual(zygote.exited(worker)["status"], 70)
                self.assertIn("frame 0x55", "\n".join(zygote.output(worker.pid, "stderr")))


class Output(unittest.TestCase):
    def test_what_an_import_prints_is_on_stderr(self) -> None:
        with Zygote("chatty") as zygote:
            zygote.event("ready")
            zygote.error("printed in the import")
            zygote.error("said in the import")
            zygote.error("started 1 thread(s) (a-thread)")

    def test_what_a_worker_prints_is_told_in_order(self) -> None:
        for mode in MODES:
            with self.subTest(mode), Zygote(mode=mode) as zygote:
                worker = zygote.worker()
                worker.get("/prints")
                worker.stop()
                zygote.exited(worker)
                out = ["to stdout", "x" * 40000, "from below, no end"]
                self.assertEqual(zygote.output(worker.pid), out)
                self.assertEqual(zygote.output(worker.pid, "stderr"), ["to stderr", "to errors"])
                self.assertEqual(zygote.events[-1]["event"], "exited")

    def test_a_flood_is_complete(self) -> None:
        with Zygote() as zygote:
            worker = zygote.worker()
            worker.get("/prints-much")
            worker.stop()
            zygote.exited(worker)
            self.assertEqual(zygote.output(worker.pid), [f"line {n}" for n in range(20000)])

    def test_a_process_that_is_left_behind_does_not_keep_the_end_back(self) -> None:
        with Zygote() as zygote:
            worker = zygote.worker()
            pid = int(worker.get("/grandchild").body)
            try:
                worker.stop()
                self.assertEqual(zygote.exited(worker)["status"], 0)
                self.assertEqual(zygote.output(worker.pid), ["left behind"])
            finally:
                os.kill(pid, signal.SIGKILL)

    def test_sigusr2_tells_where_a_worker_is_stuck(self) -> None:
        for mode in MODES:
            with self.subTest(mode), Zygote(mode=mode) as zygote:
                worker = zygote.worker()
                worker.begin("/sleep")
                zygote.event("output", lambda e: e["line"] == "sleeping")
                os.kill(worker.pid, signal.SIGUSR2)
                zygote.event("output", lambda e: "in sleep" in e["line"] and "programs.py" in e["line"])


class Interpreter(unittest.TestCase):
    def test_one_that_is_too_old_is_told_of(self) -> None:
        code = f"import sys; sys.path.insert(0, {standin.MAIN!r}); sys.version_info = (3, 7, 16); import loomgate_worker"
        ended = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE)
        self.assertEqual(ended.returncode, 1)
        failed = json.loads(ended.stdout)
        self.assertEqual((failed["event"], failed["kind"]), ("failed", "import"))
        self.assertIn("is Python 3.7.16; Loomgate needs 3.8 or later", failed["message"])

    def test_a_program_that_closes_all_descriptors_is_told_of(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            with open(os.path.join(directory, "closing.py"), "w") as file:
                file.write("import os\nos.closerange(3, 20000)\n")
            with Zygote("closing", python_path=[directory]) as zygote:
                self.assertEqual(zygote.process.wait(10), 70)
                zygote.error("the application's import has closed all descriptors")

    def test_a_program_gets_its_own_modules_of_the_library_s_names(self) -> None:
        names = "json logging queue select signal socket struct threading token traceback typing zlib".split()
        names += [
            "ast",
            "ctypes",
            "inspect",
            "tempfile",
            "random",
            "shutil",
            "frames",
            "runner",
            "isolation",
            "wire",
            "modes",
        ]
        # What is built in comes first, wherever a program lies.
        names = [name for name in names if name not in sys.builtin_module_names]
        program = "".join(f"import {name}\nassert {name}.WHOSE == 'mine'\n" for name in names)
        program += "def application(environ, start_response):\n"
        program += "    start_response('200 OK', [])\n    return [b'%d' % (1 + 1)]\n"
        with tempfile.TemporaryDirectory() as directory:
            for name in names:
                with open(os.path.join(directory, name + ".py"), "w") as file:
                    file.write("WHOSE = 'mine'\n")
            with open(os.path.join(directory, "program.py"), "w") as file:
                file.write(program)
            ways: List[Dict[str, Any]] = [
                {"python_path": [directory]},
                {"python_path": [], "chdir": directory},
            ]
            for mode in MODES:
                for way in ways:
                    with self.subTest(mode, way=way), Zygote("program", mode=mode, **way) as zygote:
                        worker = zygote.worker()
                        self.assertEqual(worker.get("/").body, b"2")

    def test_a_program_has_the_library_s_modules_where_it_has_none(self) -> None:
        program = """
import asyncio, asyncio.base_events, concurrent.futures, logging, os, sys, threading, typing.io
assert sys.modules['threading'] is threading and concurrent.futures.ThreadPoolExecutor
assert asyncio.base_events.__spec__.origin == asyncio.base_events.__file__
assert threading.main_thread() is threading.current_thread()
def application(environ, start_response):
    async def work():
        return await asyncio.get_running_loop().run_in_executor(None, os.getpid)
    if asyncio.iscoroutinefunction(work) and 'greenlet' in sys.modules:
        import greenlet
        pid = greenlet.getcurrent().parent.switch(work())
    else:
        pid = asyncio.run(work())
    start_response('200 OK', [])
    return [b'%d' % pid]
"""
        if sys.version_info >= (3, 13):
            program = program.replace(", typing.io", "")
        with tempfile.TemporaryDirectory() as directory:
            with open(os.path.join(directory, "program.py"), "w") as file:
                file.write(program)
            for mode in MODES:
                with self.subTest(mode), Zygote("program", mode=mode, python_path=[directory]) as zygote:
                    worker = zygote.worker()
                    self.assertEqual(worker.get("/").body, str(worker.pid).encode())

    def test_the_package_needs_the_standard_library_only(self) -> None:
        code = f"import sys; sys.path.insert(0, {standin.MAIN!r}); import loomgate_worker.zygote.zygote"
        subprocess.run([sys.executable, "-S", "-c", code], check=True)


if __name__ == "__main__":
    unittest.main()
