"""WebSockets whose connections are lent to a worker: when it asks, what it reads and writes, and what it gives back."""

from __future__ import annotations

import socket
import struct
import unittest
from typing import Tuple

from surroundings import DEADLINE, frames
from test_direct_messages import framed
import test_keeper
from test_keeper import DIRECT, HTTP, accelerated

RECORD = struct.Struct("<BI")


def record(kind: int, payload: bytes) -> bytes:
    return RECORD.pack(kind, len(payload)) + payload


class Lending(test_keeper.WithWorker):
    """In Python."""

    boot = {"direct": {**DIRECT, "http": {**HTTP, "lent_seconds": 0}}}

    def setUp(self) -> None:
        super().setUp()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.client = socket.create_connection(listener.getsockname())
            self.server = listener.accept()[0]
        self.client.settimeout(DEADLINE)
        self.addCleanup(self.client.close)
        self.addCleanup(self.server.close)

    def opened(self) -> int:
        """A WebSocket that the program has accepted: its request."""
        request_id = self.worker.begin_websocket("/")
        self.worker.next(request_id, frames.RESPONSE)
        return request_id

    def asking(self) -> int:
        """One whose connection the worker has asked for."""
        request_id = self.opened()
        self.worker.send(frames.BODY, 0, request_id, record(1, b"first"))
        self.assertEqual(self.worker.next(request_id, frames.CHUNK).payload, record(1, b"first"))
        self.worker.next(request_id, frames.BORROW)
        return request_id

    def lent(self) -> int:
        """One whose connection it has."""
        request_id = self.asking()
        self.worker.lend(request_id, self.server.fileno())
        self.ask("hello")
        return request_id

    def receive(self, count: int) -> bytes:
        got = b""
        while len(got) < count:
            part = self.client.recv(count - len(got))
            assert part, got
            got += part
        return got

    def ask(self, text: str) -> None:
        """Has it send that back."""
        payload = text.encode()
        self.client.sendall(framed(payload))
        self.assertEqual(self.receive(2 + len(payload)), bytes((0x81, len(payload))) + payload)

    def returned(self, request_id: int) -> Tuple[bytes, bytes]:
        """What is in RETURN: bytes that are to be written, and bytes that have been read."""
        _, unwritten, unread = self.returned_after(request_id)
        return unwritten, unread

    def returned_after(self, request_id: int) -> Tuple[int, bytes, bytes]:
        """The same, with how much has been written before."""
        payload = self.worker.next(request_id, frames.RETURN).payload
        written, length = struct.unpack_from("<QI", payload)
        return written, payload[12 : 12 + length], payload[12 + length :]

    def end(self, request_id: int) -> None:
        self.worker.send(frames.BODY, 0, request_id, record(8, b"\xe8\x03"))
        self.worker.end(request_id)

    def test_messages_both_ways(self) -> None:
        request_id = self.lent()
        for text in ("", "a", "Ä€😀", "x" * 100):
            self.ask(text)
        self.client.sendall(framed(b"\0\1", 2) + framed(b"three") + framed(b"a" * 1000))
        self.assertEqual(
            self.receive(4 + 9 + 4 + 1000),
            b"\x82\2\0\1" + b"\x81\x011\x81\x012\x81\x013" + b"\x81\x7e\x03\xe8" + b"a" * 1000,
        )
        self.worker.send(frames.RECLAIM, 0, request_id)
        written = 7 + 2 + 3 + 11 + 102 + 4 + 9 + 4 + 1000
        self.assertEqual(self.returned_after(request_id), (written, b"", b""))
        self.end(request_id)

    def test_it_asks_after_some_messages(self) -> None:
        request_id = self.opened()
        self.worker.send(frames.BODY, 0, request_id, record(1, b"return"))
        self.worker.end(request_id)
        self.assertNotIn(frames.BORROW, [frame.kind for frame in self.worker.arrived()])

    def test_messages_wait_for_the_answer(self) -> None:
        request_id = self.asking()
        self.worker.send(frames.BODY, 0, request_id, record(1, b"three"))
        self.worker.get("/hello")
        self.assertNotIn(frames.CHUNK, [frame.kind for frame in self.worker.arrived()])
        self.worker.lend(request_id, self.server.fileno())
        self.assertEqual(self.receive(9), b"\x81\x011\x81\x012\x81\x013")
        self.client.sendall(framed(b"close"))
        self.returned(request_id)
        self.assertEqual(
            self.worker.end(request_id).body, record(1, b"first")[:0] + record(8, struct.pack("<H", 4000))
        )

    def test_a_refusal_is_for_good(self) -> None:
        request_id = self.asking()
        self.worker.send(frames.BODY, 0, request_id, record(1, b"three"))
        self.worker.send(frames.REFUSED, 0, request_id)
        for number in (b"1", b"2", b"3"):
            self.assertEqual(self.worker.next(request_id, frames.CHUNK).payload, record(1, number))
        self.end(request_id)
        self.assertNotIn(frames.BORROW, [frame.kind for frame in self.worker.arrived()])

    def test_what_is_not_plain_goes_back(self) -> None:
        for data in (
            framed(b"", 9),
            framed(b"a", first=0),
            framed(b"\x03\xe8", 8),
            framed(b"\xff"),
            b"\x82\xff" + b"\1" * 12,
        ):
            with self.subTest(data):
                request_id = self.asking()
                self.worker.lend(request_id, self.server.fileno())
                self.ask("before")
                self.client.sendall(framed(b"with it") + data)
                self.assertEqual(self.returned(request_id), (b"", data))
                self.assertEqual(self.worker.next(request_id, frames.CHUNK).payload, record(1, b"with it"))
                self.end(request_id)

    def test_after_it_went_back_messages_are_records(self) -> None:
        request_id = self.lent()
        self.client.sendall(framed(b"", 9))
        self.returned(request_id)
        self.worker.send(frames.BODY, 0, request_id, record(1, b"one"))
        self.assertEqual(self.worker.next(request_id, frames.CHUNK).payload, record(1, b"one"))
        self.worker.next(request_id, frames.BORROW)
        self.worker.lend(request_id, self.server.fileno())
        self.ask("again")
        self.client.sendall(framed(b"return"))
        self.assertEqual(self.returned(request_id), (b"", b""))
        self.worker.end(request_id)

    def test_the_client_leaves(self) -> None:
        request_id = self.lent()
        self.client.sendall(b"\x81")
        self.client.shutdown(socket.SHUT_WR)
        self.assertEqual(self.returned(request_id), (b"", b"\x81"))
        self.end(request_id)

    def test_the_program_fails(self) -> None:
        request_id = self.lent()
        self.client.sendall(framed(b"fail"))
        self.returned(request_id)
        self.assertIn("on purpose", self.worker.end(request_id).failed or "")

    def test_a_text_that_is_none(self) -> None:
        request_id = self.lent()
        self.client.sendall(framed(b"surrogate"))
        self.assertEqual(self.receive(9), b"\x81\7no text")
        self.client.sendall(framed(b"close"))
        self.returned(request_id)
        self.worker.end(request_id)

    def test_a_long_message_goes_by_the_jvm(self) -> None:
        request_id = self.lent()
        self.client.sendall(framed(b"long"))
        self.assertEqual(self.returned(request_id), (b"", b""))
        self.worker.send(frames.BODY, 0, request_id, record(1, b"return"))
        body = self.worker.end(request_id).body
        self.assertEqual(body, record(1, b"l" * 150_000))

    def test_a_slow_client_goes_back(self) -> None:
        self.server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 20_000)
        request_id = self.lent()
        self.client.sendall(framed(b"much"))
        unwritten, read = self.returned(request_id)
        self.assertTrue(unwritten)
        self.worker.send(frames.BODY, 0, request_id, record(1, b"return"))
        rest = self.worker.end(request_id).body
        each = 4 + 10_000
        by_jvm = len(rest) // (5 + 10_000)
        wanted = each * (200 - by_jvm)
        got = self.receive(wanted - len(unwritten)) + unwritten
        self.assertEqual((got, read), ((b"\x82\x7e\x27\x10" + b"m" * 10_000) * (200 - by_jvm), b""))

    def test_a_program_that_receives_nothing(self) -> None:
        request_id = self.lent()
        self.client.sendall(framed(b"wait"))
        self.client.settimeout(0.2)
        sent = 0
        with self.assertRaises(socket.timeout):
            while sent < 50_000_000:
                sent += self.client.send(framed(b"x" * 1000) * 10)
        self.worker.send(frames.RECLAIM, 0, request_id)
        self.returned(request_id)
        self.worker.send(frames.CANCEL, 0, request_id)
        self.worker.get("/release")

    def test_a_connection_that_comes_too_late(self) -> None:
        request_id = self.asking()
        self.worker.send(frames.BODY, 0, request_id, record(1, b"return"))
        self.worker.end(request_id)
        self.worker.lend(request_id, self.server.fileno())
        self.worker.get("/hello")
        self.server.close()
        self.assertEqual(self.client.recv(1), b"")  # the worker has no copy of it


class Accelerated(Lending):
    """With the accelerator."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.package = accelerated(cls)
        cls.boot = {"accelerate": True}
        super().setUpClass()


class Quiet(Lending):
    """Where connections go back on which nothing comes for a second."""

    boot = {"direct": {**DIRECT, "http": {**HTTP, "lent_seconds": 1}}}

    def test_a_quiet_one(self) -> None:
        request_id = self.lent()
        self.assertEqual(self.returned(request_id), (b"", b""))
        self.end(request_id)


if __name__ == "__main__":
    unittest.main()
