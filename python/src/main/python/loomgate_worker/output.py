"""What a worker writes to stdout or stderr, as `output` events."""

from __future__ import annotations

import os

from loomgate_worker.events import Events

MAX_LINE_BYTES = 16 * 1024
_READ_BYTES = 64 * 1024


class Output:
    """One stream of one worker: bytes from a pipe, lines to the JVM. Never blocks on the pipe."""

    def __init__(self, events: Events, slot: int, pid: int, stream: str, descriptor: int) -> None:
        self._events = events
        self._slot = slot
        self._pid = pid
        self._stream = stream
        self._descriptor = descriptor
        self._rest = b""
        os.set_blocking(descriptor, False)

    def read(self) -> bool:
        """Passes on the lines of one read, so that no worker's flood keeps the others waiting; False at the end."""
        return self._read() != 0

    def drain(self) -> None:
        """Passes on all that is there, also a last line without an end."""
        # A process that the worker left behind may go on writing: what it writes from now on isn't the worker's.
        left = 1 << 20
        while left > 0:
            count = self._read()
            if count <= 0:
                break
            left -= count
        if self._rest:
            self._send(self._rest)
            self._rest = b""

    def _read(self) -> int:
        """The bytes read: 0 at the end, -1 if there are none now."""
        try:
            data = os.read(self._descriptor, _READ_BYTES)
        except BlockingIOError:
            return -1
        *lines, rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._send(line)
        whole = len(rest) // MAX_LINE_BYTES * MAX_LINE_BYTES
        if whole:
            self._send(rest[:whole])
        self._rest = rest[whole:]
        return len(data)

    def _send(self, line: bytes) -> None:
        line = line.rstrip(b"\r")
        for start in range(0, max(len(line), 1), MAX_LINE_BYTES):
            text = line[start : start + MAX_LINE_BYTES].decode("utf-8", "backslashreplace")
            self._events.send(event="output", slot=self._slot, pid=self._pid, stream=self._stream, line=text)
