"""Ids of requests, where logs tell them. The JVM makes those of the requests that it sends; a worker those that it takes itself."""

from __future__ import annotations

import os
import re
from itertools import count
from typing import Any, Dict

KEY = "loomgate.request_id"
"""Where environ, and an ASGI application's scope, have it."""

_ACCEPTABLE = re.compile(r"[A-Za-z0-9._:+/=@-]{1,128}\Z")


class RequestIds:
    """Names requests: as `dev.loomgate.server.exchange.RequestIds` does, so 40 random bits of this process and a number."""

    def __init__(self) -> None:
        self._begin = os.urandom(5).hex() + "-"
        self._numbers = count(1)

    def name(self, environ: Dict[str, Any]) -> bool:
        """Puts the id into environ. Whether it is the request's own, from X-Request-ID."""
        own = environ.get("HTTP_X_REQUEST_ID")
        if own is not None and _ACCEPTABLE.match(own):
            environ[KEY] = own
            return True
        environ[KEY] = f"{self._begin}{next(self._numbers):x}"
        return False
