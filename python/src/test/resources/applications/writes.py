"""The write() that start_response returns."""
from __future__ import annotations

from typing import Any, Iterable


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    headers = [("Content-Type", "text/plain")]
    if path == "/with-length":
        headers.append(("Content-Length", "12"))
    write = start_response("200 OK", headers)
    if path == "/nothing":
        write(b"")
        return []
    if path == "/large":
        for number in range(20):
            write(bytes([65 + number]) * 50_000)
        return []
    if path == "/text":
        write("text")
        return []
    write(b"written")
    if path == "/and-returned":
        return [b" and", b" returned\n"]
    if path == "/and-yielded":
        return (b" %d" % number for number in range(3))
    if path == "/then-fail":
        raise RuntimeError("after write")
    write(b" and ")
    write(b"")
    return []
