"""All applications in one server: the header X-Application names the one that is meant, so that paths stay as they are.

`X-Application: validated:NAME` puts wsgiref.validate around it.
"""
from __future__ import annotations

from importlib import import_module
from typing import Any, Iterable
from wsgiref.validate import validator


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    kind, _, name = environ["HTTP_X_APPLICATION"].rpartition(":")
    chosen = import_module(name).application
    if kind == "validated":
        chosen = validator(chosen)
    result: Iterable[bytes] = chosen(environ, start_response)
    return result
