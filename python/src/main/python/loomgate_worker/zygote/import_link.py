"""The way to the JVM while a zygote imports the application, when there is no worker and so no `call` connection."""

from __future__ import annotations

import base64
import json
import os
from typing import Callable

from loomgate_worker.wire.links import Link
from loomgate_worker.zygote.events import Events


class ImportLink(Link):
    """Frames as a worker's `call` connection has them, each inside an event or a command of the zygote's.

    Commands of other kinds that come meanwhile are kept for the zygote (`left`).
    """

    def __init__(self, commands: int, rest: bytes, events: Events, ended: Callable[[], None]) -> None:
        self._commands = commands
        self._lines = rest
        self._events = events
        self._ended = ended
        self._bytes = b""
        self._others = b""

    def left(self) -> bytes:
        """What has been read and is no reply. The import is over."""
        return self._others + self._lines

    def send(self, data: bytes) -> None:
        self._events.send(event="call", frame=base64.b64encode(data).decode("ascii"))

    def _exactly(self, count: int) -> bytes:
        while len(self._bytes) < count:
            self._bytes += self._next()
        found, self._bytes = self._bytes[:count], self._bytes[count:]
        return found

    def _next(self) -> bytes:
        while True:
            while b"\n" not in self._lines:
                part = os.read(self._commands, 65536)
                if not part:
                    self._ended()
                self._lines += part
            line, _, self._lines = self._lines.partition(b"\n")
            command = json.loads(line)
            if command["command"] == "reply":
                return base64.b64decode(command["frame"])
            self._others += line + b"\n"
