"""What an application gives for a body, as bytes."""

from __future__ import annotations

from typing import Any, Sequence

from loomgate_worker.process import log

_warned = False


def as_bytes(data: Any) -> bytes:
    """A chunk as bytes: `bytes`, or anything with the buffer protocol (bytearray, memoryview, array, mmap).

    PEP 3333 wants bytes; uWSGI takes buffers too (its option `wsgi-accept-buffer`). A str is encoded with UTF-8, with one warning per
    worker in the log. Everything else is an error; `bytes(5)` would be five NUL bytes.
    """
    if isinstance(data, bytes):
        return data
    if isinstance(data, str):
        if data:
            _warn()
        return data.encode("utf-8")
    try:
        view = memoryview(data)
    except TypeError:
        raise TypeError(
            f"a part of the response's body is a {type(data).__name__}, not bytes: {data!r:.80}"
        ) from None
    with view:
        # The items as they lie in memory, whatever their type, and also where they lie apart.
        return view.tobytes()


def part(chunk: Any) -> bytes:
    """A chunk of an iterable. As in uWSGI, None is an empty one: a generator that yields it has nothing to say yet."""
    return b"" if chunk is None else as_bytes(chunk)


def joined(chunks: Sequence[Any]) -> bytes:
    """A whole body that is there already."""
    try:
        return b"".join(chunks)
    except (TypeError, BufferError):
        return b"".join(map(part, chunks))


def is_one_chunk(result: Any) -> bool:
    """Whether what an application returns is the body itself, not an iterable of its chunks."""
    if isinstance(result, (bytes, str)):
        return True
    if hasattr(result, "__next__"):
        return False
    try:
        memoryview(result).release()
    except TypeError:
        return False
    return True


def _warn() -> None:
    global _warned
    if not _warned:
        _warned = True
        log.say(
            "loomgate: the application gave a str for the response's body; it is encoded with UTF-8, but PEP 3333 wants"
            " bytes (said once per worker)"
        )
