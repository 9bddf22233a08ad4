"""The zygote's events: a line of JSON each, to the JVM."""

from __future__ import annotations

import json
import os
import threading
from typing import Any


class Events:
    """Writes events to a descriptor that only the JVM reads."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._lock = threading.Lock()

    def send(self, **event: Any) -> None:
        """Blocks until the JVM's pipe has taken it. Text that isn't valid Unicode is escaped. Any thread."""
        data = (json.dumps(event) + "\n").encode("ascii")
        with self._lock:
            while data:
                try:
                    data = data[os.write(self.descriptor, data) :]
                except BrokenPipeError:
                    # The JVM has gone; the end of stdin says so too.
                    return
