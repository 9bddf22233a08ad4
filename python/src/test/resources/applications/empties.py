"""Responses without a body, each in a way of its own."""
from __future__ import annotations

from typing import Any, Iterable


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path == "/204":
        start_response("204 No Content", [("X-A", "1")])
        return []
    if path == "/204-with-body":
        start_response("204 No Content", [("X-A", "1")])
        return [b"must not be sent"]
    if path == "/304":
        start_response("304 Not Modified", [("ETag", '"a"')])
        return []
    if path == "/304-with-length":
        start_response("304 Not Modified", [("ETag", '"a"'), ("Content-Length", "1000")])
        return []
    if path == "/with-length":
        start_response("200 OK", [("Content-Length", "0")])
        return []
    start_response("201 Created", [("Content-Type", "text/plain"), ("Location", "/somewhere")])
    if path == "/list":
        return []
    if path == "/one-empty":
        return [b""]
    return iter(())
