"""Frames on their way out of a `sync` worker: held back while requests are quick, never for long."""

from __future__ import annotations

import socket
import threading
from time import monotonic
from typing import List, Optional

from loomgate_worker.process.alarm import Alarm
from loomgate_worker.wire.links import Closed

HELD_SECONDS = 0.001
"""Responses are collected for so long, then sent together."""

_ALARM_SECONDS = 0.003


class Outlet:
    """Collects frames and sends them together.

    `held.append` takes a frame (any thread). `flush` sends what is held (any thread). After `urge` what is held goes out
    within 3 ms, whatever the application does meanwhile: an alarm is set, which wakes the control thread (`sound`). So an
    iterable with many small chunks, or one whose `close()` works on after the response, costs no system call per chunk and
    delays nobody, as PEP 3333 demands. While requests are quick, the alarm is set again and again, at most once a
    millisecond, before it goes off: the control thread sleeps.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self.held: List[bytes] = []
        self.last_send = 0.0
        self._set_at = 0.0
        self.alarm: Optional[Alarm] = None
        try:
            self.alarm = Alarm()
        except OSError:
            pass  # then urge() sends at once

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
        if not self.held:
            return
        now = monotonic()
        if now - self.last_send >= HELD_SECONDS or self.alarm is None:
            self.flush()
        elif now - self._set_at >= HELD_SECONDS:
            self._set_at = now
            self.alarm.set(_ALARM_SECONDS)

    def sound(self) -> None:
        """Control thread: the alarm has gone off."""
        if self.alarm is not None:
            self.alarm.clear()
        self.flush()
