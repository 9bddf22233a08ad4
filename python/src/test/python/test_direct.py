"""Direct mode: what a worker answers itself, and what it hands over, in each mode."""

from __future__ import annotations

import _pydecimal  # type: ignore[import]
import contextlib
import os
import re
import select
import shutil
import signal
import socket
import struct
import tempfile
import time
import unittest
from typing import Any, Dict, Iterator, List, Type

from direct_packets import built
from every_mode import NamedPipe
from standin import Zygote
from surroundings import DEADLINE, MAIN, MODES, frames, wait

LONG_FILE = _pydecimal.__file__  # over 200 KB
"""Longer than what is sent as chunks."""

VARIABLES = {
    "QUERY_STRING": "",
    "REQUEST_METHOD": "GET",
    "CONTENT_TYPE": "",
    "CONTENT_LENGTH": "",
    "REQUEST_URI": "/",
    "PATH_INFO": "/",
    "DOCUMENT_ROOT": "/var/www",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "REQUEST_SCHEME": "http",
    "REMOTE_ADDR": "127.0.0.1",
    "REMOTE_PORT": "4711",
    "SERVER_PORT": "80",
    "SERVER_NAME": "example.org",
    "HTTP_HOST": "example.org",
}


def packet(path: str = "/", body: bytes = b"", **more: str) -> bytes:
    """A uwsgi packet as nginx sends it, and its body."""
    path, _, query = path.partition("?")
    variables = {**VARIABLES, "PATH_INFO": path, "REQUEST_URI": path, "QUERY_STRING": query, **more}
    if body:
        variables["CONTENT_LENGTH"] = str(len(body))
    block = b"".join(_text(key) + _text(value) for key, value in variables.items())
    return struct.pack("<BHB", 0, len(block), 0) + block + body


def _text(text: str) -> bytes:
    return struct.pack("<H", len(text.encode("latin-1"))) + text.encode("latin-1")


DIRECT = {
    "sockets": 1,
    "max_header_bytes": 65535,
    "max_header_count": 200,
    "max_body_bytes": 1 << 30,
    "records": False,
    "details": False,
    "counts": False,
    "duration_bounds": [],
    "kept_paths": ["/-/ready"],
}


class OneListener(unittest.TestCase):
    """One zygote for all tests of a mode."""

    mode = ""
    boot: Dict[str, Any] = {}
    package = MAIN

    @classmethod
    def setUpClass(cls) -> None:
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.path = os.path.join(directory.name, "s")
        cls.listener = socket.socket(socket.AF_UNIX)
        cls.addClassCleanup(cls.listener.close)
        cls.listener.bind(cls.path)
        cls.listener.listen(100)
        cls.listener.setblocking(False)
        boot = {"concurrency": 100 if cls.mode == "asyncio" else 4, **cls.boot}
        cls.zygote = Zygote(mode=cls.mode, listeners=[cls.listener], package=cls.package, **boot)
        cls.addClassCleanup(cls.zygote.__exit__)
        cls.worker = cls.zygote.worker()
        cls.worker.accept()

    def connect(self) -> socket.socket:
        client = socket.socket(socket.AF_UNIX)
        self.addCleanup(client.close)
        client.settimeout(DEADLINE)
        client.connect(self.path)
        return client

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Connections that are made meanwhile are taken afterwards, when all that is written to them is there."""
        self.worker.accept(False)
        self.worker.get("/hello")
        yield
        self.worker.accept()

    def begin(self, path: str = "/", body: bytes = b"", **more: str) -> socket.socket:
        with self.held():
            client = self.connect()
            client.sendall(packet(path, body, **more))
        return client

    def get(self, path: str = "/", body: bytes = b"", **more: str) -> bytes:
        return rest(self.begin(path, body, **more))


class Direct(OneListener):
    boot = {"direct": DIRECT}

    def setUp(self) -> None:
        super().setUp()
        # A request is counted as over after its client has the answer.
        wait(lambda: self.worker.mark(1) == self.worker.mark(2))

    # ---- what is answered

    def test_a_plain_request(self) -> None:
        before = self.worker.mark(1)
        self.assertEqual(
            self.get("/hello"),
            b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello world!\n",
        )
        self.assertEqual(self.worker.mark(1), before + 1)
        wait(lambda: self.worker.mark(2) == before + 1)

    def test_a_body(self) -> None:
        for size in (1, 1000, 60000):
            body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
            self.assertEqual(self.get("/echo", body, REQUEST_METHOD="POST").partition(b"\r\n\r\n")[2], body)

    def test_many_at_once(self) -> None:
        with self.held():
            clients = [self.connect() for _ in range(60)]
            for client in clients:
                client.sendall(packet("/hello"))
        for client in clients:
            self.assertIn(b"Hello world!", rest(client))

    def test_one_after_the_other(self) -> None:
        """As a proxy does: the worker waits for each. One that is written to late is handed over."""
        for _ in range(20):
            client = self.connect()
            client.sendall(packet("/hello"))
            while not select.select([client], [], [], 0.01)[0]:
                for frame in self.worker.arrived():
                    if frame.kind == frames.PUNTED:
                        self.worker.any(frames.PUNTED)
                        with self.worker.passed() as connection:
                            connection.sendall(b"Hello world!")
            self.assertIn(b"Hello world!", rest(client))

    def test_an_environ(self) -> None:
        text = self.get("/environ?a=b", HTTP_COOKIE="a=\xe9", HTTPS="on", SCRIPT_NAME="").decode()
        direct = environ_of(text)
        wanted = {k: v for k, v in VARIABLES.items() if v}
        wanted.update(
            PATH_INFO="/environ",
            REQUEST_URI="/environ",
            QUERY_STRING="a=b",
            SCRIPT_NAME="",
            HTTP_COOKIE="a=\xe9",
            HTTPS="on",
        )
        for key, value in wanted.items():
            self.assertEqual(direct.get(key), value, key)
        self.assertNotIn("CONTENT_LENGTH", direct)
        self.assertEqual(direct["wsgi.url_scheme"], "https")

    def test_old_ways_to_answer(self) -> None:
        self.assertEqual(self.get("/empty"), b"HTTP/1.1 204 No Content\r\n\r\n")
        self.assertTrue(self.get("/bare").endswith(b"\r\nContent-Length: 10\r\n\r\nbare bytes"))
        self.assertTrue(self.get("/text_list").endswith(b"\r\n\r\nabc"))
        self.assertIn(b"Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Latin: \xe9\r\n", self.get("/duplicates"))

    # ---- what is handed over before it has begun

    def assertPunted(self, client: socket.socket, data: bytes) -> None:
        frame = self.worker.any(frames.PUNTED)
        self.assertEqual(frame.payload, frames.U32.pack(0) + data)
        with self.worker.passed() as connection:
            connection.sendall(b"from the JVM")
        self.assertEqual(rest(client), b"from the JVM")

    def test_what_the_server_answers(self) -> None:
        for sent in (packet("/-/ready"), packet("/-/ready", b"abc", REQUEST_METHOD="POST")):
            with self.held():
                client = self.connect()
                client.sendall(sent)
            self.assertPunted(client, sent)
        self.assertIn(b"Hello world!", self.get("/hello"))

    def test_what_is_not_plain(self) -> None:
        for data in (
            b"GET / HTTP/1.1\r\n\r\n",
            packet(REQUEST_METHOD="HEAD"),
            packet(HTTP_X="a\0b"),
            packet(HTTP_TRANSFER_ENCODING="chunked"),
            packet(PATH_INFO="x"),
            packet() + b"trailing",
            packet("/echo", b"abc", REQUEST_METHOD="POST")[:-1],
            packet(SERVER_PORT=""),
            b"\x1e" + packet()[1:],
            packet()[:30],
        ):
            with self.subTest(data=data):
                with self.held():
                    client = self.connect()
                    client.sendall(data)
                self.assertPunted(client, data)

    def test_a_client_that_says_nothing(self) -> None:
        client = self.connect()
        self.assertPunted(client, b"")

    def test_a_client_that_is_gone_at_once(self) -> None:
        client = self.connect()
        client.shutdown(socket.SHUT_WR)
        self.assertPunted(client, b"")

    # ---- what is handed over while it runs

    def begun(self, path: str = "") -> Any:
        frame = self.worker.any(frames.BEGUN)
        number, since = frames.BEGUN_PAYLOAD.unpack_from(frame.payload)
        self.assertEqual(number, 0)
        self.assertLess(abs(time.monotonic_ns() - since), DEADLINE * 1e9)
        self.assertIn(path.encode(), frame.payload)
        self.assertGreaterEqual(frame.id, frames.FIRST_DIRECT_ID)
        self.connection = self.worker.passed()
        self.addCleanup(self.connection.close)
        return frame.id

    def test_a_stream(self) -> None:
        self.begin("/generator")
        response = self.worker.end(self.begun("/generator"))
        self.assertEqual((response.status, response.failed), ("200 OK", None))
        self.assertTrue(response.body)

    def test_the_jvm_gets_a_body_as_well(self) -> None:
        self.begin("/generator", b"the body")
        frame = self.worker.any(frames.BEGUN)
        self.assertEqual(frame.payload[frames.BEGUN_PAYLOAD.size :], packet("/generator", b"the body"))
        self.worker.passed().close()
        self.worker.end(frame.id)

    def test_a_failure(self) -> None:
        self.begin("/fails")
        response = self.worker.end(self.begun("/fails"))
        self.assertIn("Traceback", response.failed or "")

    def test_a_large_body(self) -> None:
        self.begin("/large")
        response = self.worker.end(self.begun("/large"))
        self.assertEqual(response.body, b"x" * 1000000 + b"y" * 10)

    def test_a_file(self) -> None:
        self.begin("/file?" + LONG_FILE)
        number = self.begun("/file")
        response = self.worker.end(number)
        self.assertIsNotNone(response.file)
        self.worker.send(frames.FILE_SENT, 0, number)

    def test_a_request_that_takes_long(self) -> None:
        with NamedPipe() as pipe:
            client = self.begin("/block?" + pipe.path)
            wait(lambda: self.worker.mark(1) > self.worker.mark(2))
            ((since, listener, kept),) = self.worker.slots()
            self.assertEqual((since, listener), (self.worker.mark(3), 0))
            self.assertTrue(packet("/block?" + pipe.path).startswith(kept.rstrip(b"\0")))
            self.worker.hand_over(3600 * 10**9)  # nothing is so old
            self.worker.hand_over(0)
            number = self.begun("/block")
            wait(lambda: self.worker.mark(1) == self.worker.mark(2))
            self.assertEqual(self.worker.slots(), [])
            pipe.release("now")
            self.assertEqual(self.worker.end(number).body, b"released")
            self.connection.close()
            self.assertEqual(rest(client), b"")  # nobody else has it, or has answered on it

    def test_what_runs_has_a_slot_each(self) -> None:
        if self.mode == "asyncio":
            return  # an application that blocks holds up all others there
        with NamedPipe() as one, NamedPipe() as other:
            pipes = [one] if self.mode == "sync" else [one, other]
            clients = [self.begin("/block?" + pipe.path) for pipe in pipes]
            wait(lambda: len(self.worker.slots()) == len(pipes))
            paths = [pipe.path.encode() for pipe in pipes]
            found = [path for path in paths if any(path in kept for _, _, kept in self.worker.slots())]
            self.assertEqual(found, paths)
            for pipe in pipes:
                pipe.release("now")
            for client in clients:
                self.assertTrue(rest(client).endswith(b"released"))
        wait(lambda: not self.worker.slots())

    def test_what_is_handed_over_does_not_wait_for_the_next_application(self) -> None:
        with NamedPipe() as pipe:
            for data in (packet("/hello")[:20], packet("/generator"), packet("/fails")):
                with self.held():
                    first, slow = self.connect(), self.connect()
                    first.sendall(data)
                    slow.sendall(packet("/block?" + pipe.path))
                if len(data) == 20:
                    self.assertPunted(first, data)
                else:
                    number = self.begun()
                    if self.mode != "asyncio":  # there, all others stand still
                        self.worker.end(number)
                pipe.release("now")
                self.assertIn(b"released", rest(slow))

    # ---- beginning and end

    def test_it_takes_none_when_told_so(self) -> None:
        self.worker.accept(False)
        self.worker.get("/hello")  # it has read the frame
        before = self.worker.mark(1)
        client = self.connect()
        client.sendall(packet("/hello"))
        self.worker.get("/hello")
        self.assertEqual(self.worker.mark(1), before)
        self.worker.accept()
        self.assertIn(b"Hello world!", rest(client))

    def test_a_connection_that_woke_it_when_it_was_told_to_take_no_more(self) -> None:
        self.worker.get("/hello")  # it waits
        os.kill(self.worker.pid, signal.SIGSTOP)
        try:
            client = self.connect()
            client.sendall(packet("/hello"))
            self.worker.accept(False)
        finally:
            os.kill(self.worker.pid, signal.SIGCONT)
        self.assertIn(b"Hello world!", rest(client))
        self.worker.accept()

    def test_both_ways_at_once(self) -> None:
        clients: List[socket.socket] = []
        numbers = []
        with self.held():
            for _ in range(30):
                clients.append(self.connect())
                clients[-1].sendall(packet("/hello"))
        for _ in range(30):
            numbers.append(self.worker.begin("/hello"))
        for number in numbers:
            self.assertEqual(self.worker.end(number).body, b"Hello world!\n")
        for client in clients:
            self.assertIn(b"Hello world!", rest(client))

    def test_stop(self) -> None:
        worker = self.zygote.worker(2)
        worker.accept()
        worker.stop()
        self.assertEqual(self.zygote.exited(worker)["status"], 0)

    def test_limit(self) -> None:
        worker = self.zygote.worker(3)
        self.worker.accept(False)
        self.worker.get("/hello")
        clients = [self.connect() for _ in range(4)]
        for client in clients:
            client.sendall(packet("/hello"))
        worker.accept(True, 3)
        for client in clients:
            self.assertIn(b"Hello world!", rest(client))
        worker.any(frames.LIMIT)
        worker.stop()
        self.zygote.exited(worker)
        self.worker.accept()

    def test_a_program_that_closes_the_connection(self) -> None:
        before = self.worker.mark(2)
        self.assertEqual(self.get("/closes_all"), b"")
        wait(lambda: self.worker.mark(2) == before + 1)
        self.assertIn(b"Hello world!", self.get("/hello"))

    def test_a_fork_in_a_request(self) -> None:
        answer = self.get("/forks")
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 OK\r\n"), answer)
        self.assertIn(b"Hello world!", self.get("/hello"))


def accelerated_package(test: Type[unittest.TestCase]) -> str:
    """Where the worker's package is with an accelerator, until these tests end."""
    package = tempfile.mkdtemp(prefix="direct-test-")
    test.addClassCleanup(shutil.rmtree, package)
    shutil.copytree(
        os.path.join(MAIN, "loomgate_worker"),
        os.path.join(package, "loomgate_worker"),
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    there = built()
    for name in os.listdir(there):
        shutil.move(os.path.join(there, name), os.path.join(package, "loomgate_worker/direct"))
    os.rmdir(there)
    return package


class Accelerated(Direct):
    """The same with the accelerator."""

    boot = {"direct": DIRECT, "accelerate": True}

    @classmethod
    def setUpClass(cls) -> None:
        cls.package = accelerated_package(cls)
        super().setUpClass()

    def test_it_is_there(self) -> None:
        self.assertEqual(self.zygote.errors, b"")


class Records(OneListener):
    """With `records`: the JVM is told of each request."""

    boot = {"direct": {**DIRECT, "records": True}}

    def test_they_are_told_of(self) -> None:
        while any(f.kind == frames.ANSWERED for f in self.worker.arrived()):
            self.worker.any(frames.ANSWERED)
        sent = packet("/echo", b"abcde", REQUEST_METHOD="POST")
        with self.held():
            client = self.connect()
            client.sendall(sent)
        rest(client)
        payload = self.worker.any(frames.ANSWERED).payload
        number, status, content, nanos, length = frames.ANSWERED_ENTRY.unpack_from(payload)
        self.assertEqual((number, status, content), (0, 200, 5))
        self.assertLess(nanos, DEADLINE * 1e9)
        self.assertEqual(payload[frames.ANSWERED_ENTRY.size :], sent[:-5])
        self.assertEqual(length, len(sent) - 5)


class Counts(OneListener):
    """With `counts`: the scoreboard says what was sent, and how long it took."""

    boot = {"direct": {**DIRECT, "counts": True}}

    def test_they_are_in_the_scoreboard(self) -> None:
        before = self.worker.mark(4), self.worker.mark(5)
        with self.held():
            client = self.connect()
            client.sendall(packet("/echo", b"abcde", REQUEST_METHOD="POST"))
        answer = rest(client)
        wait(lambda: self.worker.mark(4) > before[0])
        sent = self.worker.mark(4) - before[0]
        self.assertTrue(len(b"200 OKabcde") <= sent <= len(answer), sent)
        wait(lambda: self.worker.mark(5) > before[1])
        self.assertLess(self.worker.mark(5) - before[1], DEADLINE * 1e9)


class Kinds(OneListener):
    """With `duration_bounds`: the scoreboard has each kind of requests, with how many took how long."""

    boot = {"direct": {**DIRECT, "duration_bounds": [1, 60_000_000_000]}}

    def test_they_are_counted_by_what_the_client_sent(self) -> None:
        odd = {"SERVER_PROTOCOL": "HTTP/7", "HTTPS": "on"}
        for method, more in ("POST", {}), ("POST", {}), ("PUT", {}), ("GET", odd):
            with self.held():
                client = self.connect()
                client.sendall(packet("/echo", b"abcde", REQUEST_METHOD=method, **more))
            rest(client)
        base = 65536 // 8
        wait(lambda: sum(self.worker.mark(base + 3 + at) for at in (0, 32, 64)) >= 4)
        found = {}
        for number in range(3):
            kind = [self.worker.mark(base + 32 * number + at) for at in range(5)]
            name = struct.pack("<11Q", *(self.worker.mark(base + 32 * number + 21 + at) for at in range(11)))
            found[name.rstrip(b"\0").decode("ascii")] = kind
        self.assertEqual(
            set(found), {"POST 200 HTTP/1.1 http", "PUT 200 HTTP/1.1 http", "GET 200 _OTHER https"}
        )
        sent, nanos, *counts = found["POST 200 HTTP/1.1 http"]
        self.assertGreaterEqual(sent, 2 * len(b"200 OKabcde"))
        self.assertLess(nanos, DEADLINE * 1e9)
        self.assertEqual(counts, [0, 2, 0])
        self.assertEqual(found["PUT 200 HTTP/1.1 http"][2:], [0, 1, 0])


class AcceleratedKinds(Kinds):
    """The same with the accelerator, which counts."""

    boot = {**Kinds.boot, "accelerate": True}

    @classmethod
    def setUpClass(cls) -> None:
        cls.package = accelerated_package(cls)
        super().setUpClass()


class Details(OneListener):
    """With `details` as well: of the response's head, too."""

    boot = {"direct": {**DIRECT, "records": True, "details": True}}

    def test_the_head_is_told_of(self) -> None:
        for path, body in (("/echo", b"abcde"), ("/echo", b"")):
            sent = packet(path, body, REQUEST_METHOD="POST")
            with self.held():
                client = self.connect()
                client.sendall(sent)
            head, _, content = rest(client).partition(b"\r\n\r\n")
            while True:
                payload = self.worker.any(frames.ANSWERED).payload
                told = frames.ANSWERED_DETAILS.unpack_from(payload)
                if payload[frames.ANSWERED_DETAILS.size :] == sent[: len(sent) - len(body)]:
                    break
            self.assertEqual(told[1:3], (200, len(content)))
            self.assertEqual(told[4:6], (len(head) + 4, head.count(b"\r\n")))


def rest(client: socket.socket) -> bytes:
    """Everything up to the connection's end."""
    with client:
        parts = []
        while True:
            part = client.recv(65536)
            if not part:
                return b"".join(parts)
            parts.append(part)


def environ_of(answer: str) -> Dict[str, str]:
    """What `repr` shows, without values that are no text."""
    return dict(re.findall(r"'([\w.]+)': '([^']*)'", answer.partition("\r\n\r\n")[2]))


def _classes() -> Dict[str, Type[unittest.TestCase]]:
    return {
        f"{case.__name__}_{mode}": type(
            f"{case.__name__}_{mode}", (case,), {"mode": mode, "__module__": case.__module__}
        )
        for case in (Direct, Accelerated, Records, Details)
        for mode in MODES
        if mode != "gevent"  # it takes no connections itself
    }


globals().update(_classes())
del Direct, Accelerated, Records, Details, OneListener


if __name__ == "__main__":
    unittest.main()
