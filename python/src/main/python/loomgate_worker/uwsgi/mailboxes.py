"""What a process keeps of a channel layer: messages for its own channels that nobody has taken yet, and who is in which group.

Names are `LAYER:CHANNEL` and `LAYER:GROUP`. The JVM knows of each process which groups have members there, sends it one message for
all of them, and this hands it to each.
"""

from __future__ import annotations

import time
from collections import deque
from threading import get_ident
from typing import Any, Callable, Deque, Dict, List, Optional, Set, Tuple

_SWEEP_SECONDS = 30.0


class Settings:
    """Of a layer.

    :ivar capacity: of a channel, given its name without the layer's
    """

    def __init__(
        self,
        capacity: Callable[[str], int],
        expiry: float,
        group_expiry: float,
        max_channels: int,
        max_groups: int,
    ) -> None:
        self.capacity = capacity
        self.expiry = expiry
        self.group_expiry = group_expiry
        self.max_channels = max_channels
        self.max_groups = max_groups


class TooMany(RuntimeError):
    """A limit of the layer's is reached."""


class _Box:
    __slots__ = ("messages", "waiters", "capacity", "was_full")

    def __init__(self, capacity: int) -> None:
        # When it expires, the message, whether the JVM counts it.
        self.messages: Deque[Tuple[float, bytes, bool]] = deque()
        self.waiters: Deque[Waiter] = deque()
        self.capacity = capacity
        self.was_full = False


class Waiter:
    """Somebody who waits for a message. It is woken, and then looks: so nothing is lost where it is cancelled meanwhile."""

    def __init__(self, loop: Any) -> None:
        self._loop = loop
        self._thread = get_ident()
        self.future: Any = loop.create_future()

    def wake(self) -> bool:
        """Any thread. False if it doesn't wait any more."""
        if self.future.done():
            return False
        if get_ident() == self._thread:
            self.future.set_result(None)
            return True
        try:
            self._loop.call_soon_threadsafe(self._wake)
        except RuntimeError:
            # Its loop is closed.
            return False
        return True

    def _wake(self) -> None:
        if not self.future.done():
            self.future.set_result(None)


class News:
    """What the JVM is to be told.

    :ivar taken: of messages that it counts, by channel, how many are there no longer
    :ivar full: channels that take no more, and that do again
    :ivar dropped: messages that were for a channel that is full
    :ivar expired: messages that nobody has taken in time
    """

    def __init__(self) -> None:
        self.taken: Dict[str, int] = {}
        self.full: Dict[str, bool] = {}
        self.dropped = 0
        self.expired = 0

    def __bool__(self) -> bool:
        return bool(self.taken or self.full or self.dropped or self.expired)


class Mailboxes:
    """Used by one thread at a time."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self.settings = settings
        self.news = News()
        self._clock = clock
        self._boxes: Dict[str, _Box] = {}
        self._groups: Dict[str, Dict[str, float]] = {}
        self._memberships: Dict[str, Set[str]] = {}
        self._swept = clock()
        self.left: List[str] = []
        """Groups that have lost their last member here by themselves."""

    # ---- messages

    def put(self, channel: str, message: bytes, counted: bool) -> bool:
        """Whether there was room for it.

        :param counted: whether the JVM is to be told when it is gone
        """
        settings = self.settings
        box = self._boxes.get(channel)
        if box is None:
            if len(self._boxes) >= settings.max_channels:
                self._drop(channel, counted)
                return False
            box = self._made(channel, settings)
        now = self._clock()
        if box.messages and box.messages[0][0] < now:
            self._expire(channel, box, now)
            # It may have gone with its last message.
            self._boxes[channel] = box
        if len(box.messages) >= box.capacity:
            if not box.was_full:
                box.was_full = self.news.full[channel] = True
            self._drop(channel, counted)
            return False
        box.messages.append((now + settings.expiry, message, counted))
        self._wake(box)
        return True

    def put_group(self, group: str, message: bytes) -> None:
        """For all members that have room."""
        members = self._groups.get(group)
        if not members:
            return
        now = self._clock()
        oldest = now - self.settings.group_expiry
        for channel, joined in list(members.items()):
            if joined < oldest:
                if self.discard(group, channel):
                    self.left.append(group)
                continue
            box = self._boxes.get(channel)
            if box is not None and box.messages and box.messages[0][0] < now:
                self._expire(channel, box, now)
            if channel in members:
                self.put(channel, message, False)

    def take(self, channel: str) -> Optional[bytes]:
        """The oldest message, if there is one."""
        box = self._boxes.get(channel)
        if box is None:
            return None
        if box.messages and box.messages[0][0] < self._clock():
            self._expire(channel, box, self._clock())
        if not box.messages:
            return None
        _, message, counted = box.messages.popleft()
        self._gone(channel, counted)
        if box.was_full and len(box.messages) <= box.capacity * 3 // 4:
            box.was_full = self.news.full[channel] = False
        self._tidy(channel, box)
        return message

    def wait(self, channel: str, loop: Any) -> Waiter:
        """Somebody waits for a message; `unwait` follows."""
        settings = self.settings
        box = self._boxes.get(channel)
        if box is None:
            if len(self._boxes) >= settings.max_channels:
                raise TooMany(
                    f"over {settings.max_channels} channels in this process (max_channels): {channel.partition(':')[2]}"
                )
            box = self._made(channel, settings)
        waiter = Waiter(loop)
        box.waiters.append(waiter)
        return waiter

    def unwait(self, channel: str, waiter: Waiter, took_turn: bool) -> None:
        """It doesn't wait any more.

        :param took_turn: false if it was woken, perhaps, and didn't look: then it is another one's turn
        """
        box = self._boxes.get(channel)
        if box is not None:
            try:
                box.waiters.remove(waiter)
            except ValueError:
                pass
            if not took_turn and box.messages:
                self._wake(box)
            self._tidy(channel, box)

    def _made(self, channel: str, settings: Settings) -> _Box:
        box = self._boxes[channel] = _Box(settings.capacity(channel.partition(":")[2]))
        return box

    @staticmethod
    def _wake(box: _Box) -> None:
        while box.waiters and not box.waiters.popleft().wake():
            pass

    def _expire(self, channel: str, box: _Box, now: float) -> None:
        """Takes out what is too old. Nobody reads such a channel: it is in no group any more, as the specification has it."""
        expired = 0
        while box.messages and box.messages[0][0] < now:
            self._gone(channel, box.messages.popleft()[2])
            expired += 1
        if not expired:
            return
        self.news.expired += expired
        for group in list(self._memberships.get(channel, ())):
            if self.discard(group, channel):
                self.left.append(group)
        if box.was_full:
            box.was_full = self.news.full[channel] = False
        self._tidy(channel, box)

    def _drop(self, channel: str, counted: bool) -> None:
        self.news.dropped += 1
        self._gone(channel, counted)

    def _gone(self, channel: str, counted: bool) -> None:
        if counted:
            self.news.taken[channel] = self.news.taken.get(channel, 0) + 1

    def _tidy(self, channel: str, box: _Box) -> None:
        if not box.messages and not box.waiters and self._boxes.get(channel) is box:
            del self._boxes[channel]

    # ---- groups

    def add(self, group: str, channel: str) -> bool:
        """Whether it is the first one of that group here. Added again, it stays for longer."""
        settings = self.settings
        members = self._groups.get(group)
        first = members is None
        if members is None:
            if len(self._groups) >= settings.max_groups:
                raise TooMany(
                    f"over {settings.max_groups} groups in this process (max_groups): {group.partition(':')[2]}"
                )
            members = {}
        if channel not in self._memberships and len(self._memberships) >= settings.max_channels:
            raise TooMany(
                f"over {settings.max_channels} channels in this process (max_channels): {channel.partition(':')[2]}"
            )
        members[channel] = self._clock()
        self._groups[group] = members
        self._memberships.setdefault(channel, set()).add(group)
        return first

    def discard(self, group: str, channel: str) -> bool:
        """Whether it was the last one of that group here."""
        members = self._groups.get(group)
        if members is None or members.pop(channel, None) is None:
            return False
        groups = self._memberships[channel]
        groups.discard(group)
        if not groups:
            del self._memberships[channel]
        if members:
            return False
        del self._groups[group]
        return True

    def clear(self) -> None:
        """Forgets all messages and groups. Who waits goes on waiting."""
        self._groups.clear()
        self._memberships.clear()
        for channel, box in list(self._boxes.items()):
            for _, _, counted in box.messages:
                self._gone(channel, counted)
            box.messages.clear()
            if box.was_full:
                box.was_full = self.news.full[channel] = False
            self._tidy(channel, box)

    def sweep(self) -> None:
        """Now and then: takes out what is too old of channels and groups that nobody uses any more."""
        now = self._clock()
        if now - self._swept < _SWEEP_SECONDS:
            return
        self._swept = now
        for channel, box in list(self._boxes.items()):
            if box.messages and box.messages[0][0] < now:
                self._expire(channel, box, now)
        oldest = now - self.settings.group_expiry
        for group, members in list(self._groups.items()):
            for channel in [name for name, joined in members.items() if joined < oldest]:
                if self.discard(group, channel):
                    self.left.append(group)

    def counts(self) -> Dict[str, int]:
        """How much there is."""
        return {
            "channels": len(self._boxes),
            "waiting": sum(len(box.messages) for box in self._boxes.values()),
            "groups": len(self._groups),
            "members": sum(map(len, self._groups.values())),
        }
