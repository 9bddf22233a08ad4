"""Mounted below a prefix: SCRIPT_NAME has it, PATH_INFO has the rest."""
from __future__ import annotations

import json
from typing import Any, Iterable
from wsgiref.util import application_uri, request_uri


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    seen = {
        "SCRIPT_NAME": environ["SCRIPT_NAME"],
        "PATH_INFO": environ["PATH_INFO"],
        "application": application_uri(environ),
        "request": request_uri(environ),
    }
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(seen).encode()]
