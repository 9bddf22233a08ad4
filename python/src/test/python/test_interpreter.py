"""Interpreters of all kinds, and which modules a program gets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import unittest
from typing import Any, Dict, List

from standin import Zygote
from surroundings import MAIN, MODES


class Interpreter(unittest.TestCase):
    def test_one_that_is_too_old_is_told_of(self) -> None:
        code = (
            f"import sys; sys.path.insert(0, {MAIN!r}); sys.version_info = (3, 7, 16); import loomgate_worker"
        )
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
    if asyncio.iscoroutinefunction(work) and sys.modules['uwsgi'].loop == b'asyncio':
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
        code = f"import sys; sys.path.insert(0, {MAIN!r}); import loomgate_worker.zygote.zygote"
        subprocess.run([sys.executable, "-S", "-c", code], check=True)


if __name__ == "__main__":
    unittest.main()
