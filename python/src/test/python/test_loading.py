"""What is loaded, from where, and what is said if that isn't possible."""

from __future__ import annotations

import os
import shutil
import tempfile
import unittest
import zipfile
from typing import Any, Dict, List

import standin
from standin import Zygote
from surroundings import APPLICATIONS, MODES, frames, has_gevent

MOVING = """
import os, sys
import first
os.chdir("/")

def application(environ, start_response):
    import late
    start_response("200 OK", [])
    return [" ".join([__file__, *sys.path[:2], str(late.N)]).encode()]
"""


SHOP = """
def make(globals, word="none"):
    def application(environ, start_response):
        start_response("200 OK", [])
        return [word.encode()]
    return application
"""

DEBIAN = "/usr/bin/python3"


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
            self.assertIn("; looked in: ", failed["message"])
            self.assertIn(APPLICATIONS, failed["message"])
            for left_out in (os.path.dirname(os.__file__) + ",", ".zip", "lib-dynload", standin.MAIN):
                self.assertNotIn(left_out, failed["message"])
        self.assertIn("'programs' is not a package; looked in", self.failure("programs.part")["message"])

    def test_a_missing_file(self) -> None:
        failed = self.failure(file="/no/such/file.wsgi")
        self.assertEqual(failed["kind"], "missing_module")
        self.assertIn("'/no/such/file.wsgi' (file)", failed["message"])

    def test_modules_and_files_that_are_imported_beside(self) -> None:
        program = """
import os, sys
PARENT = os.getpid()
def application(environ, start_response):
    start_response("200 OK", [])
    import once, each
    wrapper = environ.get("wsgi.file_wrapper")
    return [repr((once.PID == os.getppid(), each.PID == os.getpid(), "here_beside" in sys.modules,
                  sys.argv[1:], wrapper)).encode()]
"""
        with tempfile.TemporaryDirectory() as directory:
            os.mkdir(os.path.join(directory, "here"))
            for name, text in (
                ("program.py", program),
                ("once.py", "import os\nPID = os.getpid()\n"),
                ("each.py", "import os\nPID = os.getpid()\n"),
                ("here/beside.py", ""),
                ("bad.py", "raise SystemExit(3)\n"),
            ):
                with open(os.path.join(directory, name), "w") as file:
                    file.write(text)
            with Zygote(
                "program",
                chdir=directory,
                lazy=True,
                argv=["a", "b c"],
                shared_imports=["once", "here/beside.py", "bad"],
                imports=["each", "no_such", "no/such.py"],
                file_wrapper=False,
            ) as zygote:
                response = zygote.worker().get("/")
                zygote.error("loomgate: sharedImports: 'bad' can't be imported: SystemExit: 3")
                zygote.event("forked")
        self.assertEqual(response.body, b"(True, True, True, ['a', 'b c'], None)")

    def test_what_a_program_may_have(self) -> None:
        program = """
import ctypes, os, resource, sys
READ = []
def stack():
    libc, attributes, size = ctypes.CDLL(None), ctypes.create_string_buffer(64), ctypes.c_size_t()
    libc.pthread_self.restype = ctypes.c_ulong
    libc.pthread_getattr_np(ctypes.c_ulong(libc.pthread_self()), attributes)
    libc.pthread_attr_getstacksize(attributes, ctypes.byref(size))
    return size.value
def application(environ, start_response):
    start_response("200 OK", [])
    return [repr((os.getcwd(), sys.stdin.readline(), stack(), resource.getrlimit(resource.RLIMIT_AS)[0])).encode()]
"""
        with tempfile.TemporaryDirectory() as directory:
            after = os.path.join(directory, "after")
            os.mkdir(after)
            with open(os.path.join(directory, "program.py"), "w") as file:
                file.write(program)
            kept = os.dup(0)
            reading, writing = os.pipe()
            os.dup2(reading, 0)
            os.close(reading)
            try:
                with Zygote(
                    "program",
                    mode="threads",
                    chdir=directory,
                    chdir_after="after",
                    input=True,
                    address_space=1 << 34,
                    thread_stack=1 << 20,
                ) as zygote:
                    worker = zygote.worker()
                    os.write(writing, b"typed\n")
                    response = worker.get("/")
            finally:
                os.dup2(kept, 0)
                os.close(kept)
                os.close(writing)
        self.assertEqual(response.body.decode(), repr((after, "typed\n", 1 << 20, 1 << 34)))

    def test_a_directory_for_afterwards_that_is_not_there(self) -> None:
        failed = self.failure("programs", chdir_after="/no/such", names={"directoryAfter": "--chdir2"})
        self.assertIn("the working directory (--chdir2) can't be entered", failed["message"])

    def test_an_application_of_paste_deploys(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "site.ini")
            for name, text in (
                (
                    "site.ini",
                    "[app:main]\npaste.app_factory = shop:make\n[app:one]\nuse = main\nword = one\n",
                ),
                ("shop.py", SHOP),
            ):
                with open(os.path.join(directory, name), "w") as file:
                    file.write(text)
            for config, name, expected in (
                (f"config:{path}", None, b"none"),
                (f"config:{path}#one", None, b"one"),
                (f"config:{path}", "one", b"one"),
            ):
                paste = {"config": config, "name": name, "loggers": False}
                with Zygote("", paste=paste, python_path=[directory], python=DEBIAN) as zygote:
                    self.assertEqual(zygote.worker().get("/").body, expected)
            paste = {"config": f"config:{path}", "name": "two", "loggers": True}
            failed = self.failure("", paste=paste, python_path=[directory], python=DEBIAN)
            self.assertIn("can't be imported: LookupError", failed["message"])

    def test_a_missing_callable(self) -> None:
        failed = self.failure("programs", callable="aplication", strict=True)
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

    def test_a_missing_gevent(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            with open(os.path.join(directory, "gevent.py"), "w") as file:
                file.write("raise ModuleNotFoundError('No module named gevent', name='gevent')\n")
            failed = self.failure("programs", mode="gevent", python_path=[directory])
        self.assertEqual(failed["kind"], "gevent")
        self.assertIn("needs the package gevent, which", failed["message"])

    def test_a_gevent_that_is_broken(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            os.mkdir(os.path.join(directory, "gevent"))
            for name, text in (
                ("__init__", ""),
                ("monkey", "def patch_all():\n    raise OSError('out of luck')\n"),
            ):
                with open(os.path.join(directory, "gevent", name + ".py"), "w") as file:
                    file.write(text)
            failed = self.failure(
                "programs", mode="gevent", gevent_patch="before_load", python_path=[directory]
            )
        self.assertEqual(failed["kind"], "gevent")
        self.assertEqual(failed["message"], "gevent.monkey.patch_all() has failed: out of luck")

    @unittest.skipUnless(has_gevent(), "needs the package gevent")
    def test_gevent_is_not_for_asgi(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            with open(os.path.join(directory, "tasks.py"), "w") as file:
                file.write("async def application(scope, receive, send):\n    pass\n")
            failed = self.failure("tasks", mode="gevent", python_path=[directory])
        self.assertEqual(failed["kind"], "gevent")
        self.assertIn("isn't for an application of ASGI", failed["message"])

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


if __name__ == "__main__":
    unittest.main()
