"""Programs that call `gevent.monkey.patch_all()` at their import."""

from __future__ import annotations

import importlib.util
import time
import unittest

from every_mode import OneWorker, every_mode
from standin import Zygote


@unittest.skipUnless(importlib.util.find_spec("gevent"), "needs the package gevent")
class Gevent(OneWorker):
    module = "green"
    boot = {"threads": 4}

    def test_what_gevent_gives(self) -> None:
        for _ in range(2):
            self.assertEqual(self.answer("/spawn"), "0,1,2")
            self.assertEqual(self.answer("/thread"), "thread")
            self.assertEqual(self.answer("/process"), "7")
            self.assertEqual(self.answer("/fork"), "parent0")
            self.assertEqual(self.answer("/hello"), "hello")

    def test_bodies(self) -> None:
        for size in (10, 300000):
            number = self.worker.begin("/body", b"", False)
            self.worker.send_body(number, b"x" * size)
            self.assertEqual(self.worker.end(number).body, str(size).encode())
        self.assertEqual(len(self.answer("/stream")), 1000000)

    def test_as_many_at_once_as_there_would_be_threads(self) -> None:
        if self.mode != "threads":
            return
        start = time.monotonic()
        waits = [self.worker.begin("/body", b"", False)] + [self.worker.begin("/sleep") for _ in range(3)]
        # All four are taken: this one waits, and is given back.
        late = self.worker.begin("/hello")
        while self.worker.begun() != waits[-1]:
            self.assertLess(time.monotonic(), start + 20)
        self.worker.recall()
        self.assertEqual(self.worker.returned(), [late])
        for number in waits[1:]:
            self.assertEqual(self.worker.end(number).body, b"3")
        self.assertLess(time.monotonic() - start, 0.8)
        self.worker.send_body(waits[0], b"x")
        self.assertEqual(self.worker.end(waits[0]).body, b"1")

    def test_it_ends(self) -> None:
        with Zygote("green", mode=self.mode) as zygote:
            worker = zygote.worker()
            self.assertEqual(worker.get("/spawn").body, b"0,1,2")
            worker.stop()
            self.assertEqual(zygote.exited(worker)["status"], 0)


globals().update(every_mode(Gevent))
del Gevent


if __name__ == "__main__":
    unittest.main()
