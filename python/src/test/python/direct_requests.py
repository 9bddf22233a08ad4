"""HTTP requests for the tests of direct mode: what is plain of them, and what isn't."""

from __future__ import annotations

import random
from typing import Any, Dict, Iterator, List, NamedTuple, Tuple

BASE = {"type": "http", "http_version": "1.1", "scheme": "http", "root_path": ""}
PORT = 8000


class Limits(NamedTuple):
    """As `read_http` gets them."""

    max_head_bytes: int = 65535
    max_field_count: int = 200
    max_body_bytes: int = 0
    max_target_bytes: int = 8192


def request(
    line: bytes = b"GET / HTTP/1.1", fields: bytes = b"", body: bytes = b"", host: bytes = b"Host: a\r\n"
) -> bytes:
    """A request with these fields, whose lines have their ends."""
    return line + b"\r\n" + host + fields + b"\r\n" + body


def target(text: bytes) -> bytes:
    """A request for that."""
    return request(b"GET " + text + b" HTTP/1.1")


def upload(fields: bytes, body: bytes = b"") -> bytes:
    """A POST with these fields."""
    return request(b"POST / HTTP/1.1", fields, body)


# What the scope has of it, beside the base.
PLAIN: Dict[str, Tuple[bytes, Dict[str, Any], bytes]] = {
    "the shortest": (
        request(), {"method": "GET", "path": "/", "raw_path": b"/", "query_string": b"", "headers": [(b"host", b"a")], "server": ("a", PORT)}, b"",
    ),
    "a query": (target(b"/a/b?c=%zz&d?e"), {"path": "/a/b", "raw_path": b"/a/b", "query_string": b"c=%zz&d?e"}, b""),
    "an empty query": (target(b"/?"), {"path": "/", "raw_path": b"/", "query_string": b""}, b""),
    "a decoded path": (target(b"/%61%2f%2F%C3%A9?x"), {"path": "/a//\xe9", "raw_path": b"/%61%2f%2F%C3%A9", "query_string": b"x"}, b""),
    "a path with a percent sign": (target(b"/%25"), {"path": "/%"}, b""),
    "what browsers don't encode": (target(b"/\"{|}'<>\\^`"), {"path": "/\"{|}'<>\\^`"}, b""),
    "dots": (target(b"/.././/a"), {"path": "/.././/a"}, b""),
    "a port": (request(host=b"Host: a.example:8080\r\n"), {"server": ("a.example", PORT), "headers": [(b"host", b"a.example:8080")]}, b""),
    "an empty port": (request(host=b"hOST:127.0.0.1:\r\n"), {"server": ("127.0.0.1", PORT), "headers": [(b"host", b"127.0.0.1:")]}, b""),
    "Host is first": (
        request(host=b"", fields=b"X-A: b\r\nHost: a\r\nAccept:*/*\r\n"),
        {"headers": [(b"host", b"a"), (b"x-a", b"b"), (b"accept", b"*/*")]}, b"",
    ),
    "blanks around values": (request(fields=b"X:\t b\t c \t\r\nY:  \r\n"), {"headers": [(b"host", b"a"), (b"x", b"b\t c"), (b"y", b"")]}, b""),
    "the same name twice": (request(fields=b"X: 1\r\nx: 2\r\n"), {"headers": [(b"host", b"a"), (b"x", b"1"), (b"x", b"2")]}, b""),
    "bytes past ASCII": (request(fields=b"X: \x80\xff\r\n"), {"headers": [(b"host", b"a"), (b"x", b"\x80\xff")]}, b""),
    "a name of all that may be in one": (request(fields=b"!#$%&'*+-.^`|~09AZaz: x\r\n"), {"headers": [(b"host", b"a"), (b"!#$%&'*+-.^`|~09azaz", b"x")]}, b""),
    "a long value": (request(fields=b"X: " + b"v" * 1000 + b"\r\n"), {"headers": [(b"host", b"a"), (b"x", b"v" * 1000)]}, b""),
    "a long name": (request(fields=b"X" * 500 + b": v\r\n"), {"headers": [(b"host", b"a"), (b"x" * 500, b"v")]}, b""),
    "keep-alive": (request(fields=b"Connection: Keep-Alive\r\n"), {"headers": [(b"host", b"a"), (b"connection", b"Keep-Alive")]}, b""),
    "a cookie": (request(fields=b"Cookie: a=b; c=d\r\n"), {"headers": [(b"host", b"a"), (b"cookie", b"a=b; c=d")]}, b""),
    "a body": (upload(b"Content-Length: 3\r\n", b"a\0\n"), {"method": "POST", "headers": [(b"host", b"a"), (b"content-length", b"3")]}, b"a\0\n"),
    "no body": (upload(b"content-length: 0\r\n"), {"method": "POST"}, b""),
    "a body of a GET": (request(fields=b"Content-Length: 1\r\n", body=b"x"), {"method": "GET"}, b"x"),
    **{f"method {name}": (request(name.encode() + b" / HTTP/1.1"), {"method": name}, b"")
       for name in ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")},
}  # fmt: skip

NOT_PLAIN: Dict[str, bytes] = {
    "half a method": b"GE",
    "a method alone": b"GET ",
    "a line alone": b"GET / HTTP/1.1\r\n",
    "a head that isn't whole": b"GET / HTTP/1.1\r\nHost: a\r\n",
    "a head that ends with a CR": b"GET / HTTP/1.1\r\nHost: a\r\n\r",
    "TLS": b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03",
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "an empty line before": b"\r\n" + request(),
    "HEAD": request(b"HEAD / HTTP/1.1"),
    "TRACE": request(b"TRACE / HTTP/1.1"),
    "a method in small letters": request(b"get / HTTP/1.1"),
    "CONNECT": request(b"CONNECT a:443 HTTP/1.1"),
    "the absolute form": target(b"http://a/"),
    "the asterisk": request(b"OPTIONS * HTTP/1.1"),
    "an empty target": target(b""),
    "a space in the target": target(b"/a b"),
    "two spaces": request(b"GET  / HTTP/1.1"),
    "a tab": request(b"GET\t/ HTTP/1.1"),
    "a fragment": target(b"/#a"),
    "a target past ASCII": target(b"/\xc3\xa9"),
    "a control in the target": target(b"/\x7f"),
    "a NUL in the path": target(b"/%00"),
    "half an escape": target(b"/%4"),
    "half an escape before a query": target(b"/%4?1"),
    "no escape": target(b"/%g0"),
    "a path that isn't UTF-8": target(b"/%ff"),
    "an overlong path": target(b"/%c0%af"),
    "a surrogate": target(b"/%ed%a0%80"),
    "HTTP/1.0": request(b"GET / HTTP/1.0"),
    "HTTP/1.2": request(b"GET / HTTP/1.2"),
    "HTTP/2.0": request(b"GET / HTTP/2.0"),
    "a version in small letters": request(b"GET / http/1.1"),
    "a bare LF": b"GET / HTTP/1.1\nHost: a\n\n",
    "a bare LF at the head's end": b"GET / HTTP/1.1\r\nHost: a\r\n\n",
    "a bare LF in a value": request(fields=b"X: a\nY: b\r\n"),
    "a bare CR in a value": request(fields=b"X: a\rb\r\n"),
    "a NUL in a value": request(fields=b"X: a\0b\r\n"),
    "DEL in a value": request(fields=b"X: long enough for words \x7f\r\n"),
    "a folded field": request(fields=b"X: a\r\n b\r\n"),
    "a blank before a colon": request(fields=b"X : a\r\n"),
    "a field without a colon": request(fields=b"X\r\n"),
    "a field without a name": request(fields=b": a\r\n"),
    "a name with an underscore": request(fields=b"X_A: a\r\n"),
    "a name that is no token": request(fields=b"X(: a\r\n"),
    "no Host": request(host=b""),
    "Host twice": request(fields=b"host: a\r\n"),
    "an empty Host": request(host=b"Host: \r\n"),
    "a port alone": request(host=b"Host: :80\r\n"),
    "a port that is none": request(host=b"Host: a:8x\r\n"),
    "a host with a blank": request(host=b"Host: a b\r\n"),
    "a user": request(host=b"Host: u@a\r\n"),
    "a list of hosts": request(host=b"Host: a,b\r\n"),
    "an address of IPv6": request(host=b"Host: [::1]:80\r\n"),
    "an encoded host": request(host=b"Host: %61\r\n"),
    "a transfer coding": upload(b"Transfer-Encoding: chunked\r\n", b"0\r\n\r\n"),
    "an empty transfer coding": upload(b"Transfer-Encoding:\r\n"),
    "Expect": upload(b"Expect: 100-continue\r\nContent-Length: 1\r\n", b"x"),
    "Upgrade": request(fields=b"Upgrade: websocket\r\n"),
    "TE": request(fields=b"TE: trailers\r\n"),
    "Proxy": request(fields=b"Proxy: a\r\n"),
    "close": request(fields=b"Connection: close\r\n"),
    "a list of the connection's": request(fields=b"Connection: keep-alive, X\r\n"),
    "an empty Connection": request(fields=b"Connection:\r\n"),
    "two cookies": request(fields=b"Cookie: a\r\nCookie: b\r\n"),
    "two types": request(fields=b"Content-Type: a\r\nContent-Type: a\r\n"),
    "two lengths": upload(b"Content-Length: 1\r\nContent-Length: 1\r\n", b"x"),
    "an empty length": upload(b"Content-Length:\r\n"),
    "a length with a zero": upload(b"Content-Length: 01\r\n", b"x"),
    "a signed length": upload(b"Content-Length: +1\r\n", b"x"),
    "a list of lengths": upload(b"Content-Length: 1, 1\r\n", b"x"),
    "a length of 19 digits": upload(b"Content-Length: 1000000000000000000\r\n", b"x"),
    "a length that has no room": upload(b"Content-Length: 131072\r\n", b"x"),
    "bytes behind the head": request(body=b"x"),
    "a second request": request() + request(),
    "bytes behind the body": upload(b"Content-Length: 1\r\n", b"xy"),
    "more fields than there is room for": request(fields=b"X: y\r\n" * 256),
}  # fmt: skip

# The head is plain.
UNFINISHED: List[bytes] = [
    upload(b"Content-Length: 1\r\n"),
    upload(b"Content-Length: 5\r\n", b"abcd"),
    upload(b"Content-Length: 131000\r\n", b"x" * 65536),
]


def mutated(chance: random.Random, count: int) -> Iterator[bytes]:
    """So many, of which an eighth or so are plain."""
    seeds = [data for data, _, _ in PLAIN.values()] * 3 + list(NOT_PLAIN.values()) + UNFINISHED[:2]
    pieces = (
        b"",
        b"\r\n",
        b"\r",
        b"\n",
        b" ",
        b":",
        b"%",
        b"?",
        b"/",
        b"\0",
        b"\xe9",
        b"0",
        b"_",
        b"Host: a\r\n",
        b"X: y\r\n",
        b"%c3%a9",
    )
    for _ in range(count):
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.randrange(4)):
            at = chance.randrange(len(data) + 1)
            data[at : at + chance.randrange(3)] = chance.choice(pieces)
        yield bytes(data)
