"""Counts the requests that a worker answers itself, by kinds: for metrics. The JVM reads the counts in the scoreboard.

The accelerator does the same itself, where there is one (`kinds.h`).
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Any, Dict, List, Tuple

from loomgate_worker.wire.scoreboard import KIND_BYTES, KIND_NAME_AT, SLOT_BYTES, SLOTS, Scoreboard

Asked = Tuple[str, str, str]
"""A request's method, protocol and scheme, as its client has sent them."""

_METHODS = {"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"}
_PROTOCOLS = {"HTTP/0.9", "HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "HTTP/3.0"}
_OTHER = "_OTHER"
_WORD_BYTES = 8


def asked(environ: Dict[str, Any]) -> Asked:
    """Of an environ that the program hasn't had yet."""
    return environ["REQUEST_METHOD"], environ["SERVER_PROTOCOL"], environ["wsgi.url_scheme"]


class Kinds:
    """A kind is a place of the scoreboard: the words bytes, nanoseconds, and how many took no longer than each bound.

    Used by one thread at a time.
    """

    def __init__(self, scoreboard: Scoreboard, bounds: List[int]) -> None:
        self._marks, self._page = scoreboard.marks, scoreboard.page
        self._bounds = bounds
        self._shortest = bounds[0]
        self._places = scoreboard.kinds
        self._known: Dict[Tuple[Asked, bytes], List[int]] = {}
        self._first: Dict[str, List[int]] = {}

    def count(self, request: Asked, status: bytes, sent: int, nanos: int) -> None:
        """A request has been answered. `status` has three digits."""
        key = (request, status)
        try:
            figures = self._known[key]
        except KeyError:
            figures = self._figures(request, status)
            if len(self._known) < 4 * self._places:
                self._known[key] = figures
        # What is in the scoreboard, and at the end its place there: a list is read quicker than memory.
        word = figures[-1]
        marks = self._marks
        figures[0] = marks[word] = figures[0] + sent
        figures[1] = marks[word + 1] = figures[1] + nanos
        at = 2 if nanos <= self._shortest else 2 + bisect_left(self._bounds, nanos)
        figures[at] = marks[word + at] = figures[at] + 1

    def _figures(self, request: Asked, status: bytes) -> List[int]:
        method, protocol, scheme = request
        if method not in _METHODS:
            method = _OTHER
        if protocol not in _PROTOCOLS:
            protocol = _OTHER
        name = f"{method} {status.decode('ascii')} {protocol} {scheme}"
        if name not in self._first and len(self._first) >= self._places - 1:
            name = f"{_OTHER} 0 {_OTHER} http"
        if name not in self._first:
            at = SLOTS * SLOT_BYTES + len(self._first) * KIND_BYTES
            text = name.encode("ascii")
            self._page[at + KIND_NAME_AT : at + KIND_NAME_AT + len(text)] = text
            self._first[name] = [0] * (len(self._bounds) + 3) + [at // _WORD_BYTES]
        return self._first[name]
