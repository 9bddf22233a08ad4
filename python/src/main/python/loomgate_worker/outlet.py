"""Frames on their way out of a `sync` worker: held back while requests are quick, never for long."""

from __future__ import annotations

import os
import socket
import threading
from time import monotonic
from typing import List

from loomgate_worker import descriptors
from loomgate_worker.links import Closed

HELD_SECONDS = 0.001
"""Responses are collected for so long, then sent together."""

_TICK_MILLIS = 2
_QUIET_TICKS = 50


class Outlet:
    """Collects frames and sends them together.

    `held.append` takes a frame (any thread). `flush` sends what is held (any thread). After `urge` what is held goes out
    within some milliseconds, whatever the application does meanwhile: the control thread looks after it, every 2 ms, and
    falls asleep again when nothing was held for a tenth of a second. So an iterable with many small chunks, or one whose
    `close()` works on after the response, costs no system call per chunk and delays nobody, as PEP 3333 demands.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self.held: List[bytes] = []
        self.last_send = 0.0
        self._ticking = False
        self._quiet = 0
        self.nudge_fd, self._nudge = descriptors.pipe()

    def flush(self) -> None:
        """Sends what is held; blocks until the JVM has taken it."""
        with self._lock:
            held = self.held
            # Other threads may append meanwhile: only what is joined is removed.
            count = len(held)
            if count:
                data = held[0] if count == 1 else b"".join(held[:count])
                del held[:count]
                try:
                    self._connection.sendall(data)
                except (BrokenPipeError, ConnectionError):
                    raise Closed from None
                self.last_send = monotonic()

    def urge(self) -> None:
        """What is held must not wait for the application."""
        if monotonic() - self.last_send >= HELD_SECONDS:
            self.flush()
        elif not self._ticking:
            self._ticking = True
            os.write(self._nudge, b"\0")

    def tick(self) -> int:
        """Control thread only: sends what is held. The milliseconds until the next tick, or -1 to wait for the nudge."""
        if not self._ticking:
            return -1
        if self.held:
            self._quiet = 0
            self.flush()
            return _TICK_MILLIS
        self._quiet += 1
        if self._quiet < _QUIET_TICKS:
            return _TICK_MILLIS
        self._quiet = 0
        self._ticking = False
        # urge() appends first and looks at _ticking then; here it is the other way round, so that one of both sees it.
        if self.held:
            self._ticking = True
            return _TICK_MILLIS
        return -1
