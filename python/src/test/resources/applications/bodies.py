"""Things that an application returns as its body though PEP 3333 says otherwise."""
from __future__ import annotations

from io import BytesIO
from typing import Any

BODIES: dict[str, Any] = {
    "/bytes": b"bare bytes\n",
    "/bytearray": bytearray(b"bare bytearray\n"),
    "/memoryview": memoryview(b"bare memoryview\n"),
    "/str": "bare text\n",
    "/none": None,
    "/number": 5,
    "/list-of-str": ["text ", "in a list\n"],
    "/list-of-bytearray": [bytearray(b"a bytearray "), bytearray(b"in a list\n")],
    "/list-of-memoryview": [memoryview(b"a memoryview in a list\n")],
    "/list-of-none": [b"before", None, b"after"],
    "/list-of-numbers": [1, 2],
    "/mixed": [b"bytes ", "and text\n"],
    "/bytes-io": BytesIO(b"a file\nof two lines\n"),
    "/dict": {b"key": b"value"},
    "/set": {b"one of a set\n"},
}


def application(environ: dict[str, Any], start_response: Any) -> Any:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return BODIES[environ["PATH_INFO"]]
