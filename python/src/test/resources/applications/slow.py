"""Streams that take their time: what is there is sent at once."""
from __future__ import annotations

import time
from typing import Any, Iterable, Iterator


def slowly() -> Iterator[bytes]:
    for number in range(5):
        yield b"event %d\n" % number
        time.sleep(0.2)


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    headers = [("Content-Type", "text/event-stream")]
    if environ["PATH_INFO"] == "/with-length":
        headers.append(("Content-Length", "40"))
    write = start_response("200 OK", headers)
    if environ["PATH_INFO"] == "/write":
        for chunk in slowly():
            write(chunk)
        return []
    return slowly()
