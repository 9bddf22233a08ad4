"""Which request it belongs to, what the program writes: where the JVM wants to know, each line of `sys.stdout` and `sys.stderr`
has a mark before it, which the JVM takes off::

    RS token ':' id US text      RS is 0x1e, US 0x1f

The token is the boot configuration's (`request_ids`), so that nothing that the program repeats can be taken for a mark. What
doesn't go through these streams (`os.write`, other processes, C code) has none: nobody knows whose it is.
"""

from __future__ import annotations

import io
import sys
from typing import Any, Callable, Optional

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


_write = io.TextIOWrapper.write


class MarkedStream(io.TextIOWrapper):
    """A text stream that marks lines. A line has text of one request alone: another one's begins a line of its own."""

    mode: Any
    _of: Optional[str] = None
    """Whose the line is that has begun and not ended."""
    _begun = False

    def write(self, text: str) -> int:
        if type(text) is not str or not text:
            return _write(self, text)
        if text == "\n":
            # The second half of each print().
            self._begun = False
            return _write(self, text)
        request = current()
        before, found, rest = "", "", text
        if self._begun:
            if request == self._of or request is None or self._of is None:
                before, found, rest = text.partition("\n")
            else:
                found = "\n"
        if found or not self._begun:
            self._of = request
        self._begun = not (rest or found).endswith("\n") if rest or found else True
        _write(self, before + found + marked(request, rest))
        return len(text)
