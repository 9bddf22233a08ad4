"""Which request it belongs to, what the program writes: where the JVM wants to know, each line of `sys.stdout` and `sys.stderr`
has a mark before it, which the JVM takes off::

    RS token ':' id US text      RS is 0x1e, US 0x1f

The token is the boot configuration's (`request_ids`), so that nothing that the program repeats can be taken for a mark. What
doesn't go through these streams (`os.write`, other processes, C code) has none: nobody knows whose it is.
"""

from __future__ import annotations

import io
import sys
from typing import Any, Callable, Dict, Optional

_MOST_CHARACTERS = 8192
"""So much of a line is kept until it ends."""

_MOST_LINES = 64

_begin = ""

current: Callable[[], Optional[str]] = lambda: None
"""The id of the request that the caller runs in; None outside of one. Set in a worker."""


def begin(token: str) -> None:
    """Marks what is written to the two streams from now on. For the zygote, once, before the program has seen them."""
    global _begin
    _begin = f"\x1e{token}:"
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if type(stream) is io.TextIOWrapper:
            encoding = stream.encoding
            marked = MarkedStream(
                stream.detach(),
                encoding=encoding,
                errors=stream.errors,
                line_buffering=True,
                write_through=stream.write_through,
            )
            marked.mode = "w"
            setattr(sys, name, marked)
            setattr(sys, f"__{name}__", marked)


def marked(request: Optional[str], text: str) -> str:
    """The same with a mark before each line that isn't empty; as it is where no marks are wanted."""
    if not request or not _begin:
        return text
    mark = f"{_begin}{request}\x1f"
    if "\n" not in text:
        return mark + text if text else text
    return "\n".join([mark + line if line else line for line in text.split("\n")])


class MarkedStream(io.TextIOWrapper):
    """A text stream that marks lines. What different requests write at the same time is never one line: a line is written when it
    has ended, or is flushed.
    """

    mode: Any

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._begun: Dict[Optional[str], str] = {}  # lines that have not ended, by requests
        self._flushed = False  # the beginning of a line has been written,
        self._of: Optional[str] = None  # of this request

    def write(self, text: str) -> int:
        if type(text) is not str:
            return super().write(text)
        request = current()
        ended, line_feed, rest = (self._begun.pop(request, "") + text).rpartition("\n")
        if line_feed:
            self._put(request, ended + line_feed)
        if rest:
            self._begun[request] = rest
            if len(rest) > _MOST_CHARACTERS:
                self._put_begun(request)
            if len(self._begun) > _MOST_LINES:
                self._put_all()
        return len(text)

    def flush(self) -> None:
        request = current()
        if request is None:
            self._put_all()
        else:
            self._put_begun(request)
        super().flush()

    def _put_all(self) -> None:
        for request in list(self._begun):
            self._put_begun(request)

    def _put_begun(self, request: Optional[str]) -> None:
        text = self._begun.pop(request, "")
        if text:
            self._put(request, text)

    def _put(self, request: Optional[str], text: str) -> None:
        if not self._flushed:
            data = marked(request, text)
        elif self._of == request:
            before, line_feed, rest = text.partition("\n")
            data = before + line_feed + marked(request, rest)
        else:
            data = "\n" + marked(request, text)
        self._flushed, self._of = not text.endswith("\n"), request
        super().write(data)
