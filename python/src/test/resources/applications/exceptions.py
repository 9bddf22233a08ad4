"""Exceptions wherever one can come from."""
from __future__ import annotations

from typing import Any, Iterable, Iterator

PLAIN = [("Content-Type", "text/plain")]
closed: list[str] = []


class Failing:
    def __init__(self, name: str, fails_at: int, close_fails: bool = False) -> None:
        self.name = name
        self.fails_at = fails_at
        self.close_fails = close_fails
        self.at = 0

    def __iter__(self) -> Iterator[bytes]:
        if self.fails_at < 0:
            raise ValueError("in __iter__")
        return self

    def __next__(self) -> bytes:
        if self.at == self.fails_at:
            raise ValueError("in __next__")
        if self.at == 3:
            raise StopIteration
        self.at += 1
        return b"chunk\n"

    def close(self) -> None:
        closed.append(self.name)
        if self.close_fails:
            raise ValueError("in close()")


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path == "/before-start":
        raise ValueError("before start_response")
    if path == "/never-started":
        return [b"never started\n"]
    if path == "/never-started-empty":
        return []
    if path == "/never-started-failing":
        return Failing("never started", 0)
    start_response("200 OK", PLAIN + ([("Content-Length", "18")] if path == "/with-length" else []))
    if path == "/after-start":
        raise ValueError("after start_response")
    if path == "/iter":
        return Failing("iter", -1)
    if path == "/first":
        return Failing("first", 0)
    if path == "/second":
        return Failing("second", 1)
    if path == "/with-length":
        return Failing("with length", 2)
    if path == "/close":
        return Failing("close", 9, close_fails=True)
    if path == "/both":
        return Failing("both", 0, close_fails=True)
    return [", ".join(closed).encode()]
