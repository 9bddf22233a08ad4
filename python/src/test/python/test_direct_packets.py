"""The functions of direct mode that take, read and answer: the same cases for each module that has them.

    python3 test_direct_packets.py [DIRECTORY]    DIRECTORY: with an accelerator that is built already, such as with ASan
"""

from __future__ import annotations

import errno
import fcntl
import gc
import os
import random
import resource
import shutil
import socket
import sys
import tempfile
import threading
import unittest
from typing import Any, Callable, Dict, List, Optional, Tuple

from direct_packets import NOT_PLAIN, NOT_SENT, PLAIN, SENT, VARIABLES
from direct_packets import (
    Limits,
    accelerator_for,
    block,
    expected,
    expected_reply,
    framed,
    mutated_heads,
    mutated_packets,
    packet,
)
from loomgate_worker.direct import packet as pure
from loomgate_worker.wsgi.heads import content_length
from loomgate_worker.wsgi.response import _joined as joined_in_python

BASE = {"wsgi.version": (1, 0), "wsgi.run_once": False, "wsgi.errors": sys.stderr}
USUAL = Limits()
SECONDS = 30


class Cases:
    """For a class that has `module` and is a `unittest.TestCase`."""

    module: Any
    assertEqual: Callable[..., None]
    assertRaises: Callable[..., Any]
    assertTrue: Callable[..., None]
    assertIs: Callable[..., None]
    assertIsNone: Callable[..., None]
    subTest: Callable[..., Any]
    addCleanup: Callable[..., None]

    def setUp(self) -> None:
        """A connection from one end to the other."""
        self.client, self.server = socket.socketpair()
        self.client.settimeout(SECONDS)
        self.addCleanup(self.client.close)
        self.addCleanup(self.server.close)

    def read(self, data: bytes, limits: Limits = USUAL) -> Tuple[bytes, Any, Any]:
        """What is read where these bytes lie."""
        self.client.sendall(data)
        descriptor, got, environ, body = self.module.read(self.server.fileno(), BASE, *limits)
        self.assertEqual((descriptor, got + (body or b"")), (self.server.fileno(), data))
        return got, environ, body

    def check(self, data: bytes, limits: Limits = USUAL) -> bool:
        """Whether it is plain; that must be right, and so must the environ."""
        got, environ, body = self.read(data, limits)
        wanted = expected(data, limits)
        if wanted is None:
            self.assertEqual((got, environ, body), (data, None, None))
            return False
        self.assertEqual((len(got), environ), (wanted[1], {**BASE, **wanted[0]}))
        self.assertIs(type(body), bytes)
        return True

    def test_what_is_plain(self) -> None:
        for name, (changes, body, shown) in PLAIN.items():
            with self.subTest(name):
                data = packet(changes, body)
                self.assertTrue(self.check(data))
                _, environ, got = self.read(data)
                self.assertEqual({key: environ.get(key) for key in shown}, shown)
                self.assertEqual(got, body)
                self.assertEqual({type(key) for key in environ}, {str})

    def test_what_is_not_plain(self) -> None:
        for name, data in NOT_PLAIN.items():
            with self.subTest(name):
                self.assertEqual(self.check(data), False)

    def test_control_characters_in_any_value(self) -> None:
        for key in (b"HTTP_X", b"PATH_INFO", b"MY_OWN", b"QUERY_STRING", b"DOCUMENT_ROOT"):
            for control in (*range(0x20), 0x7F):
                for length in (0, 5, 8, 20):
                    for at in {0, length // 2, length}:
                        value = b"/" + b"a" * at + bytes([control]) + b"\xff" * (length - at)
                        self.assertEqual(self.check(packet({key: value})), False)

    def test_an_environ_is_its_own(self) -> None:
        before = dict(BASE)
        _, first, _ = self.read(packet())
        first["HTTP_HOST"] = first["SERVER_NAME"] = first["wsgi.version"] = "changed"
        _, second, _ = self.read(packet({b"SERVER_NAME": b"other", b"SERVER_PORT": b"1" * 100}))
        self.assertEqual((second["HTTP_HOST"], second["SERVER_NAME"]), ("localhost:8080", "other"))
        self.assertEqual((second["SERVER_PORT"], BASE), ("1" * 100, before))

    def test_limits_to_the_byte(self) -> None:
        data = packet()
        size, count = len(data) - 4, len(VARIABLES)
        self.assertTrue(self.check(data, Limits(max_header_bytes=size)))
        self.assertEqual(self.check(data, Limits(max_header_bytes=size - 1)), False)
        self.assertTrue(self.check(data, Limits(max_header_count=count)))
        self.assertEqual(self.check(data, Limits(max_header_count=count - 1)), False)
        data = packet({b"CONTENT_LENGTH": b"5"}, b"12345")
        for most, plain in ((0, True), (6, True), (5, True), (4, False)):
            self.assertEqual(self.check(data, Limits(max_body_bytes=most)), plain)

    def test_the_largest_packet(self) -> None:
        room = 65535 - len(packet({b"HTTP_X": b"", b"CONTENT_LENGTH": b"30000"})) + 4
        for body in (b"", b"b" * 30000):
            length = b"%05d" % len(body)
            data = packet({b"HTTP_X": b"x" * room, b"CONTENT_LENGTH": length}, body)
            self.assertEqual(data[1:3], b"\xff\xff")
            self.assertTrue(self.check(data))
        self.assertTrue(self.check(packet({b"HTTP_X" + b"x" * room: b"", b"CONTENT_LENGTH": b"00000"})))

    def test_more_variables_than_usual(self) -> None:
        many = [(b"HTTP_X%d" % number, b"") for number in range(4000)]
        data = framed(packet()[4:] + block(many))
        self.assertTrue(self.check(data, Limits(max_header_count=10000)))
        data = framed(packet()[4:] + block(many + [many[2000]]))
        self.assertEqual(self.check(data, Limits(max_header_count=10000)), False)
        # As many as fit.
        shortest = framed(b"\1\0A\0\0" * 13107)
        self.assertEqual(self.check(shortest, Limits(max_header_count=1 << 31)), False)

    def test_a_packet_in_two_pieces_is_not_plain(self) -> None:
        data = packet({b"CONTENT_LENGTH": b"3"}, b"abc")
        for at in range(1, len(data)):
            self.assertEqual(self.check(data[:at]), False)
        self.assertTrue(self.check(data))

    def test_mutations(self) -> None:
        chance = random.Random(20261127)
        plain = 0
        for data in mutated_packets(chance, 20000):
            limits = Limits(chance.choice((400, 65535)), chance.choice((15, 200)), chance.choice((0, 3)))
            plain += self.check(data, limits)
        self.assertTrue(plain > 2000)

    def test_nothing_to_read_and_the_end(self) -> None:
        number = self.server.fileno()
        self.assertEqual(self.module.read(number, BASE, *USUAL), (number, None, None, None))
        self.client.sendall(b"\0")
        self.client.close()
        self.assertEqual(self.module.read(number, BASE, *USUAL), (number, b"\0", None, None))
        self.assertEqual(self.module.read(number, BASE, *USUAL), (number, b"", None, None))

    def test_a_reset_is_an_end(self) -> None:
        self.server.sendall(b"never read")
        self.client.close()
        number = self.server.fileno()
        self.assertEqual(self.module.read(number, BASE, *USUAL), (number, b"", None, None))

    def listener(self) -> socket.socket:
        directory = tempfile.mkdtemp(prefix="direct-test-")
        self.addCleanup(shutil.rmtree, directory)
        listener = socket.socket(socket.AF_UNIX)
        self.addCleanup(listener.close)
        listener.bind(os.path.join(directory, "s"))
        listener.listen(8)
        listener.setblocking(False)
        return listener

    def connected(self, listener: socket.socket) -> socket.socket:
        client = socket.socket(socket.AF_UNIX)
        self.addCleanup(client.close)
        client.settimeout(SECONDS)
        client.connect(listener.getsockname())
        return client

    def test_take(self) -> None:
        listener = self.listener()
        number = listener.fileno()
        self.assertIsNone(self.module.take(number, BASE, *USUAL))
        first, second, third = (self.connected(listener) for _ in range(3))
        second.sendall(packet({b"CONTENT_LENGTH": b"3"}, b"abc"))
        third.close()
        descriptor, *rest = self.module.take(number, BASE, *USUAL)
        self.assertEqual(rest, [None, None, None])
        first.sendall(packet())
        environ, _ = expected(packet(), USUAL)  # type: ignore[misc]
        read = self.module.read(descriptor, BASE, *USUAL)
        self.assertEqual(read, (descriptor, packet(), {**BASE, **environ}, b""))
        self.assertEqual(fcntl.fcntl(descriptor, fcntl.F_GETFD), fcntl.FD_CLOEXEC)
        self.assertTrue(os.get_blocking(descriptor))
        other, data, environ, body = self.module.take(number, BASE, *USUAL)
        self.assertEqual((data, body), (packet({b"CONTENT_LENGTH": b"3"}), b"abc"))
        self.assertEqual(environ["CONTENT_LENGTH"], "3")
        ended, *rest = self.module.take(number, BASE, *USUAL)
        self.assertEqual(rest, [b"", None, None])
        self.assertIsNone(self.module.take(number, BASE, *USUAL))
        for client, made in ((first, descriptor), (second, other)):
            self.assertIs(self.module.reply(made, b"200 OK", b"x"), True)
            self.assertEqual(client.recv(100), b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")
            self.assertEqual(client.recv(100), b"")
        os.close(ended)

    def test_take_without_descriptors_left(self) -> None:
        listener = self.listener()
        client = self.connected(listener)
        client.sendall(packet())
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        used = max(map(int, os.listdir("/proc/self/fd")))
        kept = [os.dup(0)]
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (used + 2, hard))
            with self.assertRaises(OSError) as raised:
                while True:
                    kept.append(os.dup(0))
            with self.assertRaises(OSError) as raised:
                self.module.take(listener.fileno(), BASE, *USUAL)
            self.assertEqual(raised.exception.errno, errno.EMFILE)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            for descriptor in kept:
                os.close(descriptor)
        taken = self.module.take(listener.fileno(), BASE, *USUAL)
        self.assertEqual(taken[1], packet())
        os.close(taken[0])

    def received(self) -> bytes:
        parts: List[bytes] = []
        while True:
            parts.append(self.client.recv(65536))
            if not parts[-1]:
                return b"".join(parts)

    def test_what_is_sent(self) -> None:
        for head in SENT:
            for body in (b"abc", b"", b"b" * 4096, b"b" * 4097, b"b" * 50000):
                if b"ength\n3" in head.lower() and len(body) != 3:
                    continue
                with self.subTest((head, len(body))):
                    self.setUp()
                    self.assertIs(self.module.reply(self.server.detach(), head, body), True)
                    self.assertEqual(self.received(), expected_reply(head, body))

    def test_what_is_not_sent(self) -> None:
        for head in NOT_SENT:
            with self.subTest(head):
                self.assertIsNone(expected_reply(head, b"abc"))
                self.assertIs(self.module.reply(self.server.fileno(), head, b"abc"), False)
        # Nothing has been, and the connection is still open.
        self.server.sendall(b"open")
        self.assertEqual(self.client.recv(100), b"open")

    def test_mutated_heads(self) -> None:
        sent = 0
        for head in mutated_heads(random.Random(20261128), 3000):
            wanted = expected_reply(head, b"abc")
            if self.module.reply(self.server.fileno(), head, b"abc"):
                self.server.detach()
                self.assertEqual(self.received(), wanted)
                self.setUp()
                sent += 1
            else:
                self.assertIsNone(wanted)
        self.assertTrue(sent > 300)

    def test_a_large_reply_is_not_sent(self) -> None:
        most = min(96 * 1024, self.server.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) // 2)
        for head, body in (
            (b"200 OK", bytes(most)),
            (b"200 OK", bytes(most - 5)),
            (b"200 OK\nA\n" + b"a" * most, b""),
            (b"200 OK" + b"\nA\nb" * (most // 4 - 10), b""),
            (b"200 OK", bytes(1 << 20)),
        ):
            self.assertIs(self.module.reply(self.server.fileno(), head, body), False)
        body = bytes(most - 200)
        # Nobody reads yet: it fits.
        self.assertIs(self.module.reply(self.server.detach(), b"200 OK", body), True)
        self.assertEqual(self.received(), expected_reply(b"200 OK", body))

    def test_a_client_that_is_gone(self) -> None:
        self.client.close()
        number = self.server.detach()
        self.assertIs(self.module.reply(number, b"200 OK", b"abc"), True)
        self.assertRaises(OSError, os.fstat, number)

    def test_a_buffer_that_is_full_holds_up_nobody_else(self) -> None:
        filled = 0
        self.server.setblocking(False)
        try:
            while True:
                filled += self.server.send(bytes(10000))
        except BlockingIOError:
            self.server.setblocking(True)
        done: List[bool] = []
        body = b"b" * 50000
        thread = threading.Thread(
            target=lambda: done.append(self.module.reply(self.server.detach(), b"200 OK", body))
        )
        thread.start()
        received = self.received()
        thread.join(SECONDS)
        self.assertEqual(
            (done, len(received) - filled), ([True], len(expected_reply(b"200 OK", body) or b""))
        )
        self.assertTrue(received.endswith(body))

    def test_what_the_collector_calls_may_read_as_well(self) -> None:
        other, end = socket.socketpair()
        self.addCleanup(other.close)
        self.addCleanup(end.close)
        inside: List[int] = []

        def collected(phase: str, _: Any) -> None:
            if not inside:
                inside.append(1)
                other.sendall(packet({b"HTTP_HOST": b"inside" * 20, b"SERVER_NAME": b"inside"}))
                self.module.read(end.fileno(), BASE, *USUAL)
                inside.clear()

        before = gc.get_threshold()
        gc.callbacks.append(collected)
        gc.set_threshold(1)
        try:
            for _ in range(300):
                self.assertTrue(self.check(packet()))
        finally:
            gc.set_threshold(*before)
            gc.callbacks.remove(collected)


class Accelerated(Cases, unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.module = accelerator_for(cls, GIVEN)

    def test_other_arguments_are_refused(self) -> None:
        number = self.server.fileno()
        for arguments in (
            (),
            (number,),
            (number, None, 1, 1, 1),
            (number, BASE, 1, 1),
            (number, BASE, "1", 1, 1),
            (1 << 40, BASE, 1, 1, 1),
        ):
            for function in (self.module.read, self.module.take):
                self.assertRaises((TypeError, ValueError), function, *arguments)
        for arguments in (
            (),
            (number, b""),
            (number, "200 OK", b""),
            (number, b"200 OK", bytearray()),
            ("1", b"", b""),
        ):
            self.assertRaises(TypeError, self.module.reply, *arguments)

    def test_memory_stays_as_it_is(self) -> None:
        def pages() -> int:
            with open("/proc/self/statm") as file:
                return int(file.read().split()[1])

        def run(first: int, last: int) -> None:
            for number in range(first, last):
                # Names and values that never come again.
                unknown = b"HTTP_X_%06d" % number
                self.client.sendall(
                    packet({unknown: b"value %d" % number, b"SERVER_NAME": b"name%d" % number})
                )
                self.module.read(self.server.fileno(), BASE, *USUAL)
                self.module.reply(self.server.fileno(), b"205 Reset Content", b"")

        run(0, 5000)
        before = pages()
        run(5000, 40000)
        self.assertTrue(pages() - before < 200)

    def test_a_descriptor_that_is_none(self) -> None:
        for call in (
            lambda: self.module.read(-1, BASE, *USUAL),
            lambda: self.module.take(-1, BASE, *USUAL),
            lambda: self.module.reply(-1, b"200 OK", b""),
        ):
            self.assertRaises((OSError, ValueError), call)
        with open(os.devnull) as file:
            self.assertRaises(OSError, self.module.read, file.fileno(), BASE, *USUAL)
            self.assertRaises(OSError, self.module.take, file.fileno(), BASE, *USUAL)
            self.assertRaises(OSError, self.module.reply, file.fileno(), b"200 OK", b"")

    def test_threads_read_at_once(self) -> None:
        wrong: List[Any] = []

        def run(number: int) -> None:
            client, server = socket.socketpair()
            data = packet({b"HTTP_HOST": b"host%d" % number * number})
            wanted = {**BASE, **expected(data, USUAL)[0]}  # type: ignore[index]
            with client, server:
                for _ in range(2000):
                    client.sendall(data)
                    _, got, environ, _ = self.module.read(server.fileno(), BASE, *USUAL)
                    if got != data or environ != wanted:
                        wrong.append(environ)

        threads = [threading.Thread(target=run, args=(number,)) for number in range(1, 5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])

    def test_heads_are_joined_as_in_python(self) -> None:
        plain: List[Tuple[Any, Any]] = [
            ("200 OK", []),
            ("200", [("A", "b")]),
            ("404 Not Found", [("Content-Type", "text/html"), ("X", "\xe9\tz"), ("Set-Cookie", "a=b")]),
            ("200 ", [("", "")]),
        ]
        for status, headers in plain:
            self.assertEqual(self.module.join_head(status, headers), joined_in_python(status, headers))
        for status, headers in [
            ("200 OK", [("A", "b\n")]),
            ("200 OK\r", []),
            ("200 O\0K", []),
            ("2x0 OK", []),
            ("\xb2\xb2\xb2 OK", []),
            ("200OK", []),
            ("20", []),
            ("", []),
            ("200 OK", [("A", "\u20ac")]),
            ("\ud800", []),
            ("200 OK", [("A", "b", "c")]),
            ("200 OK", [["A", "b"]]),
            ("200 OK", (("A", "b"),)),
            ("200 OK", [("A", 5)]),
            ("200 OK", [("A", b"b")]),
            ("200 OK", None),
            ("200 OK", [None]),
            (b"200 OK", []),
            (None, []),
        ]:
            self.assertIsNone(self.module.join_head(status, headers), (status, headers))
        self.assertRaises(IndexError, self.module.join_head, "200 OK")
        chance = random.Random(3)
        for _ in range(20_000):
            status, headers = (
                "".join(chance.choices("2 0\nA\r\0\xe9\u20ac", k=chance.randrange(6))) for _ in "ab"
            )
            fields = [(headers[:2], headers[2:])] * chance.randrange(3)
            try:
                expected_head = joined_in_python(status, fields)
            except Exception:
                self.assertIsNone(self.module.join_head(status, fields))
            else:
                self.assertIn(self.module.join_head(status, fields), (expected_head, None))

    def test_a_declared_length_is_found_as_in_python(self) -> None:
        names = ["Content-Length", "content-length", "CONTENT-LENGTH", "X-Content-Length", "Content-Type", ""]
        values = [
            "5",
            "05",
            "",
            "15",
            "-5",
            "5 ",
            "\xb2",
            "99999999999999999999999999995",
            "Content-Length",
            "x",
        ]
        chance = random.Random(4)
        chunks = [b"", b"12345", b"x" * 15]
        whole = 0
        for _ in range(20_000):
            fields = [
                (chance.choice(names), chance.choice(values)) for _ in range(chance.choice((0, 1, 1, 2, 3)))
            ]
            head = joined_in_python("200 OK", fields) + chance.choice((b"", b"", b"", b"\nContent-Length"))
            for chunk in chunks:
                found = self.module.is_whole(head, chunk)
                self.assertIs(found, content_length(head) == len(chunk), (head, chunk))
                whole += found
        self.assertTrue(whole > 2000)
        for arguments in ((), (b"200 OK",), ("200 OK", b""), (b"200 OK", "")):
            self.assertRaises((IndexError, TypeError), self.module.is_whole, *arguments)

    def test_chunks_are_kept_and_bounded(self) -> None:
        """Threads begin and end as greenlets do, more of them at a time than chunks are kept."""
        self.assertIs(self.module.keep_chunks(), True)
        self.assertIs(self.module.keep_chunks(), True)  # no second time
        said: List[int] = []
        go = threading.Event()

        def deep(number: int, depth: int) -> int:
            return deep(number, depth - 1) if depth else number

        def run(number: int) -> None:
            go.wait(SECONDS)
            said.append(deep(number, 300))

        for _ in range(3):
            go.clear()
            threads = [threading.Thread(target=run, args=(number,)) for number in range(300)]
            for thread in threads:
                thread.start()
            go.set()
            for thread in threads:
                thread.join(SECONDS)
        self.assertEqual(sorted(said), sorted(3 * list(range(300))))


class Pure(Cases, unittest.TestCase):
    module = pure

    def test_figures_of_a_head(self) -> None:
        for head in [*SENT, b"304 Not Modified", b"204 No Content\nA\nb"]:
            body = b"" if head[:3] in (b"304", b"204") else b"abc"
            with self.subTest(head):
                sent = expected_reply(head, body)
                assert sent is not None
                written = sent[: len(sent) - len(body)]
                wanted = (len(written), written.count(b"\r\n") - 2)
                self.assertEqual(pure.head_figures(head, len(body)), wanted)


GIVEN: Optional[str] = (
    sys.argv.pop(1) if __name__ == "__main__" and sys.argv[1:2] and os.path.isdir(sys.argv[1]) else None
)

if __name__ == "__main__":
    unittest.main()
