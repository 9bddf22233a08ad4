"""SystemExit and its like, which are no Exception."""
from __future__ import annotations

import sys
from typing import Any, Iterable, Iterator


def leaving() -> Iterator[bytes]:
    yield b"going"
    sys.exit(7)


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path == "/exit":
        sys.exit(7)
    if path == "/interrupt":
        raise KeyboardInterrupt
    if path == "/generator-exit":
        raise GeneratorExit
    start_response("200 OK", [("Content-Type", "text/plain")])
    if path == "/exit-later":
        return leaving()
    if path == "/exit-after-start":
        sys.exit()
    return [b"still here\n"]
