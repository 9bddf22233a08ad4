"""The functions of WebSockets that are lent to workers: the same cases for each module that has them.

    python3 test_direct_messages.py [DIRECTORY]    DIRECTORY: with an accelerator that is built already, such as with ASan
"""

from __future__ import annotations

import gc
import random
import resource
import shutil
import socket
import sys
import unittest
from typing import Any, Dict, List, Tuple, Union

from direct_packets import accelerator_for
from over_tcp import OverTcp

from loomgate_worker.direct import messages as pure

TEXT, BINARY = 1, 2
LONGEST = 64 * 1024


def framed(
    payload: bytes, opcode: int = TEXT, first: int = 0x80, size: int = -1, masked: bool = True
) -> bytes:
    """A client's frame; `size` is that of its length, 0, 2 or 8 bytes: the shortest by itself."""
    length = len(payload)
    if size < 0:
        size = 0 if length < 126 else 2 if length < 0x10000 else 8
    key = random.randbytes(4) if hasattr(random, "randbytes") else bytes(random.choices(range(256), k=4))
    mask = 0x80 if masked else 0
    head = bytes((first | opcode, mask | (length if size == 0 else 126 if size == 2 else 127)))
    head += length.to_bytes(size, "big") if size else b""
    if not masked:
        return head + payload
    return head + key + bytes(byte ^ key[i % 4] for i, byte in enumerate(payload))


PLAIN: Dict[str, Tuple[bytes, List[Union[str, bytes]]]] = {
    "text": (framed(b"hello"), ["hello"]),
    "text past ASCII": (framed("Ä€😀".encode()), ["Ä€😀"]),
    "bytes": (framed(b"\0\xff", BINARY), [b"\0\xff"]),
    "nothing": (framed(b""), [""]),
    "no bytes": (framed(b"", BINARY), [b""]),
    "125 bytes": (framed(b"a" * 125), ["a" * 125]),
    "126 bytes": (framed(b"a" * 126), ["a" * 126]),
    "the longest": (framed(b"b" * LONGEST, BINARY), [b"b" * LONGEST]),
    "each length of a word's end": (
        b"".join(framed(b"c" * i) for i in range(20)),
        ["c" * i for i in range(20)],
    ),
    "several": (framed(b"a") + framed(b"b", BINARY) + framed(b"c"), ["a", b"b", "c"]),
}

NOT_PLAIN: Dict[str, bytes] = {
    "a fragment": framed(b"a", first=0),
    "a continuation": framed(b"a", 0),
    "a close": framed(b"\x03\xe8", 8),
    "a ping": framed(b"", 9),
    "a pong": framed(b"", 10),
    "a reserved opcode": framed(b"", 3),
    "RSV1": framed(b"a", first=0xC0),
    "RSV2": framed(b"a", first=0xA0),
    "RSV3": framed(b"a", first=0x90),
    "no mask": framed(b"abcdef", masked=False),
    "a length of 16 bits that has room in 7": framed(b"a" * 125, size=2),
    "a length of 64 bits that has room in 16": framed(b"a" * 126, size=8),
    "a length with its first bit set": b"\x82\xff" + b"\xff" * 12,
    "too long": b"\x82\xff" + (LONGEST + 1).to_bytes(8, "big") + b"\0" * 4,
    "text that isn't UTF-8": framed(b"\xff"),
    "text that ends in a character": framed("€".encode()[:2]),
    "a surrogate": framed(b"\xed\xa0\x80"),
}


class Cases(OverTcp):
    def read(self, data: bytes, before: bytes = b"", most: int = LONGEST) -> Any:
        """What is read where these bytes lie."""
        self.send(data)
        return self.module.read_messages(self.server.fileno(), before, most)

    def test_what_is_plain(self) -> None:
        for name, (data, messages) in PLAIN.items():
            with self.subTest(name):
                self.assertEqual(self.read(data), (messages, b"", True))

    def test_what_is_not_plain(self) -> None:
        for name, data in NOT_PLAIN.items():
            with self.subTest(name):
                self.assertEqual(self.read(data), ([], data, False))
                before = framed(b"before")
                self.assertEqual(self.read(before + data + before), (["before"], data + before, False))

    def test_a_smaller_limit(self) -> None:
        data, most = framed(b"a" * 1000), framed(b"b" * 999)
        self.assertEqual(self.read(data, most=1000), (["a" * 1000], b"", True))
        self.assertEqual(self.read(most + data, most=999), (["b" * 999], data, False))
        self.assertEqual(self.read(data[:4], most=999), ([], data[:4], False))
        self.assertEqual(self.read(framed(b"c"), most=0)[2], False)

    def test_what_comes_in_pieces(self) -> None:
        for name, (data, messages) in PLAIN.items():
            with self.subTest(name):
                whole: List[Any] = []
                rest, at = b"", 0
                while at < len(data):
                    count = random.randint(1, max(1, len(data) // 3))
                    got, rest, plain = self.read(data[at : at + count], rest)
                    self.assertTrue(plain)
                    whole += got
                    at += count
                self.assertEqual((whole, rest), (messages, b""))

    def test_nothing_is_there(self) -> None:
        self.assertEqual(self.read(b""), (None, b"", True))
        self.assertEqual(self.read(b"", b"\x81"), (None, b"", True))

    def test_the_client_has_ended_its_side(self) -> None:
        self.client.shutdown(socket.SHUT_WR)
        self.assertEqual(
            self.module.read_messages(self.server.fileno(), b"\x81", LONGEST), ([], b"\x81", False)
        )

    def test_the_client_has_gone(self) -> None:
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.client.close()
        self.assertEqual(self.module.read_messages(self.server.fileno(), b"", LONGEST), ([], b"", False))
        self.assertEqual(self.module.write(self.server.fileno(), b"abc"), -1)

    def test_frames(self) -> None:
        for message, head in (
            ("", b"\x81\0"),
            ("Ä", b"\x81\2"),
            (b"abc", b"\x82\3"),
            ("a" * 125, b"\x81\x7d"),
            ("a" * 126, b"\x81\x7e\0\x7e"),
            (b"b" * 0xFFFF, b"\x82\x7e\xff\xff"),
            (b"b" * 0x10000, b"\x82\x7f\0\0\0\0\0\1\0\0"),
        ):
            payload = message.encode() if isinstance(message, str) else message
            self.assertEqual(self.module.frame(message), head + payload)
        with self.assertRaises(UnicodeEncodeError):
            self.module.frame("\ud800")

    def test_what_the_socket_does_not_take(self) -> None:
        self.server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        data, sent = b"x" * 1_000_000, 0
        taken = self.module.write(self.server.fileno(), data)
        self.assertTrue(0 < taken < len(data))
        sent += taken
        while taken:
            taken = self.module.write(self.server.fileno(), data)
            sent += taken
        got = 0
        while got < sent:
            got += len(self.client.recv(1 << 20))
        self.assertEqual(got, sent)

    def test_random_bytes_are_read_as_in_python(self) -> None:
        changes = random.Random(1)
        frames = [data for data, _ in PLAIN.values() if len(data) < 1000] + list(NOT_PLAIN.values())
        for _ in range(2000):
            data = bytearray(b"".join(changes.choices(frames, k=3)))
            for _ in range(changes.randrange(3)):
                data[changes.randrange(len(data))] = changes.randrange(256)
            self.assertEqual(self.read(bytes(data)), pure.parse(bytes(data), LONGEST), bytes(data))


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
        read, frame, write = self.module.read_messages, self.module.frame, self.module.write
        descriptor = self.server.fileno()

        def rounds(count: int) -> None:
            for i in range(count):
                self.client.send(framed(b"%d" % i) + framed(b"\xff%d" % i))
                read(descriptor, b"", LONGEST)
                write(descriptor, frame("x" * (i % 200)) + frame(b"y"))
                self.client.recv(1000)

        rounds(3000)
        gc.collect()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        rounds(15_000)
        self.assertTrue(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1024)

    def test_wrong_arguments(self) -> None:
        for function, *arguments in (
            ("read_messages",),
            ("read_messages", 0, b""),
            ("read_messages", 0, "", 1),
            ("read_messages", None, b"", 1),
            ("read_messages", 0, b"", None),
            ("frame",),
            ("frame", 1),
            ("write", 0, "x"),
        ):
            with self.assertRaises(TypeError):
                getattr(self.module, str(function))(*arguments)
        with self.assertRaises(ValueError):
            self.module.read_messages(0, b"x" * (1 << 20), LONGEST)
        for most in (-1, LONGEST + 1):
            with self.assertRaises(ValueError):
                self.module.read_messages(0, b"", most)
        with self.assertRaises(ValueError):
            self.module.write(-1, b"")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        Accelerator.directory = sys.argv.pop(1)
    unittest.main()
