"""The accelerator of direct mode is found and loaded, from wherever the package is; and nothing but a log line comes of it if not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from typing import Dict, Optional
from unittest import mock

from direct_packets import built
from surroundings import MAIN

from loomgate_worker.direct import native

FILE = f"_loomgate_direct.abi3.{os.uname().machine}.so"

SHOWN = """
import os, sys
from loomgate_worker.direct import native
module = native.load()
print(module and module.read.__name__, '_loomgate_direct' in sys.modules, os.listdir(os.environ['TMPDIR']))
"""


class Native(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.directory = built("-Werror")
        cls.addClassCleanup(shutil.rmtree, cls.directory)

    def setUp(self) -> None:
        self.place = tempfile.mkdtemp(prefix="direct-test-")
        self.addCleanup(shutil.rmtree, self.place)

    def package(self, accelerator: Optional[bytes] = None) -> str:
        """A copy of the package with the accelerator beside it, or with these bytes in its place."""
        root = os.path.join(self.place, "classes")
        shutil.copytree(MAIN, root, ignore=shutil.ignore_patterns("__pycache__"))
        path = os.path.join(root, "loomgate_worker/direct", FILE)
        shutil.copy(os.path.join(self.directory, FILE), path)
        if accelerator is not None:
            with open(path, "wb") as file:
                file.write(accelerator)
        return root

    def jar(self, root: str) -> str:
        return shutil.make_archive(os.path.join(self.place, "package"), "zip", root)

    def run_from(self, path: str, program: str = SHOWN) -> Dict[str, str]:
        """What an interpreter that imports the package from there writes."""
        temporary = os.path.join(self.place, "tmp")
        os.mkdir(temporary)
        environment = {**os.environ, "PYTHONPATH": path, "TMPDIR": temporary, "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return {"out": done.stdout.strip(), "log": done.stderr}

    def test_from_a_directory(self) -> None:
        self.assertEqual(self.run_from(self.package()), {"out": "read False []", "log": ""})

    def test_from_a_jar_file_and_nothing_is_left_behind(self) -> None:
        self.assertEqual(self.run_from(self.jar(self.package())), {"out": "read False []", "log": ""})

    def test_from_memory_where_no_directory_allows_programs(self) -> None:
        program = (
            "import tempfile\ndef fail(**_): raise OSError\ntempfile.TemporaryDirectory = fail\n" + SHOWN
        )
        self.assertEqual(
            self.run_from(self.jar(self.package()), program), {"out": "read False []", "log": ""}
        )

    def test_one_that_cannot_be_loaded_is_told_of_in_one_line(self) -> None:
        for path in (self.package(b"\x7fELF of another machine"),):
            for place in (path, self.jar(path)):
                shown = self.run_from(place)
                self.assertEqual(shown["out"], "None False []")
                self.assertRegex(
                    shown["log"],
                    r"\Aloomgate: direct mode's accelerator can't be loaded, Python code is used instead: .*\n\Z",
                )
                shutil.rmtree(os.path.join(self.place, "tmp"))

    def test_none_for_this_machine(self) -> None:
        with mock.patch.object(native.log, "say") as say:
            self.assertIsNone(native.load(self.place))
            self.assertIn(f"none was built for this machine ({FILE})", say.call_args[0][0])
            say.reset_mock()
            shutil.copy(os.path.join(self.directory, FILE), self.place)
            self.assertIsNotNone(native.load(self.place))
        say.assert_not_called()

    def test_none_for_interpreters_without_the_stable_abi(self) -> None:
        with mock.patch.object(native.log, "say") as say:
            with mock.patch.object(sys, "abiflags", "t"):
                self.assertIsNone(native.load(self.directory))
            with mock.patch.object(native.importlib.machinery, "EXTENSION_SUFFIXES", [".so"]):
                self.assertIsNone(native.load(self.directory))
            self.assertEqual(
                [call[0][0].rpartition(": ")[2] for call in say.call_args_list],
                ["this interpreter has no stable ABI"] * 2,
            )
            self.assertIsNotNone(native.load(self.directory))


class Build(unittest.TestCase):
    """Without a compiler or headers the build goes on, and says so."""

    def build(self, directory: str, **environment: str) -> str:
        script = os.path.join(os.path.dirname(MAIN), "c/build")
        done = subprocess.run(
            [script, directory],
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.assertEqual(done.returncode, 0)
        return done.stdout

    def test_without_a_compiler(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            said = self.build(directory, CC="no-such-compiler")
            self.assertRegex(said, r"isn't built, .*no C compiler \(no-such-compiler")
            self.assertEqual(os.listdir(directory), [])

    def test_with_a_compiler_that_fails(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            said = self.build(directory, CFLAGS="-Wno-such-thing -Werror -funknown")
            self.assertIn("isn't built, ", said)
            self.assertEqual(os.listdir(directory), [])

    def test_only_when_the_sources_have_changed(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            self.build(directory)
            (name,) = os.listdir(directory)
            os.utime(os.path.join(directory, name))
            before = os.stat(os.path.join(directory, name))
            self.build(directory)
            self.assertEqual(os.stat(os.path.join(directory, name)), before)
            os.utime(os.path.join(directory, name), (0, 0))
            self.build(directory)
            self.assertNotEqual(os.stat(os.path.join(directory, name)).st_ino, before.st_ino)


if __name__ == "__main__":
    unittest.main()
