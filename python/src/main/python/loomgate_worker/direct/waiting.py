"""Waits for connections and for other descriptors at once."""

from __future__ import annotations

import select
from typing import Iterable, List, Optional

from loomgate_worker.process import descriptors
from loomgate_worker.process.handlers import interruptible

_CONNECTION = select.EPOLLIN | select.EPOLLEXCLUSIVE


class Waiting:
    """An epoll instance. Of the processes that wait for connections, one wakes for each. One thread."""

    def __init__(self, others: Iterable[int], listeners: Iterable[int]) -> None:
        self._epoll = descriptors.epoll()
        self._listeners = list(listeners)
        self._listens = False
        for descriptor in others:
            self._epoll.register(descriptor, select.EPOLLIN)

    def listen(self, whether: bool) -> None:
        """Whether connections are waited for, too. Not at first."""
        if whether is not self._listens:
            self._listens = whether
            for descriptor in self._listeners:
                if whether:
                    self._epoll.register(descriptor, _CONNECTION)
                else:
                    self._epoll.unregister(descriptor)

    def is_connection(self, ready: List[int]) -> bool:
        """Whether a connection is among what `ready` gave. It woke this process alone."""
        return any(descriptor in ready for descriptor in self._listeners)

    @interruptible
    def ready(self, seconds: Optional[float] = None) -> List[int]:
        """The descriptors that can be read; waits for one."""
        return [descriptor for descriptor, _ in self._epoll.poll(seconds)]
