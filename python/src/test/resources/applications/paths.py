"""What paths and queries become: latin-1 text that stands for bytes."""
from __future__ import annotations

import json
from typing import Any, Iterable

NAMES = ("REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "HTTP_X_TEXT")


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    seen = {name: environ[name] for name in NAMES if name in environ}
    seen["raw"] = environ.get("REQUEST_URI") or environ.get("RAW_URI")
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(seen).encode()]
