"""Signals of the `uwsgi` module in a worker: SIGNAL runs a handler, SIGNALLED tells of it."""

from __future__ import annotations

import ast
import importlib.util
import socket
import types
import unittest
from typing import Any, List, Tuple

from connections import Worker
from every_mode import NamedPipe, OneWorker, every_mode
from standin import Zygote, alive
from surroundings import MODES, frames

from loomgate_worker.background.process import BackgroundProcess
from loomgate_worker.wire.links import Link


def raised(worker: Worker, *numbers: int) -> None:
    for number in numbers:
        worker.send(frames.SIGNAL, 0, number)


def told(worker: Worker, count: int) -> List[Tuple[int, int]]:
    """So many SIGNALLED frames: flags and number of each."""
    found = [worker.any(frames.SIGNALLED) for _ in range(count)]
    return [(frame.flags, frame.id) for frame in found]


def handled(*numbers: int) -> List[Tuple[int, int]]:
    return [each for number in numbers for each in ((frames.BEGINS, number), (frames.ENDS, number))]


class Signals(OneWorker):
    module = "uwsgi_signals"

    def eval(self, path: str) -> Any:
        return ast.literal_eval(self.answer(path))

    def setUp(self) -> None:
        self.worker.get("/seen")

    def test_a_handler_is_run_and_told_of(self) -> None:
        raised(self.worker, 1)
        self.assertEqual(told(self.worker, 2), handled(1))
        raised(self.worker, 6)
        self.assertEqual(told(self.worker, 2), handled(6))
        in_main_thread = self.mode != "threads"
        self.assertEqual(self.eval("/seen"), [(1, in_main_thread), (6, in_main_thread)])

    def test_what_a_handler_raises_is_logged_and_no_more(self) -> None:
        raised(self.worker, 2)
        self.assertEqual(told(self.worker, 2), handled(2))
        raised(self.worker, 3)
        self.assertEqual(told(self.worker, 2), handled(3))
        raised(self.worker, 99)
        self.assertEqual(told(self.worker, 2), handled(99))
        for line in (
            "loomgate: the handler of signal 2 has failed:",
            "ValueError: deliberately",
            "loomgate: the handler of signal 3 has failed:",
            "SystemExit: 5",
            "loomgate: signal 99 has come to a process that has no handler for it (uwsgi.register_signal)",
        ):
            self.zygote.event("output", lambda e, line=line: e["line"] == line)
        self.assertEqual(self.eval("/seen"), [])

    def test_a_process_that_a_handler_forks_leaves(self) -> None:
        raised(self.worker, 4)
        self.assertEqual(told(self.worker, 2), handled(4))
        self.assertEqual(self.eval("/seen"), [(4, "forked")])

    def test_a_request_waits_for_a_signal_and_runs_its_handler(self) -> None:
        waits = self.worker.begin("/wait")
        self.assertEqual(told(self.worker, 1), [(frames.AWAITS, 0)])
        raised(self.worker, 1)
        self.assertEqual(told(self.worker, 3), [(frames.AWAITS_NO_MORE, 0), *handled(1)])
        received, seen = ast.literal_eval(self.worker.end(waits).body.decode())
        self.assertEqual((received, [number for number, _ in seen]), (1, [1]))

    def test_a_request_that_waits_for_one_signal_runs_the_handlers_of_others_meanwhile(self) -> None:
        waits = self.worker.begin("/wait-for-6")
        told(self.worker, 1)
        raised(self.worker, 1)
        self.assertEqual(told(self.worker, 4)[1:], [*handled(1), (frames.AWAITS, 0)])
        raised(self.worker, 6)
        self.assertEqual(told(self.worker, 3)[1:], handled(6))
        received, seen = ast.literal_eval(self.worker.end(waits).body.decode())
        self.assertEqual((received, [number for number, _ in seen]), (6, [1, 6]))

    def test_of_two_signals_that_come_at_once_both_are_handled(self) -> None:
        waits = self.worker.begin("/wait")
        told(self.worker, 1)
        with_both = frames.frame(frames.SIGNAL, 0, 1) + frames.frame(frames.SIGNAL, 0, 6)
        self.worker.data_socket.sendall(with_both)
        self.assertEqual(sorted(told(self.worker, 5)), sorted([(frames.AWAITS_NO_MORE, 0), *handled(1, 6)]))
        self.worker.end(waits)
        self.assertEqual(sorted(number for number, _ in self.eval("/seen")), [1, 6])

    def test_a_request_that_is_cancelled_waits_no_longer(self) -> None:
        waits = self.worker.begin("/wait")
        told(self.worker, 1)
        self.worker.send(frames.CANCEL, 0, waits)
        self.assertEqual(told(self.worker, 1), [(frames.AWAITS_NO_MORE, 0)])
        self.assertTrue(self.worker.end(waits).cancelled)
        raised(self.worker, 1)
        self.assertEqual(told(self.worker, 2), handled(1))


globals().update(every_mode(Signals))
del Signals


class Order(unittest.TestCase):
    """Signals beside requests and STOP."""

    def start(self, pipe: NamedPipe, mode: str) -> Tuple[Zygote, Worker]:
        zygote = Zygote("uwsgi_signals", mode=mode, environment={"PIPE": pipe.path})
        self.addCleanup(zygote.__exit__)
        return zygote, zygote.worker()

    def test_a_worker_that_is_told_to_stop_handles_first_what_has_come(self) -> None:
        for mode in MODES:
            with self.subTest(mode), NamedPipe() as pipe:
                zygote, worker = self.start(pipe, mode)
                stop = frames.frame(frames.STOP)
                signals = frames.frame(frames.SIGNAL, 0, 5) + frames.frame(frames.SIGNAL, 0, 1)
                worker.data_socket.sendall(signals + stop)
                self.assertEqual(told(worker, 1), [(frames.BEGINS, 5)])
                self.assertTrue(alive(worker.pid))
                pipe.release()
                self.assertEqual(zygote.exited(worker)["status"], 0)
                frames_left = [(f.flags, f.id) for f in worker.arrived() if f.kind == frames.SIGNALLED]
                self.assertEqual(sorted(frames_left), sorted([(frames.ENDS, 5), *handled(1)]))

    def test_a_request_behind_a_handler_is_given_back_when_it_is_recalled(self) -> None:
        with NamedPipe() as pipe:
            _, worker = self.start(pipe, "sync")
            raised(worker, 5)
            self.assertEqual(told(worker, 1), [(frames.BEGINS, 5)])
            behind = worker.begin("/seen")
            worker.recall()
            self.assertEqual(worker.returned(), [behind])
            pipe.release("let through")
            self.assertEqual(told(worker, 1), [(frames.ENDS, 5)])
            self.assertEqual(
                ast.literal_eval(worker.get("/seen").body.decode()), [(5, "begun"), (5, "let through")]
            )

    def test_a_signal_that_is_read_by_a_recall_is_handled(self) -> None:
        with NamedPipe() as pipe:
            _, worker = self.start(pipe, "sync")
            raised(worker, 5)
            self.assertEqual(told(worker, 1), [(frames.BEGINS, 5)])
            raised(worker, 1)
            worker.recall()
            self.assertEqual(worker.returned(), [])
            pipe.release()
            self.assertEqual(told(worker, 3), [(frames.ENDS, 5), *handled(1)])

    @unittest.skipUnless(importlib.util.find_spec("gevent"), "needs the package gevent")
    def test_handlers_are_greenlets_where_threads_are(self) -> None:
        with Zygote("uwsgi_signals", mode="threads", environment={"GEVENT": "1"}) as zygote:
            worker = zygote.worker()
            waits = worker.begin("/wait")
            self.assertEqual(told(worker, 1), [(frames.AWAITS, 0)])
            raised(worker, 1)
            self.assertEqual(told(worker, 3), [(frames.AWAITS_NO_MORE, 0), *handled(1)])
            self.assertEqual(ast.literal_eval(worker.end(waits).body.decode())[0], 1)
            raised(worker, 6)
            self.assertEqual(told(worker, 2), handled(6))
            worker.stop()
            self.assertEqual(zygote.exited(worker)["status"], 0)


class Background(unittest.TestCase):
    """A process that answers no requests runs handlers where it waits for what it is told."""

    class Process(BackgroundProcess):
        kind = "test"

        def run(self) -> None:
            pass

    def setUp(self) -> None:
        self.end, data = socket.socketpair()
        self.addCleanup(self.end.close)
        self.addCleanup(data.close)
        links: Any = types.SimpleNamespace(data=data)
        self.process = self.Process(links, {"number": 1}, {})
        self.handled: List[int] = []
        self.process.signals.handle = self.handled.append

    def told(self, count: int) -> List[Tuple[int, int]]:
        found = [Link(self.end).read() for _ in range(count)]
        self.assertEqual({kind for kind, _, _, _ in found}, {frames.SIGNALLED})
        return [(flags, number) for _, flags, number, _ in found]

    def test_handlers_run_before_what_is_told_is_returned(self) -> None:
        self.process.signal(5)
        self.process.heed(("news", 1))
        self.assertEqual(self.process.wait(signals=False), ("news", 1))
        self.assertEqual(self.handled, [])
        self.process.heed(("news", 2))
        self.assertEqual(self.process.wait(), ("news", 2))
        self.assertEqual(self.handled, [5])
        self.assertEqual(self.told(2), handled(5))
        self.assertIsNone(self.process.wait(0))

    def test_it_waits_for_a_signal(self) -> None:
        self.process.signal(6)
        self.assertEqual(self.process.next_signal(), 6)
        self.assertEqual(self.told(4), [(frames.AWAITS, 0), (frames.AWAITS_NO_MORE, 0), *handled(6)])
        self.process.stop()
        with self.assertRaises(SystemExit):
            self.process.next_signal()


if __name__ == "__main__":
    unittest.main()
