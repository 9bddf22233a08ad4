"""start_response called again, with exc_info and without."""
from __future__ import annotations

import sys
from typing import Any, Iterable, Iterator

PLAIN = [("Content-Type", "text/plain"), ("X-First", "1")]
OTHER = [("Content-Type", "text/plain"), ("X-Second", "2")]


def fail_over(start_response: Any) -> None:
    try:
        raise ValueError("no such luck")
    except ValueError:
        start_response("503 Service Unavailable", OTHER, sys.exc_info())


def after_a_chunk(start_response: Any) -> Iterator[bytes]:
    start_response("200 OK", PLAIN)
    yield b"first chunk\n"
    fail_over(start_response)
    yield b"never sent\n"


def before_a_chunk(start_response: Any) -> Iterator[bytes]:
    start_response("200 OK", PLAIN)
    yield b""
    fail_over(start_response)
    yield b"instead\n"


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path == "/after-a-chunk":
        return after_a_chunk(start_response)
    if path == "/before-a-chunk":
        return before_a_chunk(start_response)
    if path == "/first":
        fail_over(start_response)
        return [b"only exc_info\n"]
    if path == "/none":
        start_response("200 OK", PLAIN, None)
        return [b"exc_info None\n"]
    write = start_response("200 OK", PLAIN)
    if path == "/after-write":
        write(b"written\n")
    if path == "/twice":
        start_response("200 OK", OTHER)
    else:
        fail_over(start_response)
    return [b"in its place\n"]
