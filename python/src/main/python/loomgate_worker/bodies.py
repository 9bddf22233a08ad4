"""What an application gives for a body, as bytes."""

from __future__ import annotations

from typing import Any, Sequence

from loomgate_worker import log

_warned = False


def as_bytes(data: Any) -> bytes:
    """A chunk as bytes. PEP 3333 wants bytes; a str is encoded with UTF-8, with one warning per worker in the log."""
    if isinstance(data, bytes):
        return data
    if isinstance(data, str):
        _warn()
        return data.encode("utf-8")
    if isinstance(data, (bytearray, memoryview)):
        return bytes(data)
    raise TypeError(f"a part of the response's body is a {type(data).__name__}, not bytes: {data!r:.80}")


def joined(chunks: Sequence[Any]) -> bytes:
    """A whole body that is there already."""
    try:
        return b"".join(chunks)
    except TypeError:
        return b"".join(map(as_bytes, chunks))


def _warn() -> None:
    global _warned
    if not _warned:
        _warned = True
        log.say(
            "loomgate: the application gave a str for the response's body; it is encoded with UTF-8, but PEP 3333 wants"
            " bytes (said once per worker)"
        )
