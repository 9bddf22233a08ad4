"""HEAD: the application answers as to GET, or knows better."""
from __future__ import annotations

import threading
from typing import Any, Iterable, Iterator

taken: list[str] = []
ended = threading.Event()


def chunks() -> Iterator[bytes]:
    try:
        for name in ("first", "second"):
            taken.append(name)
            yield name.encode()
    finally:
        ended.set()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    headers = [("Content-Type", "text/plain"), ("X-Method", environ["REQUEST_METHOD"])]
    if path in ("/with-length", "/nothing-with-length"):
        headers.append(("Content-Length", "9"))
    write = start_response("200 OK", headers)
    if path == "/nothing-with-length":
        return []
    if path == "/generator":
        return chunks()
    if path == "/write":
        write(b"written")
        return [b"!"]
    if path == "/taken":
        # With threads the generator of the request before may be at work still, though its client has its answer. nginx
        # disconnects as soon as it has that, which may end the generator after its first piece: that one is told alone.
        ended.wait(10)
        return [", ".join(taken[:1]).encode()]
    return [b"the body\n"]
