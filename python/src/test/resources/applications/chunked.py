"""Request bodies without a Content-Length."""
from __future__ import annotations

from typing import Any, Iterable


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    content = environ["wsgi.input"].read()
    seen = [
        f"length: {environ.get('CONTENT_LENGTH') or None}",
        f"transfer-encoding: {environ.get('HTTP_TRANSFER_ENCODING')}",
        f"terminated: {environ.get('wsgi.input_terminated')}",
        f"{len(content)} bytes",
    ]
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Seen", "; ".join(seen))])
    return [content]
