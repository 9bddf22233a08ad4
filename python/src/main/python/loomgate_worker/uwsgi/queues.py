"""`uwsgi.queue_*`: a ring of messages that all workers share, if that was asked for. It is in the JVM."""

from __future__ import annotations

from operator import index
from typing import Any, List, Optional

from loomgate_worker.uwsgi.texts import Call, Text, octets


class Queue:
    """The public methods are functions of the module."""

    def __init__(self, call: Call, size: int) -> None:
        self._call = call
        self._size = size

    def queue_push(self, message: Text) -> Optional[bool]:
        """Puts a message into the next slot, over what is there. None if it is empty, or too long for a slot."""
        return self._call("queue_push", octets(message, "a message")) or None

    def queue_pull(self) -> Optional[bytes]:
        """Takes the message that was pushed first; None if there is none."""
        message: Optional[bytes] = self._call("queue_pull")
        return message

    def queue_pop(self) -> Optional[bytes]:
        """Takes the message that was pushed last; None if there is none."""
        message: Optional[bytes] = self._call("queue_pop")
        return message

    def queue_get(self, slot: int) -> Optional[bytes]:
        """The message in a slot, which stays there; None if there is none."""
        message: Optional[bytes] = self._call("queue_get", index(slot))
        return message

    def queue_set(self, slot: int, message: Text) -> Optional[bool]:
        """Puts a message into a slot. None if it is empty, or has no room, or there is no such slot."""
        return self._call("queue_set", index(slot), octets(message, "a message")) or None

    def queue_last(self, number: int = 0) -> Any:
        """The message that was pushed last, or a list of so many, the last one first; they stay. None for an empty slot."""
        at: int = self.queue_slot()
        found: List[Optional[bytes]] = []
        for _ in range(min(max(number, 1), self._size)):
            at = (at or self._size) - 1
            found.append(self.queue_get(at))
        return found if number > 0 else found[0]

    def queue_slot(self) -> int:
        """The slot of the next push."""
        slot: int = self._call("queue_slot")
        return slot

    def queue_pull_slot(self) -> int:
        """The slot of the next pull."""
        slot: int = self._call("queue_pull_slot")
        return slot
