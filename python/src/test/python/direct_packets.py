"""Packets for the tests of direct mode, and what their reading must give: the rules once more, slow and one after the other."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest
from typing import Any, Dict, Iterable, Iterator, List, NamedTuple, Optional, Tuple, Type

from surroundings import HERE

from loomgate_worker.direct import native

METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
NEEDED = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "SERVER_PROTOCOL", "SERVER_NAME", "SERVER_PORT")
NOT_EMPTY = ("SERVER_PROTOCOL", "SERVER_PORT")
LEFT_OUT_EMPTY = ("CONTENT_LENGTH", "CONTENT_TYPE", "REMOTE_ADDR", "REMOTE_PORT")
LEFT_OUT = ("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH")
CONNECTIONS = (
    "te",
    "trailer",
    "upgrade",
    "connection",
    "keep-alive",
    "content-length",
    "proxy-connection",
    "transfer-encoding",
)
TOKEN = frozenset(b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

# What nginx sends of a small request.
VARIABLES = {
    b"QUERY_STRING": b"a=b",
    b"REQUEST_METHOD": b"GET",
    b"CONTENT_TYPE": b"",
    b"CONTENT_LENGTH": b"",
    b"REQUEST_URI": b"/path?a=b",
    b"PATH_INFO": b"/path",
    b"DOCUMENT_ROOT": b"/var/www/html",
    b"SERVER_PROTOCOL": b"HTTP/1.1",
    b"REQUEST_SCHEME": b"http",
    b"REMOTE_ADDR": b"127.0.0.1",
    b"REMOTE_PORT": b"54321",
    b"SERVER_PORT": b"8080",
    b"SERVER_NAME": b"localhost",
    b"HTTP_HOST": b"localhost:8080",
    b"HTTP_X_SOMETHING_OF_THE_CLIENTS": b"caf\xc3\xa9 \xff",
}


class Limits(NamedTuple):
    """As `take` and `read` get them."""

    max_header_bytes: int = 65535
    max_header_count: int = 200
    max_body_bytes: int = 0


def u16(number: int) -> bytes:
    return number.to_bytes(2, "little")


def block(variables: Iterable[Tuple[bytes, bytes]]) -> bytes:
    """The variables as a packet has them."""
    return b"".join(u16(len(key)) + key + u16(len(value)) + value for key, value in variables)


def framed(variables: bytes, body: bytes = b"") -> bytes:
    """A packet of these variables."""
    return b"\0" + u16(len(variables)) + b"\0" + variables + body


def packet(changes: Optional[Dict[bytes, Optional[bytes]]] = None, body: bytes = b"") -> bytes:
    """The usual packet with other variables; None takes one away."""
    variables: Dict[bytes, Optional[bytes]] = {**VARIABLES, **(changes or {})}
    return framed(block((key, value) for key, value in variables.items() if value is not None), body)


def expected(data: bytes, limits: Limits) -> Optional[Tuple[Dict[str, str], int]]:
    """The environ without its base, and where the body begins; None if the packet isn't plain."""
    if len(data) < 4 or data[0] != 0 or data[3] != 0:
        return None
    size = int.from_bytes(data[1:3], "little")
    if not 0 < size <= limits.max_header_bytes or len(data) < 4 + size:
        return None
    pairs = _pairs(data[4 : 4 + size])
    if pairs is None or len(pairs) > limits.max_header_count:
        return None
    environ: Dict[str, str] = {}
    for key, value in pairs:
        if key in environ or not _is_plain(key, value):
            return None
        environ[key] = value
    length = int(environ.get("CONTENT_LENGTH") or "0")
    if limits.max_body_bytes and length > limits.max_body_bytes:
        return None
    if len(data) != 4 + size + length or any(name not in environ for name in NEEDED):
        return None
    secure = environ.get("HTTPS") or ("on" if environ.get("REQUEST_SCHEME") == "https" else "")
    for name in LEFT_OUT:
        environ.pop(name, None)
    for name in LEFT_OUT_EMPTY:
        if environ.get(name) == "":
            del environ[name]
    environ.setdefault("SCRIPT_NAME", "")
    environ["SERVER_NAME"] = environ["SERVER_NAME"] or "localhost"
    environ["wsgi.url_scheme"] = "https" if secure in ("on", "1") else "http"
    return environ, 4 + size


def _pairs(variables: bytes) -> Optional[List[Tuple[str, str]]]:
    texts: List[str] = []
    while variables:
        length = int.from_bytes(variables[:2], "little")
        if len(variables) < 2 + length or len(variables) < 2:
            return None
        texts.append(variables[2 : 2 + length].decode("latin-1"))
        variables = variables[2 + length :]
    return None if len(texts) % 2 else list(zip(texts[::2], texts[1::2]))


def _is_plain(key: str, value: str) -> bool:
    if not "A" <= key[:1] <= "Z" or not all("!" <= c <= "~" for c in key):
        return False
    if any(c < " " or c == "\x7f" for c in value) or key == "HTTP_TRANSFER_ENCODING":
        return False
    if key == "REQUEST_METHOD":
        return value in METHODS
    if key == "PATH_INFO":
        return value.startswith("/")
    if key == "SCRIPT_NAME":
        return value == "" or value.startswith("/")
    if key == "CONTENT_LENGTH":
        return len(value) <= 18 and all("0" <= c <= "9" for c in value)
    return key not in NOT_EMPTY or value != ""


def expected_reply(head: bytes, body: bytes) -> Optional[bytes]:
    """What is sent; None where the JVM must decide."""
    status, *parts = head.split(b"\n")
    code = status[:3]
    if len(parts) % 2 or len(status) < 5 or status[3:4] != b" " or not _is_value(status):
        return None
    if not code.isdigit() or not 200 <= int(code) <= 599 or code == b"205":
        return None
    bodiless = code in (b"204", b"304")
    lines = [b"HTTP/1.1 " + status]
    lengths = []
    for name, value in zip(parts[::2], parts[1::2]):
        if not name or not TOKEN.issuperset(name) or not _is_value(value):
            return None
        if name.lower() == b"content-length":
            lengths.append(value)
        elif name.lower().decode() not in CONNECTIONS:
            lines.append(name + b": " + value)
    if bodiless:
        return None if lengths or body else b"\r\n".join(lines + [b"", b""])
    if lengths not in ([], [b"%d" % len(body)]):
        return None
    return b"\r\n".join(lines + [b"Content-Length: %d" % len(body), b"", body])


def _is_value(value: bytes) -> bool:
    return not any((c < 0x20 and c != 9) or c == 0x7F for c in value)


def built(*flags: str) -> str:
    """A directory with the accelerator, built with these options of the compiler besides the usual ones."""
    directory = tempfile.mkdtemp(prefix="direct-test-")
    build = os.path.join(HERE, "../../main/c/build")
    said = subprocess.run(
        [build, directory],
        env={**os.environ, "CFLAGS": " ".join(flags)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=True,
    ).stdout
    # No warning of the compiler either.
    assert said == b"", said.decode()
    return directory


def accelerator(directory: str) -> Any:
    """The module of such a directory."""
    module = native.load(directory)
    assert module is not None, (directory, os.listdir(directory), sys.version)
    return module


def accelerator_for(test: Type[unittest.TestCase], given: str = "") -> Any:
    """The same of `given`, or of a directory that is built, and removed after these tests."""
    if given:
        return accelerator(given)
    directory = built("-Werror")
    test.addClassCleanup(shutil.rmtree, directory)
    return accelerator(directory)


Changes = Dict[bytes, Optional[bytes]]

# Each rule of "plain", broken.
NOT_PLAIN: Dict[str, bytes] = {
    "no byte of a packet": b"\0",
    "three bytes": b"\0\1\0",
    "no variables": framed(b""),
    "modifier1": b"\1" + packet()[1:],
    "modifier1 of a path to be cut": b"\x1e" + packet()[1:],
    "HTTP": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "modifier2": packet()[:3] + b"\1" + packet()[4:],
    "one byte after the last variable": framed(block([(b"A", b"")]) + b"\0"),
    "a key without a value": framed(packet()[4:] + u16(1) + b"A"),
    "half a length of a value": framed(packet()[4:] + u16(1) + b"A\0"),
    "a key that goes on past the end": framed(packet()[4:] + u16(2) + b"A"),
    "a key that takes its value's length": framed(packet()[4:] + u16(3) + b"A\0\0"),
    "a value that goes on past the end": framed(packet()[4:] + u16(1) + b"A" + u16(1)),
    "a value that would go on in the body": framed(packet({b"CONTENT_LENGTH": b"1"})[4:] + u16(1) + b"A" + u16(1), b"x"),
    "the longest key": framed(packet()[4:] + u16(0xFFFF) + b"A" + u16(0)),
    "the longest value": framed(packet()[4:] + u16(1) + b"A" + u16(0xFFFF)),
    "an empty key": packet({b"": b"x"}),
    "a key in small letters": packet({b"a": b"x"}),
    "a key of the server's": packet({b"wsgi.input": b"x"}),
    "a key that begins with a digit": packet({b"1A": b"x"}),
    "a key with a space": packet({b"A B": b"x"}),
    "a key with DEL": packet({b"A\x7f": b"x"}),
    "a key with a NUL": packet({b"A\0": b"x"}),
    "a key that isn't ASCII": packet({b"A\xe9": b"x"}),
    "a known key twice": framed(packet()[4:] + block([(b"HTTP_HOST", b"other")])),
    "a needed key twice": framed(packet()[4:] + block([(b"REQUEST_METHOD", b"GET")])),
    "an unknown key twice": framed(packet()[4:] + block([(b"HTTP_A", b"x"), (b"HTTP_B", b"x"), (b"HTTP_A", b"")])),
    "a key twice that is left out": framed(packet()[4:] + block([(b"CONTENT_TYPE", b"")])),
    "HTTP_CONTENT_TYPE twice": framed(packet({b"HTTP_CONTENT_TYPE": b"a"})[4:] + block([(b"HTTP_CONTENT_TYPE", b"a")])),
    "a method that the JVM serves": packet({b"REQUEST_METHOD": b"HEAD"}),
    "a method of its own": packet({b"REQUEST_METHOD": b"PROPFIND"}),
    "a method in small letters": packet({b"REQUEST_METHOD": b"get"}),
    "an empty method": packet({b"REQUEST_METHOD": b""}),
    "half a method": packet({b"REQUEST_METHOD": b"OPTION"}),
    "a body that is missing": packet({b"CONTENT_LENGTH": b"1"}),
    "a body that isn't there whole": packet({b"CONTENT_LENGTH": b"5"}, b"abcd"),
    "a body that goes on": packet({b"CONTENT_LENGTH": b"5"}, b"abcdef"),
    "a body without a length": packet({}, b"abc"),
    "a body with a length of 0": packet({b"CONTENT_LENGTH": b"0"}, b"abc"),
    "a body of a packet without CONTENT_LENGTH": packet({b"CONTENT_LENGTH": None}, b"abc"),
    "a signed length": packet({b"CONTENT_LENGTH": b"+3"}, b"abc"),
    "a negative length": packet({b"CONTENT_LENGTH": b"-3"}, b"abc"),
    "a length with a space": packet({b"CONTENT_LENGTH": b" 3"}, b"abc"),
    "a list of lengths": packet({b"CONTENT_LENGTH": b"3,3"}, b"abc"),
    "a length of 19 digits": packet({b"CONTENT_LENGTH": b"0000000000000000003"}, b"abc"),
    "a length that would be 3 in 64 bits": packet({b"CONTENT_LENGTH": b"18446744073709551619"}, b"abc"),
    "the largest length of 18 digits": packet({b"CONTENT_LENGTH": b"999999999999999999"}, b"abc"),
    "digits that aren't ASCII": packet({b"CONTENT_LENGTH": b"\xb3"}, b"abc"),
    "an empty path": packet({b"PATH_INFO": b""}),
    "a path without a slash": packet({b"PATH_INFO": b"path"}),
    "the whole of a server": packet({b"PATH_INFO": b"*", b"REQUEST_METHOD": b"OPTIONS"}),
    "a script name without a slash": packet({b"SCRIPT_NAME": b"app"}),
    "an empty protocol": packet({b"SERVER_PROTOCOL": b""}),
    "an empty port": packet({b"SERVER_PORT": b""}),
    "a transfer coding": packet({b"HTTP_TRANSFER_ENCODING": b"chunked"}),
    "an empty transfer coding": packet({b"HTTP_TRANSFER_ENCODING": b""}),
    **{f"no {name.decode()}": packet({name: None}) for name in
       (b"REQUEST_METHOD", b"PATH_INFO", b"QUERY_STRING", b"SERVER_PROTOCOL", b"SERVER_NAME", b"SERVER_PORT")},
}  # fmt: skip

# What is plain all the same: changes to the usual packet, body, and what the environ shows of them.
PLAIN: Dict[str, Tuple[Changes, bytes, Dict[str, Optional[str]]]] = {
    "the usual": ({}, b"", {"SCRIPT_NAME": "", "CONTENT_LENGTH": None, "CONTENT_TYPE": None, "wsgi.url_scheme": "http"}),
    "a body": ({b"REQUEST_METHOD": b"POST", b"CONTENT_LENGTH": b"3"}, b"a\0\n", {"CONTENT_LENGTH": "3"}),
    "zeros before a length": ({b"CONTENT_LENGTH": b"000000000000000003"}, b"abc", {"CONTENT_LENGTH": "000000000000000003"}),
    "no CONTENT_LENGTH": ({b"CONTENT_LENGTH": None}, b"", {"CONTENT_LENGTH": None}),
    "an empty length and body": ({b"CONTENT_LENGTH": b"0"}, b"", {"CONTENT_LENGTH": "0"}),
    "a content type": ({b"CONTENT_TYPE": b"text/plain"}, b"", {"CONTENT_TYPE": "text/plain"}),
    "a unix socket's client": ({b"REMOTE_ADDR": b"", b"REMOTE_PORT": b""}, b"", {"REMOTE_ADDR": None, "REMOTE_PORT": None}),
    "fields that nginx passes twice": (
        {b"HTTP_CONTENT_TYPE": b"a", b"HTTP_CONTENT_LENGTH": b"7"}, b"", {"HTTP_CONTENT_TYPE": None, "HTTP_CONTENT_LENGTH": None},
    ),
    "an empty field": ({b"HTTP_X_EMPTY": b"", b"HTTP_COOKIE": b""}, b"", {"HTTP_X_EMPTY": "", "HTTP_COOKIE": ""}),
    "an empty query": ({b"QUERY_STRING": b""}, b"", {"QUERY_STRING": ""}),
    "a key of one letter": ({b"A": b"x"}, b"", {"A": "x"}),
    "a key of all graphic characters": ({b"A" + bytes(range(0x21, 0x7F)): b"x"}, b"", {"A" + bytes(range(0x21, 0x7F)).decode(): "x"}),
    "keys of one beginning": ({b"HTTP_HOST2": b"x", b"HTTP_HOS": b"y"}, b"", {"HTTP_HOST2": "x", "HTTP_HOS": "y", "HTTP_HOST": "localhost:8080"}),
    "a value of all that may be in one": (
        {b"HTTP_X": bytes([*range(0x20, 0x7F), *range(0x80, 0x100)])}, b"",
        {"HTTP_X": bytes([*range(0x20, 0x7F), *range(0x80, 0x100)]).decode("latin-1")},
    ),
    "a path that isn't UTF-8": ({b"PATH_INFO": b"/\xff\xfe"}, b"", {"PATH_INFO": "/\xff\xfe"}),
    "a script name": ({b"SCRIPT_NAME": b"/app"}, b"", {"SCRIPT_NAME": "/app"}),
    "an empty server name": ({b"SERVER_NAME": b""}, b"", {"SERVER_NAME": "localhost"}),
    "an empty script name": ({b"SCRIPT_NAME": b""}, b"", {"SCRIPT_NAME": ""}),
    "HTTPS on": ({b"HTTPS": b"on"}, b"", {"HTTPS": "on", "wsgi.url_scheme": "https"}),
    "HTTPS 1": ({b"HTTPS": b"1"}, b"", {"wsgi.url_scheme": "https"}),
    "HTTPS off": ({b"HTTPS": b"off", b"REQUEST_SCHEME": b"https"}, b"", {"wsgi.url_scheme": "http"}),
    "HTTPS in capitals": ({b"HTTPS": b"ON"}, b"", {"wsgi.url_scheme": "http"}),
    "HTTPS empty": ({b"HTTPS": b"", b"REQUEST_SCHEME": b"https"}, b"", {"HTTPS": "", "wsgi.url_scheme": "https"}),
    "a scheme": ({b"REQUEST_SCHEME": b"https"}, b"", {"wsgi.url_scheme": "https"}),
    "another scheme": ({b"REQUEST_SCHEME": b"HTTPS"}, b"", {"wsgi.url_scheme": "http"}),
    "a proxy's scheme, which is a field like any other": ({b"HTTP_X_FORWARDED_PROTO": b"https"}, b"", {"wsgi.url_scheme": "http"}),
    **{f"method {name}": ({b"REQUEST_METHOD": name.encode()}, b"", {"REQUEST_METHOD": name})
       for name in ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")},
}  # fmt: skip

# Heads that the JVM must see, with a body of three bytes.
NOT_SENT = [
    b"", b"200", b"200 ", b"200OK", b"20 OK", b"2000 OK", b"OK", b" 200 OK", b"\n200 OK", b"-200 OK", b"199 x", b"100 Continue",
    b"101 Switching Protocols", b"204 No Content", b"205 Reset Content", b"304 Not Modified", b"600 x", b"999 x", b"2\xb20 OK",
    b"200 O\0K", b"200 OK\r", b"200 O\x7fK", b"200 O\x1bK",
    b"200 OK\n", b"200 OK\nA", b"200 OK\nA\nb\nC", b"200 OK\nA\nb\n", b"200 OK\n\nb", b"200 OK\nA\nb\n\n",
    b"200 OK\nA B\nb", b"200 OK\nA:\nb", b"200 OK\nA\xe9\nb", b"200 OK\nA\0\nb", b"200 OK\n \nb", b"200 OK\nA\r\nb", b"200 OK\n(A)\nb",
    b"200 OK\nA\nb\r", b"200 OK\nA\nb\0", b"200 OK\nA\n\x7f", b"200 OK\nA\nlong enough for words\x01 and more of it",
    b"200 OK\nTE\n\x01", b"200 OK\nContent-Length\n4", b"200 OK\nContent-Length\n03", b"200 OK\nContent-Length\n", b"200 OK\nContent-Length\n 3",
    b"200 OK\ncontent-length\n2", b"200 OK\nContent-Length\n3\nContent-Length\n3", b"200 OK\nContent-Length\n3, 3", b"200 OK\nContent-Length\nx",
]  # fmt: skip

SENT = [
    b"200 OK", b"404 Not Found", b"599 x", b"200  ", b"200 \xe9\ttab", b"200 OK\nContent-Type\ntext/plain", b"200 OK\nContent-Length\n3",
    b"200 OK\nCONTENT-length\n3\nX\ny", b"200 OK\nSet-Cookie\na=1\nSet-Cookie\nb=2", b"500 OK\n!#$%&'*+-.^_`|~09azAZ\nx", b"200 OK\nA\n",
    b"200 OK\nA\n \xff\t \x80", b"200 OK\nTE\na\nTrailer\na\nUpgrade\na\nConnection\nclose\nKeep-Alive\na\nProxy-Connection\na\nTransfer-Encoding\nchunked\nZ\nz",
    b"200 OK\nte\na\ntRAILER\na\nUPGRADE\na\nconnection\na\nKEEP-alive\na\nproxy-connection\na\ntransfer-encoding\na", b"200 OK\nTEA\na\nConnections\na",
    b"200 OK\nServer\nx\nDate\ny\nContent-Lengthy\n9",
]  # fmt: skip


def mutated_packets(chance: random.Random, count: int) -> Iterator[bytes]:
    """So many, of which a fifth or so are plain."""
    seeds = [packet(changes, body) for changes, body, _ in PLAIN.values()] * 2 + list(NOT_PLAIN.values())
    odd = bytes([0, 1, 2, 9, 10, 31, 32, 33, 126, 127, 128, 255])
    for _ in range(count):
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.randrange(4)):
            at, other = chance.randrange(len(data)), chance.randrange(len(data))
            kind = chance.randrange(5)
            if kind == 0:
                data[at] = chance.choice(odd)
            elif kind == 1:
                data[at] = chance.randrange(256)
            elif kind == 2:
                data[at:at] = data[other : other + chance.randrange(40)]
            elif kind == 3 and len(data) > 1:
                del data[at]
            else:
                data[at : at + 8] = data[other : other + 8]
        yield bytes(data)


def mutated_heads(chance: random.Random, count: int) -> Iterator[bytes]:
    """So many, for a body of three bytes."""
    for _ in range(count):
        head = bytearray(
            chance.choice(SENT + NOT_SENT) + chance.choice((b"", b"\nX-A\nb", b"\nContent-Length\n3"))
        )
        for _ in range(chance.randrange(3)):
            at = chance.randrange(len(head) + 1)
            piece = chance.choice((b"", b"\n", b"A", b"\t", b"\0", b"\r", b"\xe9", b":", b" "))
            head[at : at + chance.randrange(3)] = piece
        yield bytes(head)
