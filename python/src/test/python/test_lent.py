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


class WithConnection(test_keeper.WithWorker):
    """A worker, and a client's connection that may be lent to it."""

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
        frame = self.worker.next(request_id, frames.RETURN)
        self.quiet = frame.flags == frames.QUIET
        self.written, length = frames.RETURN_PAYLOAD.unpack_from(frame.payload)
        rest = frame.payload[frames.RETURN_PAYLOAD.size :]
        return rest[:length], rest[length:]

    def end(self, request_id: int) -> None:
        self.worker.send(frames.BODY, 0, request_id, record(8, b"\xe8\x03"))
        self.worker.end(request_id)


class Lending(WithConnection):
    """In Python."""

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
        self.assertEqual(self.returned(request_id), (b"", b""))
        self.assertEqual((self.written, self.quiet), (7 + 2 + 3 + 11 + 102 + 4 + 9 + 1004, False))
        self.end(request_id)

    def test_it_asks_after_some_messages(self) -> None:
        request_id = self.opened()
        self.worker.send(frames.BODY, 0, request_id, record(1, b"return"))
        self.worker.end(request_id)
        self.assertNotIn(frames.BORROW, [frame.kind for frame in self.worker.arrived()])

    def test_it_does_not_ask_for_one_that_is_used_seldom(self) -> None:
        request_id = self.opened()
        for _ in range(2):
            self.worker.send(frames.BODY, 0, request_id, record(1, b"seldom"))
            self.worker.next(request_id, frames.CHUNK)
        self.worker.get("/hello")
        self.assertNotIn(frames.BORROW, [frame.kind for frame in self.worker.arrived()])
        self.worker.send(frames.BODY, 0, request_id, record(1, b"often"))
        self.worker.next(request_id, frames.BORROW)
        self.worker.send(frames.REFUSED, 0, request_id)
        self.end(request_id)

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
        self.worker.get("/hello")  # The message waits.
        self.worker.send(frames.REFUSED, 0, request_id)
        for number in (b"1", b"2", b"3"):
            self.assertEqual(self.worker.next(request_id, frames.CHUNK).payload, record(1, number))
        self.end(request_id)
        self.assertNotIn(frames.BORROW, [frame.kind for frame in self.worker.arrived()])

    def test_a_refusal_for_now(self) -> None:
        request_id = self.asking()
        self.worker.send(frames.REFUSED, frames.NOT_NOW, request_id)
        for _ in range(11):
            self.worker.send(frames.BODY, 0, request_id, record(1, b"again"))
            self.worker.next(request_id, frames.CHUNK)
        self.worker.next(request_id, frames.BORROW)
        self.worker.send(frames.REFUSED, 0, request_id)
        self.end(request_id)

    def test_the_end_comes_instead_of_an_answer(self) -> None:
        request_id = self.asking()
        self.worker.send(frames.BODY, 0, request_id, record(1, b"three"))
        self.worker.get("/hello")
        self.worker.send(frames.BODY, 0, request_id, record(8, b"\xe8\x03"))
        self.assertIn("ClientDisconnected", self.worker.end(request_id).failed or "")

    def test_the_input_fails_instead_of_an_answer(self) -> None:
        request_id = self.asking()
        self.worker.send(frames.BODY, 0, request_id, record(1, b"three"))
        self.worker.get("/hello")
        self.worker.send(frames.BODY_FAILED, 0, request_id, b"gone")
        self.assertIn("ClientDisconnected", self.worker.end(request_id).failed or "")

    def test_it_is_wanted_back_before_it_is_there(self) -> None:
        request_id = self.asking()
        self.worker.send(frames.BODY, 0, request_id, record(1, b"three"))
        self.worker.send(frames.RECLAIM, 0, request_id)
        self.worker.get("/hello")
        self.assertNotIn(frames.CHUNK, [frame.kind for frame in self.worker.arrived()])
        self.worker.lend(request_id, self.server.fileno())
        self.assertEqual(self.returned(request_id), (b"", b""))
        self.assertEqual(self.receive(3), b"\x81\x011")
        self.assertEqual(self.worker.next(request_id, frames.CHUNK).payload, record(1, b"2"))
        self.worker.next(request_id, frames.BORROW)
        self.worker.send(frames.REFUSED, 0, request_id)
        self.assertEqual(self.worker.next(request_id, frames.CHUNK).payload, record(1, b"3"))
        self.end(request_id)

    def test_more_waits_than_the_client_takes(self) -> None:
        self.server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 20_000)
        request_id = self.asking()
        self.worker.send(frames.BODY, 0, request_id, record(1, b"at once"))
        self.worker.get("/hello")
        self.worker.lend(request_id, self.server.fileno())
        unwritten, _ = self.returned(request_id)
        self.worker.send(frames.BODY, 0, request_id, record(1, b"return"))
        by_jvm = self.worker.end(request_id).body
        each = [b"%02d" % number + b"a" * 60_000 for number in range(20)]
        first = (4 * 20 + sum(map(len, each)) - self.written - len(unwritten)) // len(each[0])
        self.assertTrue(0 < first < 20)
        self.assertEqual(by_jvm, b"".join(record(2, one) for one in each[20 - first :]))
        whole = b"".join(b"\x82\x7e" + struct.pack(">H", len(one)) + one for one in each[: 20 - first])
        self.assertEqual(self.receive(self.written) + unwritten, whole)

    def test_the_process_has_no_descriptor_left(self) -> None:
        request_id = self.asking()
        for text in (b"no more", b"three"):
            self.worker.send(frames.BODY, 0, request_id, record(1, text))
        self.worker.get("/hello")
        self.worker.lend(request_id, self.server.fileno())
        self.assertEqual(self.returned(request_id), (b"", b""))
        for number in (b"1", b"2", b"3"):
            self.assertEqual(self.worker.next(request_id, frames.CHUNK).payload, record(1, number))
        self.worker.send(frames.BODY, 0, request_id, record(1, b"more"))
        self.end(request_id)

    def test_a_long_message_waits(self) -> None:
        request_id = self.asking()
        self.worker.send(frames.BODY, 0, request_id, record(1, b"longest"))
        self.worker.get("/hello")
        self.worker.lend(request_id, self.server.fileno())
        self.assertEqual(self.returned(request_id), (b"", b""))
        self.worker.send(frames.BODY, 0, request_id, record(1, b"return"))
        body = b""
        while len(body) < 2_000_005:
            chunk = self.worker.next(request_id, frames.CHUNK).payload
            self.worker.send(frames.CREDIT, 0, request_id, frames.U32.pack(len(chunk)))
            body += chunk
        self.assertEqual(body, record(2, b"l" * 2_000_000))
        self.worker.end(request_id)

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

    def test_the_client_is_reset(self) -> None:
        request_id = self.lent()
        self.client.sendall(framed(b"wait"))
        self.worker.get("/hello")
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.client.close()
        self.returned(request_id)
        self.worker.send(frames.BODY, 0, request_id, record(8, b"\xee\x03"))
        self.worker.get("/release")
        self.worker.end(request_id)

    def test_the_client_is_gone_from_which_nothing_is_read(self) -> None:
        request_id = self.lent()
        self.client.sendall(framed(b"send and wait"))
        self.client.settimeout(0.2)
        with self.assertRaises(socket.timeout):
            while True:
                self.client.sendall(framed(b"x" * 1000) * 10)
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.client.close()
        self.worker.get("/hello")
        self.assertNotIn(frames.RETURN, [frame.kind for frame in self.worker.arrived()])
        self.worker.get("/release")
        self.assertEqual(self.returned(request_id)[0], b"")
        self.worker.send(frames.BODY, 0, request_id, record(8, b"\xee\x03"))
        self.worker.get("/release")
        self.worker.end(request_id)

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

    def test_a_flood_of_nothing(self) -> None:
        """Messages without content take memory, too."""
        request_id = self.lent()
        self.client.sendall(framed(b"wait"))
        self.worker.get("/hello")
        self.client.settimeout(0.2)
        sent, many = 0, framed(b"") * 1000
        with self.assertRaises(socket.timeout):
            while sent < 100_000_000:
                sent += self.client.send(many)
        self.worker.send(frames.RECLAIM, 0, request_id)
        _, rest = self.returned(request_id)
        self.client.shutdown(socket.SHUT_WR)
        self.server.settimeout(DEADLINE)
        left, part = len(rest), b"x"
        while part:
            part = self.server.recv(1 << 20)
            left += len(part)
        self.assertTrue((sent - left) // 6 < 30_000, sent)
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
        self.assertTrue(self.quiet)
        self.end(request_id)


class Limited(WithConnection):
    """Where the server takes no large messages."""

    boot = {"direct": {**DIRECT, "http": {**HTTP, "lent_bytes": 1000}}}

    def test_a_message_over_the_limit_goes_back(self) -> None:
        request_id = self.lent()
        self.ask("a" * 100)
        self.client.sendall(framed(b"b" * 1000))
        self.assertEqual(self.receive(1004)[4:], b"b" * 1000)
        data = framed(b"c" * 1001)
        self.client.sendall(data)
        unwritten, read = self.returned(request_id)
        self.assertEqual((unwritten, read), (b"", data[: len(read)]))
        self.end(request_id)


if __name__ == "__main__":
    unittest.main()
