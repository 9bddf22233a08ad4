"""Tests that share a worker, and that run once for each mode."""

from __future__ import annotations

import os
import tempfile
import time
import unittest
from typing import Any, Dict, List, Sequence, Type

from connections import Response, Worker
from standin import Zygote
from surroundings import DEADLINE, MODES


class OneWorker(unittest.TestCase):
    """Its tests share one worker of `module`; `boot` is what else the zygote is told."""

    mode = ""
    module = "programs"
    boot: Dict[str, Any] = {}
    zygote: Zygote
    worker: Worker

    @classmethod
    def setUpClass(cls) -> None:
        cls.zygote = Zygote(cls.module, mode=cls.mode, window=20000, **cls.boot)
        cls.addClassCleanup(cls.zygote.__exit__)
        cls.worker = cls.zygote.worker()

    def answer(self, path: str, **environ: str) -> str:
        """The body of a response that hasn't failed."""
        response = self.worker.get(path, **environ)
        self.assertIsNone(response.failed)
        return response.body.decode()


class EveryMode(OneWorker):
    """`every_mode` makes a class for each mode."""

    boot = {"processes": 2, "gevent_patch": "before_load"}

    def setUp(self) -> None:
        self.worker.get("/log")

    def assertLogged(self, *expected: str) -> None:
        """Waits for what `close()` and others note: that may happen after the response."""
        said: List[str] = []
        deadline = time.monotonic() + DEADLINE
        while len(said) < sum(len(line.split()) for line in expected) and time.monotonic() < deadline:
            said += self.worker.get("/log").body.decode().split()
        self.assertEqual(said, [word for line in expected for word in line.split()])

    def assertAnswers(self, response: Response, body: bytes, status: str = "200 OK") -> None:
        self.assertIsNone(response.failed)
        self.assertEqual((response.status, response.body), (status, body))


def every_mode(*cases: Type[OneWorker], modes: Sequence[str] = MODES) -> Dict[str, Type[OneWorker]]:
    """A class for each case and mode; `globals().update` makes them the module's tests."""
    return {
        f"{case.__name__}_{mode}": type(
            f"{case.__name__}_{mode}", (case,), {"mode": mode, "__module__": case.__module__}
        )
        for case in cases
        for mode in modes
    }


class NamedPipe:
    """Somebody in a worker who opens it waits until `release`."""

    def __enter__(self) -> NamedPipe:
        self._directory = tempfile.TemporaryDirectory()
        self.path = os.path.join(self._directory.name, "fifo")
        os.mkfifo(self.path)
        return self

    def release(self, text: str = "") -> None:
        with open(self.path, "w") as file:
            file.write(text)

    def __exit__(self, *_: object) -> None:
        self._directory.cleanup()
