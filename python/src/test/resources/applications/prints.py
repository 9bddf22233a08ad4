"""An application that talks: to stdout, stderr, wsgi.errors and logging."""
from __future__ import annotations

import logging
import os
import sys
from typing import Any, Iterable


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    errors = environ["wsgi.errors"]
    if path == "/stdout":
        print("said to stdout", flush=True)
    elif path == "/unflushed":
        print("said to stdout and not flushed")
    elif path == "/stderr":
        print("said to stderr", file=sys.stderr)
    elif path == "/errors":
        errors.write("said to wsgi.errors\n")
        errors.writelines(["one line and ", "another\n"])
        errors.flush()
    elif path == "/errors-unicode":
        errors.write("said to wsgi.errors: caf\u00e9 \u20ac\n")
        errors.flush()
    elif path == "/print-to-errors":
        print("printed to wsgi.errors", file=errors, flush=True)
    elif path == "/logging":
        logging.getLogger("prints").warning("said to logging")
    elif path == "/descriptors":
        os.write(1, b"written to descriptor 1\n")
        os.write(2, b"written to descriptor 2\n")
    elif path == "/long":
        print("long " + "x" * 40_000 + " end", flush=True)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"said\n"]
