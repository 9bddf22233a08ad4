"""Which objects are Tornado applications."""

from __future__ import annotations

import sys
from typing import Any


def is_application(found: Any) -> bool:
    """Whether it is what Tornado's HTTPServer takes: an `Application`, a `Router`, or another that knows what to do with a request."""
    httputil = sys.modules.get("tornado.httputil")
    return httputil is not None and isinstance(found, httputil.HTTPServerConnectionDelegate)
