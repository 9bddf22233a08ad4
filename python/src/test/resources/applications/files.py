"""wsgi.file_wrapper: files of the file system, and what only looks like one."""
from __future__ import annotations

import tempfile
from io import BytesIO
from typing import Any, Iterable

LARGE = b"".join(b"%07d\n" % number for number in range(40_000))
closed: list[str] = []


class NoticesClose:
    """A file-like object without fileno()."""

    def __init__(self, content: bytes) -> None:
        self.content = BytesIO(content)

    def read(self, size: int = -1) -> bytes:
        return self.content.read(size)

    def close(self) -> None:
        closed.append("file-like")


def file(content: bytes, position: int = 0) -> Any:
    made = tempfile.TemporaryFile()
    made.write(content)
    made.flush()
    made.seek(position)
    return made


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    wrapper = environ["wsgi.file_wrapper"]
    path = environ["PATH_INFO"]
    headers = [("Content-Type", "application/octet-stream")]
    if path == "/with-length":
        headers.append(("Content-Length", str(len(LARGE))))
    if path == "/part":
        headers.append(("Content-Length", "16"))
    start_response("200 OK", headers)
    if path == "/small":
        content = file(b"small\n")
    elif path == "/empty":
        content = file(b"")
    elif path == "/offset":
        content = file(LARGE, 300_000)
    elif path == "/part":
        content = file(LARGE, 80)
    elif path == "/bytes-io":
        content = BytesIO(b"only in memory\n")
    elif path == "/file-like":
        content = NoticesClose(LARGE)
    elif path == "/closed":
        return [", ".join(closed).encode()]
    else:
        content = file(LARGE)
    if path == "/iterated":
        blocks: Iterable[bytes] = iter(wrapper(content, 1000))
        return blocks
    if path == "/blocks":
        return (block for block in wrapper(content, 4096))
    wrapped: Iterable[bytes] = wrapper(content) if path == "/default" else wrapper(content, 65536)
    return wrapped
