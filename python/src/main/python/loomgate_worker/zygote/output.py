"""What a worker writes to stdout or stderr, as `output` events."""

from __future__ import annotations

import os
import re
from time import monotonic
from typing import List, Optional, Union

from loomgate_worker.zygote.events import Events

READ_BYTES = 64 * 1024
QUIET_SECONDS = 0.5
"""What has no line feed is passed on when nothing has followed for so long."""

_LOOKALIKE = re.compile(r"\\(?=(?:x5c)*x[89a-f][0-9a-f])")

Text = Union[bytes, bytearray]


class Output:
    """One stream of one worker: bytes from a pipe, lines to the JVM, as many as there are in one event. Never blocks on the pipe."""

    def __init__(self, events: Events, slot: int, pid: int, stream: str, descriptor: int, most: int) -> None:
        self._events = events
        self._slot = slot
        self._pid = pid
        self._stream = stream
        self._descriptor = descriptor
        self._most = most
        self._rest = bytearray()
        self.due: Optional[float] = None
        """When `say_rest` should be called, by the clock `monotonic`; None if there is nothing to be said."""
        os.set_blocking(descriptor, False)

    def read(self) -> int:
        """Passes on the lines of one read, so that no worker's flood keeps the others waiting.

        The bytes read: 0 at the end, when a last line without a line feed is passed on as well; -1 if there are none now.
        """
        try:
            data = os.read(self._descriptor, READ_BYTES)
        except BlockingIOError:
            return -1
        if not data:
            self.say_rest()
            return 0
        *whole, last = data.split(b"\n")
        lines: List[str] = []
        rest = self._rest
        if whole:
            if rest:
                whole[0] = bytes(rest) + whole[0]
                rest.clear()
            for line in whole:
                self._add(line, lines)
        rest += last
        if len(rest) > self._most:
            self._rest = rest = bytearray(self._cut(rest, lines))
        self._send(lines)
        self.due = monotonic() + QUIET_SECONDS if rest else None
        return len(data)

    def drain(self) -> None:
        """Passes on all that is there, also a last line without an end."""
        # A process that the worker left behind may go on writing: what it writes from now on isn't the worker's.
        left = 1 << 20
        while left > 0:
            count = self.read()
            if count <= 0:
                break
            left -= count
        self.say_rest()

    def say_rest(self) -> None:
        """Passes on what has no line feed."""
        self.due = None
        if self._rest:
            self._send([escaped(self._rest)])
            self._rest.clear()

    def _add(self, line: bytes, lines: List[str]) -> None:
        lines.append(escaped(self._cut(line, lines) if len(line) > self._most else line))

    def _cut(self, line: Text, lines: List[str]) -> Text:
        """Passes on as many pieces as it takes; the rest, which is short enough."""
        start = 0
        while len(line) - start > self._most:
            end = start + self._most
            # Not inside a character, the bytes of which would be escaped.
            while end > start + self._most - 4 and line[end] & 0xC0 == 0x80:
                end -= 1
            lines.append(escaped(line[start:end]))
            start = end
        return line[start:]

    def _send(self, lines: List[str]) -> None:
        if lines:
            self._events.send(
                event="output", slot=self._slot, pid=self._pid, stream=self._stream, lines=lines
            )


def escaped(line: Text) -> str:
    r"""The text of a line. A byte that isn't UTF-8 is `\xHH`; a backslash of the line's own before such a thing is `\x5c`.

    So what was written can be got back: `\x80` to `\xff` stand for a byte, and `\x5c` for a backslash where it is before
    the rest of one, or of another `\x5c`.
    """
    line = line.rstrip(b"\r")
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text = line.decode("utf-8", "surrogateescape")
        if "\\x" in text:
            text = _LOOKALIKE.sub(r"\\x5c", text)
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return _LOOKALIKE.sub(r"\\x5c", text) if "\\x" in text else text
