"""Connections of HTTP that a worker keeps: what it answers itself, and what it hands over."""

from __future__ import annotations

import json
import os
import shutil
import socket
import time
import unittest
from typing import Any, Dict, List, Type

from direct_packets import built
from direct_requests import request, target, upload
from standin import Zygote
from surroundings import DEADLINE, MAIN, frames, wait

HTTP = {
    "sockets": [0],
    "requests": 60,
    "max_header_bytes": 65535,
    "max_header_count": 200,
    "max_target_bytes": 8192,
    "connections": 1000,
    "records": True,
    "routes": True,
    "idle_seconds": 3600,
    "header_seconds": 3600,
    "write_seconds": 3600,
    "lent_seconds": 0,
    "lent_bytes": 1 << 20,
}
DIRECT = {
    "sockets": 1,
    "max_header_bytes": 65535,
    "max_header_count": 200,
    "max_body_bytes": 1 << 20,
    "records": False,
    "details": True,
    "counts": False,
    "duration_bounds": [],
    "kept_paths": ["/-/ready"],
    "http": HTTP,
}
HELLO = request(b"GET /hello HTTP/1.1")


class Client:
    """One connection."""

    def __init__(self, address: Any) -> None:
        self.socket = socket.create_connection(address)
        self.socket.settimeout(DEADLINE)
        self._read = b""

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def head(self) -> bytes:
        """The next response's, with its empty line."""
        while b"\r\n\r\n" not in self._read:
            data = self.socket.recv(1 << 20)
            assert data, self._read
            self._read += data
        head, _, self._read = self._read.partition(b"\r\n\r\n")
        return head + b"\r\n\r\n"

    def body(self) -> bytes:
        """The next response's content."""
        head = self.head()
        return self.content(int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]))

    def content(self, length: int) -> bytes:
        """So many bytes behind a head."""
        while len(self._read) < length:
            data = self.socket.recv(1 << 20)
            assert data, self._read
            self._read += data
        content, self._read = self._read[:length], self._read[length:]
        return content

    def ask(self, data: bytes = HELLO) -> bytes:
        """The content of the answer."""
        self.send(data)
        return self.body()

    def rest(self) -> bytes:
        """All that still comes."""
        parts = [self._read]
        while parts[-1] or len(parts) == 1:
            parts.append(self.socket.recv(1 << 20))
        return b"".join(parts)


class WithWorker(unittest.TestCase):
    """One zygote for all tests, and a worker for each."""

    boot: Dict[str, Any] = {}
    package = MAIN

    @classmethod
    def setUpClass(cls) -> None:
        cls.listener = socket.create_server(("127.0.0.1", 0))
        cls.addClassCleanup(cls.listener.close)
        cls.listener.setblocking(False)
        boot: Dict[str, Any] = {"direct": DIRECT, **cls.boot}
        cls.zygote = Zygote("keeping", listeners=[cls.listener], package=cls.package, **boot)
        cls.addClassCleanup(cls.zygote.__exit__)

    def setUp(self) -> None:
        self.worker = self.zygote.unready()
        self.assertEqual(self.worker.control().kind, frames.READY)
        self.worker.accept()
        self.clients: List[Client] = []

    def tearDown(self) -> None:
        for client in self.clients:
            client.socket.close()
        self.worker.accept(False)
        self.worker.stop()
        self.zygote.exited(self.worker)

    def connect(self) -> Client:
        client = Client(self.listener.getsockname())
        self.clients.append(client)
        return client

    def punted(self, data: bytes) -> socket.socket:
        """The connection that is handed over with these bytes."""
        frame = self.worker.any(frames.PUNTED)
        self.assertEqual(frame.payload, frames.U32.pack(0) + data)
        passed = self.worker.passed()
        self.addCleanup(passed.close)
        return passed

    def begun(self, client: Client, data: bytes) -> int:
        """The number of a request that is handed over while it runs, whose bytes these are."""
        frame = self.worker.any(frames.BEGUN)
        address, own = client.socket.getsockname(), self.listener.getsockname()
        told = b"127.0.0.1 %d 127.0.0.1 %d -\n" % (address[1], own[1])
        self.assertEqual(frame.payload[frames.BEGUN_PAYLOAD.size :], told + data)
        self.addCleanup(self.worker.passed().close)
        return frame.id


class Keeping(WithWorker):
    """In Python."""

    def test_requests_one_after_the_other(self) -> None:
        client = self.connect()
        for number in range(1, 4):
            client.send(HELLO)
            head = client.head()
            self.assertTrue(
                head.startswith(
                    b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nContent-Length: 13\r\nDate: "
                ),
                head,
            )
            self.assertTrue(head.endswith(b" GMT\r\nServer: loomgate\r\n\r\n"), head)
            self.assertEqual(client.content(13), b"Hello world!\n")
            wait(lambda: self.worker.mark(2) == number)

    def test_a_scope(self) -> None:
        client = self.connect()
        shown = json.loads(
            client.ask(
                request(b"GET /sc%6fpe?a=b HTTP/1.1", b"X-A: \xe9\r\n", host=b"Host: h.example:81\r\n")
            )
        )
        port, own = client.socket.getsockname()[1], self.listener.getsockname()[1]
        self.assertEqual(
            shown,
            {
                "type": "http",
                "asgi": {"version": "3.0", "spec_version": "2.5"},
                "http_version": "1.1",
                "method": "GET",
                "scheme": "http",
                "path": "/scope",
                "raw_path": "/sc%6fpe",
                "query_string": "a=b",
                "root_path": "",
                "headers": [["host", "h.example:81"], ["x-a", "\xe9"]],
                "server": ["h.example", own],
                "client": ["127.0.0.1", port],
                "state": {"mark": "from the lifespan"},
                "extensions": {"http.response.pathsend": {}, "http.response.early_hint": {}},
            },
        )

    def test_bodies(self) -> None:
        client = self.connect()
        for size in (1, 1000, 60_000):
            body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
            data = upload(b"Content-Length: %d\r\n" % size, body).replace(b" / ", b" /echo ")
            self.assertEqual(client.ask(data), body)

    def test_a_body_in_two_parts(self) -> None:
        data = upload(b"Content-Length: 4\r\n").replace(b" / ", b" /echo ")
        client = self.connect()
        client.send(data + b"ab")
        client.send(b"cd")
        self.assertEqual(client.body(), b"abcd")

    def test_a_body_that_does_not_come(self) -> None:
        data = upload(b"Content-Length: 4\r\n", b"ab")
        client = self.connect()
        client.send(data)
        self.punted(data)

    def test_many_connections(self) -> None:
        clients = [self.connect() for _ in range(50)]
        for _ in range(3):
            for client in clients:
                client.send(HELLO)
            for client in clients:
                self.assertEqual(client.body(), b"Hello world!\n")

    def test_more_at_once_than_a_worker_runs(self) -> None:
        clients = [self.connect() for _ in range(61)]
        for number, client in enumerate(clients[:60], 1):
            client.send(target(b"/wait"))
            wait(lambda: self.worker.mark(1) == number)
        clients[60].send(HELLO)
        self.punted(HELLO)
        self.worker.end(self.worker.begin("/release"))
        for client in clients[:60]:
            self.assertEqual(client.body(), b"Hello world!\n")

    # ---- what is handed over

    def test_what_is_not_plain(self) -> None:
        for data in (
            request(b"HEAD / HTTP/1.1"),
            target(b"/-/ready"),
            HELLO + HELLO,
            HELLO[:-1],
            b"\x16\x03",
        ):
            with self.subTest(data):
                client = self.connect()
                self.assertEqual(client.ask(), b"Hello world!\n")
                client.send(data)
                passed = self.punted(data)
                passed.sendall(b"from the JVM")
                passed.close()
                self.assertEqual(client.rest(), b"from the JVM")

    def test_responses_of_the_jvms(self) -> None:
        for path, body in (
            (b"/stream", b"part" * 3),
            (b"/long", b"x" * 200_000),
            (b"/close", b"Hello world!\n"),
        ):
            with self.subTest(path):
                client = self.connect()
                client.send(target(path))
                response = self.worker.end(self.begun(client, target(path)))
                self.assertEqual((response.status, response.body), ("200 OK", body))

    def test_a_failure(self) -> None:
        client = self.connect()
        client.send(target(b"/fail"))
        self.assertIn("on purpose", self.worker.end(self.begun(client, target(b"/fail"))).failed or "")

    def test_a_client_that_leaves(self) -> None:
        client = self.connect()
        client.send(target(b"/wait"))
        wait(lambda: self.worker.mark(1) == 1)
        client.socket.close()
        self.begun_closed(target(b"/wait"))
        self.release()

    def begun_closed(self, data: bytes) -> None:
        frame = self.worker.any(frames.BEGUN)
        self.assertTrue(frame.payload.endswith(b" -\n" + data))
        self.worker.passed().close()

    def release(self) -> None:
        self.assertEqual(self.connect().ask(target(b"/release")), b"Hello world!\n")

    def test_a_request_behind_one_that_runs(self) -> None:
        client = self.connect()
        client.send(target(b"/wait"))
        wait(lambda: self.worker.mark(1) == 1)
        client.send(HELLO)
        number = self.begun(client, target(b"/wait"))
        self.release()
        self.assertEqual(self.worker.end(number).body, b"Hello world!\n")

    def test_a_request_that_takes_long(self) -> None:
        client, idle = self.connect(), self.connect()
        self.assertEqual(idle.ask(), b"Hello world!\n")
        client.send(target(b"/wait"))
        wait(lambda: self.worker.mark(1) == 2)
        self.worker.hand_over(3600 * 10**9)  # nothing is so old
        self.worker.hand_over(1)
        number = self.begun(client, target(b"/wait"))
        self.assertEqual(idle.ask(), b"Hello world!\n")  # it is here still
        self.release()
        self.assertEqual(self.worker.end(number).body, b"Hello world!\n")

    def test_idle_connections_of_a_worker_that_is_held(self) -> None:
        client, idle = self.connect(), self.connect()
        self.assertEqual(idle.ask(), b"Hello world!\n")
        client.send(target(b"/block"))
        wait(lambda: self.worker.mark(1) == 2)
        self.worker.hand_over(3600 * 10**9)
        begun = time.monotonic()
        self.punted(b"")
        self.assertLess(time.monotonic() - begun, 0.45)
        self.assertEqual(client.body(), b"Hello world!\n")

    def test_a_stop(self) -> None:
        idle, fresh, busy = self.connect(), self.connect(), self.connect()
        self.assertEqual(idle.ask(), b"Hello world!\n")
        busy.send(target(b"/wait"))
        wait(lambda: self.worker.mark(1) == 2)
        fresh.send(upload(b"Content-Length: 4\r\n", b"ab"))
        self.worker.accept(False)
        self.worker.hand_over(0)
        self.begun(busy, target(b"/wait"))
        got = []
        for _ in range(2):
            data = self.worker.any(frames.PUNTED).payload[4:]
            with self.worker.passed() as passed:
                passed.setblocking(False)
                try:
                    data += passed.recv(1000)  # what the worker hasn't looked at yet
                except BlockingIOError:
                    pass
            got.append(data)
        self.assertEqual(sorted(got), [b"", upload(b"Content-Length: 4\r\n", b"ab")])
        self.worker.accept()
        self.release()

    def test_what_is_told_of_requests(self) -> None:
        client = self.connect()
        client.send(HELLO)
        size = len(client.head())
        frame = self.worker.any(frames.ANSWERED)
        listener, status, content, nanos, head, fields, length = frames.ANSWERED_DETAILS.unpack_from(
            frame.payload
        )
        self.assertEqual((listener, status, content, head, fields), (0, 200, 13, size, 4))
        told = b"127.0.0.1 %d 127.0.0.1 %d -\n" % (
            client.socket.getsockname()[1],
            self.listener.getsockname()[1],
        )
        self.assertEqual(frame.payload[frames.ANSWERED_DETAILS.size :], told + HELLO)
        self.assertEqual(length, len(told + HELLO))
        self.assertGreater(nanos, 0)

    def test_a_route(self) -> None:
        self.connect().ask(target(b"/routed"))
        frame = self.worker.any(frames.ANSWERED)
        line, _, head = frame.payload[frames.ANSWERED_DETAILS.size :].partition(b"\n")
        self.assertTrue(line.endswith(b" - /the route/{id}"), line)
        self.assertEqual(head, target(b"/routed"))

    def test_the_number_of_connections(self) -> None:
        clients = [self.connect() for _ in range(3)]
        for client in clients:
            client.ask()
        wait(lambda: self.worker.mark(6) == 3)
        clients[0].socket.close()
        clients[1].send(b"what?\r\n")
        self.punted(b"what?\r\n")
        wait(lambda: self.worker.mark(6) == 1)
        self.assertEqual(clients[2].ask(), b"Hello world!\n")

    def test_the_loop_says_that_it_turns(self) -> None:
        wait(lambda: self.worker.mark(7) > 0)
        before = self.worker.mark(7)
        self.worker.hand_over(3600 * 10**9)
        wait(lambda: self.worker.mark(7) > before)

    def test_a_client_that_ends_its_side_with_the_request(self) -> None:
        busy, client = self.connect(), self.connect()
        self.assertEqual(client.ask(), b"Hello world!\n")
        busy.send(target(b"/block"))
        wait(lambda: self.worker.mark(1) == 2)
        # Both are there when the loop turns again.
        client.send(HELLO)
        client.socket.shutdown(socket.SHUT_WR)
        self.punted(HELLO)

    def test_a_client_that_ends_its_side_later(self) -> None:
        client = self.connect()
        client.send(target(b"/wait"))
        wait(lambda: self.worker.mark(1) == 1)
        client.socket.shutdown(socket.SHUT_WR)
        number = self.begun(client, target(b"/wait"))
        self.release()
        self.assertEqual(self.worker.end(number).body, b"Hello world!\n")

    def test_the_end_of_a_connection(self) -> None:
        client = self.connect()
        self.assertEqual(client.ask(), b"Hello world!\n")
        client.socket.shutdown(socket.SHUT_WR)
        self.assertEqual(client.rest(), b"")


def accelerated(case: Type[unittest.TestCase]) -> str:
    """A directory with the package and its accelerator, as long as that class' tests run."""
    if not shutil.which("cc"):
        raise unittest.SkipTest("there is no C compiler")
    directory = built()
    case.addClassCleanup(shutil.rmtree, directory)
    shutil.copytree(os.path.join(MAIN, "loomgate_worker"), os.path.join(directory, "loomgate_worker"))
    for name in os.listdir(directory):
        if name.endswith(".so"):
            shutil.move(os.path.join(directory, name), os.path.join(directory, "loomgate_worker/direct"))
    return directory


class Accelerated(Keeping):
    """With the accelerator."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.package = accelerated(cls)
        cls.boot = {"accelerate": True}
        super().setUpClass()


class Short(WithWorker):
    """Connections for which the kernel keeps little of what is sent."""

    def setUp(self) -> None:
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        super().setUp()

    def test_responses_go_out_in_parts(self) -> None:
        clients = [self.connect() for _ in range(3)]
        for _ in range(5):
            for client in clients:
                client.send(target(b"/much"))
            for client in clients:
                self.assertEqual(len(client.body()), 60_000)
        wait(lambda: self.worker.mark(2) == 15)
        self.assertEqual(self.worker.mark(6), 3)

    def test_a_request_before_the_last_response_is_taken(self) -> None:
        client = self.connect()
        client.send(target(b"/much"))
        wait(lambda: self.worker.mark(2) == 1)
        client.send(HELLO)
        self.assertEqual(len(client.body()), 60_000)
        self.assertEqual(client.body(), b"Hello world!\n")

    def test_a_stop_waits_for_what_is_on_its_way(self) -> None:
        client = self.connect()
        client.send(target(b"/much"))
        wait(lambda: self.worker.mark(2) == 1)
        self.worker.accept(False)
        self.worker.stop()
        self.assertEqual(len(client.body()), 60_000)
        self.punted(b"")
        self.zygote.exited(self.worker)
        self.worker = self.zygote.unready()
        self.assertEqual(self.worker.control().kind, frames.READY)


class Few(WithWorker):
    """A worker that may have two connections."""

    boot = {"direct": {**DIRECT, "http": {**HTTP, "connections": 2}}}

    def test_others_wait(self) -> None:
        first, second = self.connect(), self.connect()
        self.assertEqual((first.ask(), second.ask()), (b"Hello world!\n",) * 2)
        third = self.connect()
        third.send(HELLO)
        self.assertEqual((first.ask(), second.ask()), (b"Hello world!\n",) * 2)
        self.assertEqual(self.worker.mark(6), 2)
        first.socket.close()
        self.assertEqual(third.body(), b"Hello world!\n")


class Both(WithWorker):
    """Two workers."""

    def test_neither_has_all_connections(self) -> None:
        other = self.zygote.unready()
        self.assertEqual(other.control().kind, frames.READY)
        other.accept()

        def connected() -> bool:
            self.connect().ask()
            return self.worker.mark(6) > 2 and other.mark(6) > 2

        wait(connected)
        other.accept(False)
        other.stop()
        self.zygote.exited(other)


class Quiet(WithWorker):
    """Connections that say nothing for too long."""

    boot = {"direct": {**DIRECT, "http": {**HTTP, "idle_seconds": 1, "header_seconds": 1}}}

    def test_they_are_closed(self) -> None:
        silent, idle = self.connect(), self.connect()
        self.assertEqual(idle.ask(), b"Hello world!\n")
        self.assertEqual((silent.rest(), idle.rest()), (b"", b""))


if __name__ == "__main__":
    unittest.main()
