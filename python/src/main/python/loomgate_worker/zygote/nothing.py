"""No application: what a server runs whose command line names none, and whose mules, spoolers or imports are what it is for."""

from __future__ import annotations

from typing import Any, Callable, Dict, List


def application(environ: Dict[str, Any], start_response: Callable[..., Any]) -> List[bytes]:
    """500, as in uWSGI."""
    body = b"Internal Server Error"
    start_response(
        "500 Internal Server Error", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
    )
    return [body]
