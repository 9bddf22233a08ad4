"""The functions of direct mode over HTTP: the same cases for each module that has them.

    python3 test_direct_requests.py [DIRECTORY]    DIRECTORY: with an accelerator that is built already, such as with ASan
"""

from __future__ import annotations

import gc
import random
import resource
import shutil
import socket
import sys
import unittest
from email.utils import parsedate_to_datetime
from typing import Any

from direct_packets import NOT_SENT, SENT, accelerator_for, mutated_heads
from direct_requests import BASE, NOT_PLAIN, PLAIN, PORT, UNFINISHED, Limits, mutated, request, target, upload
from over_tcp import OverTcp

from loomgate_worker.direct import packet
from loomgate_worker.direct import request as pure

USUAL = Limits()


class Cases(OverTcp):
    def read(self, data: bytes, limits: Limits = USUAL, before: bytes = b"") -> Any:
        """What is read where these bytes lie."""
        self.send(data)
        return self.module.read_http(self.server.fileno(), before, BASE, PORT, *limits)

    def is_plain(self, data: bytes, limits: Limits = USUAL) -> bool:
        got, scope, body = self.read(data, limits)
        self.assertEqual(got + (body or b""), data)
        return scope is not None

    def test_what_is_plain(self) -> None:
        for name, (data, shown, body) in PLAIN.items():
            with self.subTest(name):
                head, scope, got = self.read(data)
                self.assertEqual({key: scope.get(key) for key in shown}, shown)
                self.assertEqual((head + got, got), (data, body))
                self.assertEqual({key: scope.get(key) for key in BASE}, BASE)
                self.assertEqual({type(part) for field in scope["headers"] for part in field}, {bytes})

    def test_what_is_not_plain(self) -> None:
        for name, data in NOT_PLAIN.items():
            with self.subTest(name):
                self.assertEqual(self.read(data), (data, None, None))

    def test_a_body_that_comes_later(self) -> None:
        for data in UNFINISHED:
            got, scope, body = self.read(data)
            self.assertEqual((got, scope, body), (data, None, b""))
        head, scope, body = self.read(b"e", before=upload(b"Content-Length: 5\r\n", b"abcd"))
        self.assertEqual((scope["method"], body), ("POST", b"abcde"))
        got, scope, body = self.read(b"ef", before=upload(b"Content-Length: 5\r\n", b"abcd"))
        self.assertEqual((scope, body), (None, None))

    def test_nothing_and_the_end(self) -> None:
        self.assertEqual(self.read(b""), (None, None, None))
        self.assertEqual(self.read(b"", before=b"GET /"), (None, None, None))
        self.client.close()
        self.assertEqual(self.read_ended(), (b"", None, None))

    def test_a_reset(self) -> None:
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.client.close()
        self.assertEqual(self.read_ended(), (b"", None, None))

    def read_ended(self) -> Any:
        try:
            self.server.recv(1, socket.MSG_PEEK)
        except ConnectionError:
            # It has taken the error with it.
            return b"", None, None
        return self.module.read_http(self.server.fileno(), b"", BASE, PORT, *USUAL)

    def test_no_descriptor(self) -> None:
        for wrong in (-1, 1 << 40):
            with self.assertRaises((ValueError, OSError, OverflowError)):
                self.module.read_http(wrong, b"", BASE, PORT, *USUAL)

    def test_controls_in_any_value(self) -> None:
        for control in (*range(9), *range(10, 0x20), 0x7F):
            for length in (0, 5, 8, 20):
                for at in {0, length // 2, length}:
                    value = b"a" * at + bytes([control]) + b"\xff" * (length - at)
                    self.assertEqual(self.is_plain(request(fields=b"X: " + value + b"\r\n")), False)

    def test_limits_to_the_byte(self) -> None:
        data = upload(b"X: y\r\nContent-Length: 5\r\n", b"12345")
        size = len(data) - 5
        for limits, plain in (
            (Limits(max_head_bytes=size), True),
            (Limits(max_head_bytes=size - 1), False),
            (Limits(max_field_count=3), True),
            (Limits(max_field_count=2), False),
            (Limits(max_body_bytes=5), True),
            (Limits(max_body_bytes=4), False),
            (Limits(max_target_bytes=1), True),
            (Limits(max_target_bytes=0), False),
        ):
            self.assertEqual(self.is_plain(data, limits), plain, limits)
        self.assertEqual(self.is_plain(target(b"/a?bc"), Limits(max_target_bytes=5)), True)
        self.assertEqual(self.is_plain(target(b"/a?bc"), Limits(max_target_bytes=4)), False)
        self.assertTrue(self.is_plain(request(fields=b"X: y\r\n" * 255), Limits(max_field_count=1000)))

    def test_a_scope_is_its_own(self) -> None:
        before = dict(BASE)
        _, first, _ = self.read(request(fields=b"X: y\r\n"))
        first["headers"].append((b"x", b"z"))
        first["type"] = "changed"
        _, second, _ = self.read(request(fields=b"X: y\r\n"))
        self.assertEqual((second["headers"], second["type"]), ([(b"host", b"a"), (b"x", b"y")], "http"))
        self.assertEqual(BASE, before)

    def test_changed_requests(self) -> None:
        """Both find the same."""
        chance = random.Random(1)
        plain = 0
        for data in mutated(chance, 3000):
            if data:
                limits = Limits(chance.choice((65535, 60)), chance.choice((200, 2)), chance.choice((0, 2)))
                wanted = pure.parse(data, BASE, PORT, *limits)
                self.assertEqual(self.read(data, limits), wanted, data)
                plain += wanted[1] is not None
        self.assertTrue(plain > 300, plain)

    def reply(self, head: bytes, body: bytes) -> bytes:
        """What the client gets, b"" where the JVM must decide."""
        done = self.module.reply_http(self.server.fileno(), head, body)
        if not done:
            return b""
        self.assertIs(done, True)
        self.server.send(b"<end>")
        got = b""
        while not got.endswith(b"<end>"):
            got += self.client.recv(1 << 20)
        return got[:-5]

    def test_a_response(self) -> None:
        got = self.reply(b"200 OK\nContent-Type\ntext/plain", b"abc")
        begin, date, end = got.partition(b"\r\nDate: ")[0], got.split(b"\r\n")[3], got.split(b"\r\n")[4:]
        self.assertEqual(begin, b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3")
        self.assertEqual(end, [b"Server: loomgate", b"", b"abc"])
        self.assertTrue(parsedate_to_datetime(date[6:].decode()))

    def test_the_programs_own_fields(self) -> None:
        got = self.reply(b"200 OK\ndate\ntoday\nSERVER\nmine", b"")
        self.assertEqual(got, b"HTTP/1.1 200 OK\r\ndate: today\r\nSERVER: mine\r\nContent-Length: 0\r\n\r\n")

    def test_what_the_jvm_decides(self) -> None:
        for head in (
            *NOT_SENT,
            b"426 Upgrade Required",
            b"200 OK\nConnection\nClose",
            b"200 OK\nX\ny\nconnection\nclose",
        ):
            with self.subTest(head):
                self.assertEqual(self.reply(head, b"abc"), b"")
        self.assertEqual(self.reply(b"200 OK", b"x" * (96 * 1024)), b"")

    def test_changed_heads(self) -> None:
        for body in (b"abc", b"x" * 9000):
            for head in [*SENT, *mutated_heads(random.Random(2), 1000)]:
                for _ in range(3):
                    wanted, got = pure.formatted(head, body) or b"", self.reply(head, body)
                    if wanted == got:
                        break  # else the second has changed
                self.assertEqual(got, wanted, head)

    def test_as_over_uwsgi(self) -> None:
        """With the server's fields on top."""
        for head in SENT:
            over = packet.formatted(head, b"abc")
            got = self.reply(head, b"abc")
            if over is not None and got:
                begin, end = over[:-5], over[-5:]
                self.assertTrue(got.startswith(begin) and got.endswith(b"\r\n" + end), head)

    def test_what_the_socket_does_not_take(self) -> None:
        self.server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        body, sent = b"x" * 90_000, 0
        while True:
            done = self.module.reply_http(self.server.fileno(), b"200 OK\nDate\nd", body)
            if done is not True:
                break
            sent += 1
        whole = pure.formatted(b"200 OK\nDate\nd", body)
        assert whole is not None
        rest = done or b""
        self.assertTrue(whole.endswith(rest))
        got, wanted = bytearray(), whole * sent + (whole[: len(whole) - len(rest)] if rest else b"")
        while len(got) < len(wanted):
            got += self.client.recv(1 << 20)
        self.assertEqual(got, wanted)

    def test_a_client_that_has_gone(self) -> None:
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.client.close()
        for _ in range(2):
            self.assertIs(self.module.reply_http(self.server.fileno(), b"200 OK", b"abc"), True)


class Python(Cases, unittest.TestCase):
    """In Python."""

    module = pure


class Accelerator(Cases, unittest.TestCase):
    """In C."""

    directory = ""

    @classmethod
    def setUpClass(cls) -> None:
        if not shutil.which("cc") and not Accelerator.directory:
            raise unittest.SkipTest("there is no C compiler")
        cls.module = accelerator_for(cls, Accelerator.directory)

    def test_no_memory_is_lost(self) -> None:
        read, reply = self.module.read_http, self.module.reply_http
        descriptor = self.server.fileno()

        def rounds(count: int) -> None:
            for i in range(count):
                self.client.send(request(fields=b"X: %d\r\nCookie: %d\r\nY: same\r\n" % (i, i)))
                read(descriptor, b"", BASE, PORT, *USUAL)
                reply(descriptor, b"200 OK\nX\ny", b"abc")
                self.client.recv(1000)

        rounds(3000)
        gc.collect()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        rounds(15_000)
        self.assertTrue(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1024)

    def test_wrong_arguments(self) -> None:
        for arguments in (
            (),
            (1,),
            (0, "", BASE, PORT, *USUAL),
            (0, b"", [], PORT, *USUAL),
            (0, b"", BASE, None, *USUAL),
        ):
            with self.assertRaises(TypeError):
                self.module.read_http(*arguments)
        with self.assertRaises(ValueError):
            self.module.read_http(0, b"x" * (1 << 20), BASE, PORT, *USUAL)
        for wrong in ((), (0, "", b""), (0, b"", bytearray())):
            with self.assertRaises(TypeError):
                self.module.reply_http(*wrong)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        Accelerator.directory = sys.argv.pop(1)
    unittest.main()
