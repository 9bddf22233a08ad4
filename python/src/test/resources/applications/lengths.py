"""Bodies that are longer or shorter than their Content-Length, and lengths that are none."""
from __future__ import annotations

from typing import Any, Iterable

LENGTHS = {"/longer": "4", "/longer-by-chunk": "4", "/shorter": "20", "/text": "nine", "/negative": "-9"}


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    headers = [("Content-Type", "text/plain"), ("Content-Length", LENGTHS.get(path, "9"))]
    if path == "/twice":
        headers.append(("Content-Length", "9"))
    if path == "/twice-different":
        headers.append(("Content-Length", "4"))
    if path == "/and-chunked":
        headers.append(("Transfer-Encoding", "chunked"))
    start_response("200 OK", headers)
    if path == "/longer-by-chunk":
        return iter([b"the ", b"body\n"])
    return [b"the body\n"]
