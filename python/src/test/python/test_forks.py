"""Kind: a program forks in a view, and the child comes back into the worker's code."""

from __future__ import annotations

import os
import tempfile
import time
import unittest

from every_mode import OneWorker, every_mode
from standin import Zygote
from surroundings import DEADLINE

# What the child's status is, by the way in which it comes back.
STATUSES = {
    "/returns": 0,
    "/raises": 1,
    "/exits": 5,
    "/interrupted": 1,
    "/writes": 0,
    "/large": 0,
    "/generator": 0,
    "/closes": 0,
    "/file": 0,
    "/thread": 0,
}


class Forks(OneWorker):
    module = "forking"
    boot = {"threads": 2}

    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.note = os.path.join(directory.name, "pid")

    def tearDown(self) -> None:
        for _ in range(3):
            self.assertEqual(self.worker.get("/hello").body, str(self.worker.pid).encode())
        self.assertEqual(self.worker.arrived(), [], "frames of a child")

    def gone(self) -> None:
        """Waits until the child has ended."""
        with open(self.note) as file:
            pid = int(file.read())
        deadline = time.monotonic() + DEADLINE
        while os.path.exists(f"/proc/{pid}/stat"):
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rpartition(")")[2].split()[0] == "Z":
                    return
            self.assertLess(time.monotonic(), deadline)

    def test_a_child_leaves_with_its_own_status(self) -> None:
        for path, status in STATUSES.items():
            with self.subTest(path):
                response = self.worker.get(f"{path}?{self.note}")
                self.assertEqual((response.failed, response.body), (None, b"parent %d" % status))

    def test_a_child_that_waits_for_the_connections_leaves(self) -> None:
        number = self.worker.begin(f"/reads?{self.note}", b"a", False)
        self.assertEqual(self.worker.end(number).body, b"parent 1")
        self.assertEqual(self.worker.get(f"/waits?{self.note}").body, b"parent 0")

    def test_a_child_that_lives_on(self) -> None:
        self.assertEqual(self.worker.get(f"/lives-on?{self.note}").body, b"parent")
        numbers = [self.worker.begin("/hello") for _ in range(50)]
        for number in numbers:
            self.assertEqual(self.worker.end(number).body, str(self.worker.pid).encode())
        self.gone()

    def test_a_process_runs_its_own_target(self) -> None:
        self.assertEqual(self.worker.get("/process").body, b"%d 7" % self.worker.pid)
        # It has write() from its parent: that ends it, and sends nothing.
        self.assertEqual(self.worker.get("/process-writes").body, b"%d 0" % self.worker.pid)

    def test_nothing_is_printed_twice(self) -> None:
        with Zygote("forking", mode=self.mode) as zygote:
            worker = zygote.worker()
            self.assertEqual(worker.get(f"/returns?{self.note}").body, b"parent 0")
            worker.stop()
            zygote.exited(worker)
            self.assertEqual(zygote.output(worker.pid), ["before the fork "])


class Imports(unittest.TestCase):
    def test_a_child_of_the_import_leaves(self) -> None:
        ways = {"": 0, "raise ValueError('in the child')": 1, "raise SystemExit(4)": 4}
        for way, status in ways.items():
            for lazy in (False, True):
                with self.subTest(way, lazy=lazy), tempfile.TemporaryDirectory() as directory:
                    with open(os.path.join(directory, "program.py"), "w") as file:
                        file.write(
                            f"import os\npid = os.fork()\nif not pid:\n    {way or 'pass'}\n"
                            "else:\n    status = os.waitpid(pid, 0)[1]\n"
                            "def application(environ, start_response):\n"
                            "    start_response('200 OK', [])\n"
                            "    return [b'%d' % os.WEXITSTATUS(status)]\n"
                        )
                    with Zygote("program", lazy=lazy, python_path=[directory]) as zygote:
                        worker = zygote.worker()
                        self.assertEqual(worker.get("/").body, b"%d" % status)
                        self.assertEqual([e for e in zygote.events if e["event"] == "failed"], [])
                        self.assertEqual(len([e for e in zygote.events if e["event"] == "ready"]), 1)


globals().update(every_mode(Forks))
del Forks


if __name__ == "__main__":
    unittest.main()
