"""Everything at once: each request is ended exactly once, whatever is recalled, cancelled and streamed meanwhile."""

from __future__ import annotations

import os
import random
import threading
import unittest
from typing import Dict, List, Set

from every_mode import EveryMode as _EveryMode
from every_mode import every_mode
from surroundings import DEADLINE, frames

REQUESTS = int(os.environ.get("STRESS", "1500"))
SEED = int(os.environ.get("SEED", "7"))
BODY = bytes(range(256)) * 30


class Stress(_EveryMode):
    def test_each_request_is_ended_once(self) -> None:
        worker, chance = self.worker, random.Random(SEED)
        ended: Dict[int, str] = {}
        cancelled: Set[int] = set()
        kinds: Dict[int, str] = {}
        bodies: Dict[int, int] = {}
        twice: List[int] = []
        lock = threading.Condition()
        stop = threading.Event()

        def end(number: int, how: str) -> None:
            with lock:
                if number in ended:
                    twice.append(number)
                ended[number] = how
                lock.notify_all()

        def read_data() -> None:
            while not stop.is_set() or len(ended) < len(kinds):
                frame = worker._data.get()
                if frame.kind == frames.FAILED:
                    end(frame.id, "cancelled" if frame.flags else frame.payload.decode())
                elif frame.kind in (frames.RESPONSE, frames.CHUNK):
                    body = frame.body()
                    with lock:
                        bodies[frame.id] = bodies.get(frame.id, 0) + len(body)
                    if frame.flags:
                        end(frame.id, "answered")
                    elif body:
                        worker.send(frames.CREDIT, 0, frame.id, frames.U32.pack(len(body)))

        def read_control() -> None:
            while True:
                for (number,) in frames.U32.iter_unpack(worker._control.get().payload):
                    end(number, "returned")

        readers = [threading.Thread(target=read, daemon=True) for read in (read_data, read_control)]
        for reader in readers:
            reader.start()
        for _ in range(REQUESTS):
            kind = chance.choice(
                ["/hello", "/hello", "/hello", "/echo", "/echo-pieces", "/large", "/generator", "/flood"]
            )
            with lock:
                found = lock.wait_for(lambda: len(kinds) - len(ended) < 40, DEADLINE)
            self.assertTrue(found, f"{[(n, k) for n, k in kinds.items() if n not in ended]} aren't ended")
            with lock:
                number = worker._next
                kinds[number] = kind
            if kind.startswith("/echo"):
                worker.begin(kind, BODY[:500], False)
                for at in range(500, len(BODY), 3000):
                    last = at + 3000 >= len(BODY)
                    worker.send(frames.BODY, frames.COMPLETE if last else 0, number, BODY[at : at + 3000])
            else:
                worker.begin(kind)
            if kind == "/flood" or chance.random() < 0.05:
                cancelled.add(number)
                worker.send(frames.CANCEL, 0, number)
            if chance.random() < 0.03:
                worker.recall()
        stop.set()
        with lock:
            found = lock.wait_for(lambda: len(ended) == len(kinds), DEADLINE)
        self.assertTrue(found, f"{[(n, k) for n, k in kinds.items() if n not in ended]} aren't ended")
        self.assertEqual(twice, [])
        lengths = {
            "/hello": 13,
            "/echo": len(BODY),
            "/echo-pieces": len(BODY),
            "/large": 1000010,
            "/generator": 6,
        }
        for number, how in ended.items():
            if how == "answered":
                self.assertEqual(bodies[number], lengths[kinds[number]])
            elif how == "cancelled":
                self.assertIn(number, cancelled)
            else:
                self.assertEqual(how, "returned")
        answered = sum(how == "answered" for how in ended.values())
        self.assertGreater(answered, REQUESTS // 10)
        self.assertIsNone(worker.zygote.process.poll())


globals().update(every_mode(Stress))
del Stress


if __name__ == "__main__":
    unittest.main()
