"""What keeps a request from waiting behind a slow one: RECALL, in the modes that have a queue."""

from __future__ import annotations

import unittest
from typing import List

from every_mode import EveryMode as _EveryMode
from every_mode import NamedPipe, every_mode
from standin import Zygote
from surroundings import MODES, frames, wait


class Recall(unittest.TestCase):
    def test_what_has_not_begun_is_given_back(self) -> None:
        for mode in ("sync", "threads"):
            with self.subTest(mode), Zygote(mode=mode, threads=1) as zygote, NamedPipe() as pipe:
                worker = zygote.worker()
                quick = worker.begin("/hello")
                slow = worker.begin("/block?" + pipe.path)
                behind = [worker.begin("/hello"), worker.begin("/echo", b"a", False)]
                self.assertEqual(worker.end(quick).body, b"Hello world!\n")
                # Not before the slow one has begun: what comes first is its own affair.
                wait(lambda: worker.begun() == slow)
                worker.recall()
                self.assertEqual(worker.returned(), behind)
                self.assertEqual(worker.begun(), slow)
                # What comes now isn't recalled, and what comes for the others is dropped.
                worker.send(frames.BODY, frames.COMPLETE, behind[1], b"b")
                after = worker.begin("/hello")
                pipe.release()
                self.assertEqual(worker.end(slow).body, b"released")
                self.assertEqual(worker.end(after).body, b"Hello world!\n")
                self.assertEqual([frame for frame in worker.arrived() if frame.id in behind], [])

    def test_responses_that_are_held_back_are_sent(self) -> None:
        for mode in [mode for mode in MODES if mode != "threads"]:
            with self.subTest(mode), Zygote(mode=mode, concurrency=100) as zygote, NamedPipe() as pipe:
                worker = zygote.worker()
                data: List[bytes] = []
                # In one read, so that the quick ones are answered within a millisecond of each other.
                worker.data_socket, real = _Collecting(data), worker.data_socket
                ids = [worker.begin("/hello") for _ in range(20)]
                slow = worker.begin("/block?" + pipe.path)
                worker.data_socket = real
                real.sendall(b"".join(data))
                wait(lambda: worker.begun() == slow)
                worker.recall()
                self.assertEqual(worker.returned(), [])
                for number in ids:
                    self.assertEqual(worker.end(number).body, b"Hello world!\n")
                pipe.release()
                self.assertEqual(worker.end(slow).body, b"released")

    def test_a_recall_of_an_idle_worker_gives_nothing(self) -> None:
        for mode in ("sync", "threads"):
            with self.subTest(mode), Zygote(mode=mode) as zygote:
                worker = zygote.worker()
                for _ in range(3):
                    worker.recall()
                    self.assertEqual(worker.returned(), [])
                self.assertEqual(worker.get("/hello").body, b"Hello world!\n")

    def test_recall_while_a_body_is_awaited(self) -> None:
        with Zygote() as zygote:
            worker = zygote.worker()
            reading = worker.begin("/echo", b"a", False)
            wait(lambda: worker.begun() == reading)
            behind = worker.begin("/hello")
            worker.send(frames.BODY, 0, reading, b"b")
            worker.recall()
            self.assertEqual(worker.returned(), [behind])
            worker.send(frames.BODY, frames.COMPLETE, reading, b"c")
            self.assertEqual(worker.end(reading).body, b"abc")

    @unittest.skipUnless("asyncio" in MODES, "mode asyncio needs the package greenlet")
    def test_an_event_loop_runs_as_many_as_it_may(self) -> None:
        with Zygote(mode="asyncio", concurrency=1) as zygote:
            worker = zygote.worker()
            reading = worker.begin("/echo", b"a", False)
            wait(lambda: worker.begun() == reading)
            behind = [worker.begin("/hello"), worker.begin("/hello")]
            returned: List[int] = []
            while len(returned) < 2:
                worker.recall()
                returned += worker.returned()
            self.assertEqual(sorted(returned), behind)
            self.assertEqual(worker.begun(), reading)
            after = [worker.begin("/hello") for _ in range(3)]
            worker.send(frames.BODY, frames.COMPLETE, reading, b"b")
            self.assertEqual(worker.end(reading).body, b"ab")
            for number in after:
                self.assertEqual(worker.end(number).body, b"Hello world!\n")
            worker.stop()
            self.assertEqual(zygote.exited(worker)["status"], 0)

    def test_frames_that_the_recall_reads_are_heeded(self) -> None:
        with Zygote() as zygote, NamedPipe() as pipe:
            worker = zygote.worker()
            slow = worker.begin("/block?" + pipe.path)
            wait(lambda: worker.begun() == slow)
            worker.stop()
            worker.recall()
            self.assertEqual(worker.returned(), [])
            pipe.release()
            self.assertEqual(worker.end(slow).body, b"released")
            self.assertEqual(zygote.exited(worker)["status"], 0)


class Begun(_EveryMode):
    def test_the_file_says_what_has_begun(self) -> None:
        self.assertEqual(self.worker.begun(), 1)
        number = self.worker.begin("/hello")
        self.worker.end(number)
        self.assertEqual(self.worker.begun(), number)


class _Collecting:
    """In a socket's place: keeps what is sent."""

    def __init__(self, data: List[bytes]) -> None:
        self._data = data

    def sendall(self, data: bytes) -> None:
        self._data.append(data)


globals().update(every_mode(Begun))
del Begun


if __name__ == "__main__":
    unittest.main()
