"""Which connections stay open: by length, version and Connection header. Nothing of it is the application's."""
from __future__ import annotations

from typing import Any, Iterable


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    headers = [("Content-Type", "text/plain")]
    if path == "/with-length":
        headers.append(("Content-Length", "9"))
    if path == "/close":
        headers += [("Content-Length", "9"), ("Connection", "close")]
    start_response("200 OK", headers)
    return iter([b"the ", b"body\n"]) if path == "/without-length" else [b"the body\n"]
