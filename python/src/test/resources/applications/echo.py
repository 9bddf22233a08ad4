"""Sends back what it is sent, or its length and SHA-256."""
from __future__ import annotations

from hashlib import sha256
from typing import Any, Iterable, Iterator


def blocks(source: Any, size: int) -> Iterator[bytes]:
    block = source.read(size)
    while block:
        yield block
        block = source.read(size)


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    source = environ["wsgi.input"]
    length = environ.get("CONTENT_LENGTH")
    headers = [
        ("Content-Type", environ.get("CONTENT_TYPE") or "application/octet-stream"),
        ("X-Length", str(length)),
    ]
    if path == "/unread":
        start_response("403 Forbidden", headers)
        return [b"not wanted\n"]
    if path == "/blocks":
        start_response("200 OK", headers)
        return blocks(source, 10_000)
    if path == "/length":
        content = source.read(int(length or 0))
    else:
        content = b"".join(blocks(source, 65536))
    if path == "/sha256":
        content = b"%d %s\n" % (len(content), sha256(content).hexdigest().encode())
    start_response("200 OK", headers + [("Content-Length", str(len(content)))])
    return [content]
