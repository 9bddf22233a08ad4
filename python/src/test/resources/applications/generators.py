"""Bodies that are made while they are sent, and what becomes of them afterwards."""
from __future__ import annotations

from typing import Any, Iterable, Iterator

PLAIN = [("Content-Type", "text/plain")]
closed: list[str] = []


class Closing:
    """An iterable that is not its own iterator, and wants to be closed."""

    def __init__(self, name: str, *chunks: bytes) -> None:
        self.name = name
        self.chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.chunks)

    def close(self) -> None:
        closed.append(self.name)


class ByIndex:
    """An iterable of the old kind: only indices."""

    def __getitem__(self, index: int) -> bytes:
        return [b"one ", b"two ", b"three\n"][index]


def chunks() -> Iterator[bytes]:
    try:
        for number in range(3):
            yield b"chunk %d\n" % number
    finally:
        closed.append("chunks")


def starting_late(start_response: Any) -> Iterator[bytes]:
    start_response("202 Accepted", PLAIN + [("X-Late", "yes")])
    yield b"late\n"


def starting_after_nothing(start_response: Any) -> Iterator[bytes]:
    yield b""
    start_response("200 OK", PLAIN)
    yield b"after nothing\n"


def nothing() -> Iterator[bytes]:
    yield from ()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path == "/late":
        return starting_late(start_response)
    if path == "/after-nothing":
        return starting_after_nothing(start_response)
    start_response("200 OK", PLAIN)
    if path == "/generator":
        return chunks()
    if path == "/nothing":
        return nothing()
    if path == "/empty-chunks":
        return iter([b"", b"a", b"", b"", b"b\n", b""])
    if path == "/iterable":
        return Closing("iterable", b"one", b" two\n")
    if path == "/empty-iterable":
        return Closing("empty-iterable")
    if path == "/tuple":
        return (b"of ", b"two\n")
    if path == "/map":
        return map(bytes.upper, [b"as ", b"a map\n"])
    if path == "/by-index":
        return ByIndex()  # type: ignore[return-value]
    if path == "/many":
        return (b"%05d\n" % number for number in range(2000))
    if path == "/large-chunks":
        return (bytes([number]) * 100_000 for number in range(8))
    return [", ".join(closed).encode()]
