"""Whatever a program does to its interpreter, the worker serves: each of `SETTINGS`, in each mode."""

from __future__ import annotations

import os
import sys
import tempfile
import unittest
from typing import Dict

import connections
import standin
from connections import Worker
from settings import PROGRAM, SETTINGS
from standin import Zygote
from surroundings import MODES, has_gevent


class Settings(unittest.TestCase):
    mode = ""

    def check(self, setting: str) -> None:
        with tempfile.TemporaryDirectory() as directory:
            with open(os.path.join(directory, "program.py"), "w") as file:
                file.write(PROGRAM.format(setting=setting))
            with Zygote("program", mode=self.mode, python_path=[directory]) as zygote:
                worker = zygote.worker()
                self.serves(worker)
                # In the worker's life.
                again = worker.get("/set")
                # Some can't be set twice; that is the request's failure alone.
                self.assertIn("Error" if again.failed else "set", again.failed or again.body.decode())
                self.serves(worker)
                # The zygote is well, too.
                other = zygote.worker(2)
                self.assertEqual(other.get("/").body, str(other.pid).encode())
                worker.stop()
                self.assertIn(zygote.exited(worker)["status"], (0, 120))
                self.assertNotIn("a defect", "\n".join(zygote.output(worker.pid, "stderr")))

    def serves(self, worker: Worker) -> None:
        pid = str(worker.pid).encode()
        self.assertEqual(worker.get("/").body, pid)
        for size in (10, 400000):
            number = worker.begin("/body", b"", False)
            worker.send_body(number, b"x" * size)
            self.assertEqual(worker.end(number).body, str(size).encode())
        for path in ("/large", "/stream"):
            response = worker.get(path)
            self.assertEqual((response.failed, len(response.body)), (None, 1000000))
        self.assertIn("LookupError", worker.get("/fails").failed or "")
        if self.mode != "asyncio":
            worker.recall()
            self.assertEqual(worker.returned(), [])
        numbers = [worker.begin("/") for _ in range(20)]
        self.assertEqual({worker.end(number).body for number in numbers}, {pid})


def _tests() -> Dict[str, type]:
    made: Dict[str, type] = {}
    for mode in MODES:
        if mode == "gevent":
            continue  # It runs by the program's gevent, which uses what the program has changed.
        body: Dict[str, object] = {"mode": mode, "__module__": __name__}
        for name, setting in SETTINGS.items():
            if name == "builtins.len" and sys.version_info >= (3, 13):
                continue  # The interpreter's own import calls it.
            if name != "gevent" or has_gevent():
                body["test_" + name.replace(" ", "_")] = lambda self, setting=setting: self.check(setting)
        made[f"Settings_{mode}"] = type(f"Settings_{mode}", (Settings,), body)
    return made


globals().update(_tests())
del Settings


if __name__ == "__main__":
    standin.DEADLINE = connections.DEADLINE = min(standin.DEADLINE, 20)
    unittest.main()
