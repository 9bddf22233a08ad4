"""Messages to mules: queues that all processes of one import have from the zygote, as uWSGI's are its master's.

A queue is a pair of connected sockets that keep messages apart. Each process that has the import's memory puts messages into one end; the
mule, or whichever mule of a farm or of all comes first, takes them from the other. The kernel keeps them meanwhile: what a
mule that dies hasn't taken is there for the one that takes its place.
"""

from __future__ import annotations

import os
import select
import socket
import time
from typing import Any, Dict, FrozenSet, List, Optional, Sequence, Set

from loomgate_worker.process import descriptors, handlers, log, settings


class Queue:
    """Messages in order, none of them waited for by who sends it.

    :param name: for the log
    :param size: bytes that it has room for; 0 for what the kernel gives a socket
    """

    def __init__(self, name: str, size: int) -> None:
        self._name = name
        ends: List[Any] = []
        for end in socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET):
            moved = descriptors.moved_socket(end)
            # Workers, mules, and processes that the program forks have it as well.
            descriptors.closed(moved.fileno())
            moved.setblocking(False)
            if size:
                moved.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size)
                moved.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)
            ends.append(moved)
        self._into, self._out = ends

    def fileno(self) -> int:
        """Readable when there is a message."""
        number: int = self._out.fileno()
        return number

    def put(self, message: bytes) -> bool:
        """False if it has no room for it now, or never will, which is logged."""
        try:
            self._into.send(message)
            return True
        except BlockingIOError:
            why = "is full"
        except OSError as e:
            why = f"can't take one of {len(message)} bytes: {e.strerror}"
        room = self._into.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
        log.say(
            f"loomgate: the queue of messages to {self._name} {why}; it has {room} bytes"
            f" ({settings.name('muleMessageSize')})"
        )
        return False

    def take(self, most: int) -> Optional[bytes]:
        """The next message, or so many bytes of its beginning; None if there is none."""
        try:
            message: bytes = self._out.recv(most)
            return message
        except (BlockingIOError, InterruptedError):
            return None


class Farm:
    """Some mules, and the queue that they share."""

    def __init__(self, name: str, numbers: Sequence[int], size: int) -> None:
        self.name = name
        self.numbers: FrozenSet[int] = frozenset(numbers)
        self.queue = Queue(f"the farm {name!r}", size)


class Mules:
    """All mules of the program, and their queues.

    :param boot: of the boot configuration: `count`, `farms` (names and numbers), `message_size`
    """

    def __init__(self, boot: Dict[str, Any]) -> None:
        size: int = boot["message_size"]
        self.count: int = boot["count"]
        self._any = Queue("the mules", size) if self.count else None
        self._own = [Queue(f"mule {number}", size) for number in range(1, self.count + 1)]
        self.farms = [Farm(name, numbers, size) for name, numbers in boot["farms"]]

    def queue(self, number: int) -> Optional[Queue]:
        """A mule's; that of all for 0; None if there is no such mule."""
        if number == 0:
            return self._any
        return self._own[number - 1] if 0 < number <= self.count else None

    def farm(self, name: str) -> Optional[Farm]:
        """The farm of that name."""
        return next((farm for farm in self.farms if farm.name == name), None)

    def farms_of(self, number: int) -> List[Farm]:
        """Those that a mule is in."""
        return [farm for farm in self.farms if number in farm.numbers]


def take(
    queues: Sequence[Queue], most: int, seconds: Optional[float], wakes: Optional[int] = None
) -> Optional[bytes]:
    """Waits for a message in one of the queues, the first ones first. None if none comes in time, or if `wakes`
    becomes readable, which is then read.

    Another process may be faster: then it waits on.
    """
    end = None if seconds is None else time.monotonic() + seconds
    poll = select.poll()
    for queue in queues:
        poll.register(queue.fileno(), select.POLLIN)
    if wakes is not None:
        poll.register(wakes, select.POLLIN)
    while True:
        left = None if end is None else max(0.0, end - time.monotonic())
        ready = _wait(poll, left)
        if wakes is not None and wakes in ready:
            os.read(wakes, 4096)
            return None
        for queue in queues:
            if queue.fileno() in ready:
                message = queue.take(most)
                if message is not None:
                    return message
        if left is not None and left <= 0:
            return None


@handlers.interruptible
def _wait(poll: Any, seconds: Optional[float]) -> Set[int]:
    return {descriptor for descriptor, _ in poll.poll(None if seconds is None else seconds * 1000)}
