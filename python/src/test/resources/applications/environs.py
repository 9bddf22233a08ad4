"""The environ as JSON: each value that servers must agree on, and the type of each that may differ."""
from __future__ import annotations

import json
from typing import Any, Iterable

# Addresses and ports of this run, and what names the server.
DIFFER = {"REMOTE_ADDR", "REMOTE_PORT", "SERVER_NAME", "SERVER_PORT", "SERVER_SOFTWARE"}
MUST_BE_THERE = {
    "REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE", "CONTENT_LENGTH", "SERVER_NAME",
    "SERVER_PORT", "SERVER_PROTOCOL", "REMOTE_ADDR", "wsgi.version", "wsgi.url_scheme", "wsgi.input", "wsgi.errors",
    "wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once", "wsgi.file_wrapper",
}  # fmt: skip


def described(key: str, value: Any) -> Any:
    if key in DIFFER or not isinstance(value, (str, bool, tuple)):
        return f"<{type(value).__name__ if key in DIFFER else 'object'}>"
    return value


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path == "/own":
        # An application may change its environ, and the next request doesn't see it.
        seen: Any = [type(environ) is dict, "mine" in environ, environ.setdefault("mine", 1)]
    elif path == "/others":
        seen = sorted(key for key in environ if key not in MUST_BE_THERE and not key.startswith("HTTP_"))
    elif path == "/headers":
        seen = {key: value for key, value in environ.items() if key.startswith(("HTTP_", "CONTENT_"))}
    elif path == "/threads":
        seen = [environ["wsgi.multithread"], environ["wsgi.multiprocess"], environ["wsgi.run_once"]]
    else:
        flags = ("wsgi.multithread", "wsgi.multiprocess")
        seen = {
            key: described(key, environ[key])
            for key in MUST_BE_THERE.intersection(environ)
            if key not in flags
        }
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(seen, indent=0, sort_keys=True).encode()]
