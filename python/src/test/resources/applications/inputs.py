"""wsgi.input, read in each of the ways that PEP 3333 offers."""
from __future__ import annotations

import json
from typing import Any, Callable, Iterable

READS: dict[str, Callable[[Any], Any]] = {
    "/read": lambda source: [source.read(), source.read(), source.read(5)],
    "/read-sizes": lambda source: [source.read(size) for size in (1, 0, 3, 4, 1000, 1)],
    "/read-minus": lambda source: [source.read(-1), source.read(-1)],
    "/read-none": lambda source: [source.read(None)],
    "/readline": lambda source: [source.readline() for _ in range(6)],
    "/readline-sizes": lambda source: [source.readline(size) for size in (2, 0, 100, 3, 100, 100)],
    "/readline-minus": lambda source: [source.readline(-1), source.readline(-1)],
    "/readlines": lambda source: [source.readlines(), source.readlines()],
    "/readlines-hint": lambda source: [source.readlines(7), source.read()],
    "/iteration": lambda source: list(source),
    "/next": lambda source: [next(source), next(source), source.read()],
    "/mixed": lambda source: [source.readline(), source.read(2), next(iter(source)), source.readlines()],
    "/names": lambda source: [
        name for name in ("read", "readline", "readlines", "__iter__") if hasattr(source, name)
    ],
}


def text(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return [text(one) for one in value] if isinstance(value, list) else value


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    try:
        seen = text(READS[environ["PATH_INFO"]](environ["wsgi.input"]))
    except (TypeError, StopIteration, OSError) as error:
        seen = type(error).__name__
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(seen).encode()]
