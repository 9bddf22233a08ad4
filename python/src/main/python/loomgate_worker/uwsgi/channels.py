"""A process' side of the channel layer (`loomgate_channels`): it asks the JVM, and takes what the JVM has for its channels.

::

    a coroutine ── calls ──▶ JVM ── the reply to `channel_poll`: what has come for this process ──▶ mailboxes ──▶ who waits

One call, `channel_poll`, is always under way; its reply is a list, as long as what has come meanwhile. In an ASGI application's worker
the event loop reads the connection of the calls, so nothing waits for a thread; in any other process that receives, a thread does.

The methods with `loop` are called in a coroutine that runs in that event loop. They need nothing of asyncio but its futures, so any
loop will do.
"""

from __future__ import annotations

import os
import select
import threading
from typing import Any, Dict, List, Optional, Tuple

from loomgate_worker.process import descriptors, log, native
from loomgate_worker.uwsgi import channel_messages
from loomgate_worker.uwsgi.calls import CallError, Calls
from loomgate_worker.uwsgi.mailboxes import Mailboxes, News, Settings
from loomgate_worker.wire.links import Closed

_TOLD_AT_ONCE = 1000


class Channels:
    """One for a process. Any thread."""

    # For `loomgate_channels`, which is the program's and sees no module of ours.
    settings = Settings
    encode = staticmethod(channel_messages.encode)
    decode = staticmethod(channel_messages.decode)
    TooLarge = channel_messages.TooLarge
    Malformed = channel_messages.Malformed

    def __init__(self, calls: Calls) -> None:
        self._enter(calls)

    def _enter(self, calls: Calls) -> None:
        """A process has been forked."""
        self._calls = calls
        self._pid = os.getpid()
        self._loop: Any = None
        self._loop_thread = 0
        # Taken before the calls' own lock, and never after it.
        self._lock = threading.RLock()
        self._layers: Dict[str, Mailboxes] = {}
        self._address = ""
        self._reads = False
        self._watched = -1
        self._telling = False
        self._last_channel = 0
        self._last_flush = 0
        self._flushes: Dict[int, _Promise] = {}
        self._joining: Dict[str, int] = {}

    def _attach(self, loop: Any) -> None:
        """The event loop of an ASGI application, which will read the connection of the calls."""
        self._loop, self._loop_thread = loop, threading.get_ident()

    # ---- what the layer does

    def register(self, layer: str, settings: Settings) -> None:
        """A layer's settings; of two with one name the later one's."""
        with self._lock:
            mailboxes = self._layers.get(layer)
            if mailboxes is None:
                self._layers[layer] = Mailboxes(settings)
            else:
                mailboxes.settings = settings

    async def new_channel(self, loop: Any, prefix: str) -> str:
        """The name of a channel that only this process receives from."""
        await self._open(loop)
        with self._lock:
            self._last_channel += 1
            return f"{prefix}.{self._address}!{self._last_channel:x}"

    async def send(
        self, loop: Any, layer: str, channel: str, message: bytes, capacity: int, expiry: float, limits: Any
    ) -> bool:
        """Whether there was room for it."""
        name = f"{layer}:{channel}"
        if self._is_own(channel):
            with self._lock:
                # Who sends here is told, and isn't one whose message was dropped.
                mailboxes = self._layers[layer]
                dropped = mailboxes.news.dropped
                done = mailboxes.put(name, message, False)
                mailboxes.news.dropped = dropped
                self._settle(mailboxes)
            return done
        return bool(await self._ask(loop, "channel_send", name, message, capacity, expiry, *limits))

    async def receive(self, loop: Any, layer: str, channel: str) -> bytes:
        """Waits for a message."""
        await self._open(loop)
        name = f"{layer}:{channel}"
        if "!" not in channel:
            return await self._receive_shared(loop, name)
        if not self._is_own(channel):
            raise ValueError(f"{channel} is a channel of another process, which alone receives from it")
        mailboxes = self._layers[layer]
        while True:
            with self._lock:
                message = mailboxes.take(name)
                self._settle(mailboxes)
                if message is not None:
                    return message
                waiter = mailboxes.wait(name, loop)
            woken = False
            try:
                await waiter.future
                woken = True
            finally:
                with self._lock:
                    mailboxes.unwait(name, waiter, woken)

    async def _receive_shared(self, loop: Any, name: str) -> bytes:
        reception = _Reception(self, loop, name)
        try:
            reception.number = self._calls.begin("channel_receive", name, then=reception.come)
            message, _ = await reception.future
            reception.taken = True
            return bytes(message)
        finally:
            if not reception.taken:
                reception.give_up()

    async def group_add(
        self, loop: Any, layer: str, group: str, channel: str, settings: Tuple[Any, ...]
    ) -> None:
        """Takes effect before it returns."""
        name, member = f"{layer}:{group}", f"{layer}:{channel}"
        if not self._is_own(channel):
            await self._ask(loop, "channel_group", name, member, True, *settings)
            return
        joined: Any = None
        with self._lock:
            first = self._layers[layer].add(name, member)
            # Another one may be about to join for all: that isn't done before its reply has come.
            if first or name in self._joining:
                joined = self._begin(loop, "channel_join", name)
                self._joining[name] = self._joining.get(name, 0) + 1
        if joined is None:
            return
        done = False
        try:
            await joined
            done = True
        finally:
            with self._lock:
                self._joining[name] -= 1
                if not self._joining[name]:
                    del self._joining[name]
                if not done and self._layers[layer].discard(name, member):
                    self._leave(name)

    async def group_discard(self, loop: Any, layer: str, group: str, channel: str) -> None:
        """Takes effect before it returns."""
        name, member = f"{layer}:{group}", f"{layer}:{channel}"
        if not self._is_own(channel):
            await self._ask(loop, "channel_group", name, member, False)
            return
        with self._lock:
            if self._layers[layer].discard(name, member):
                self._leave(name)

    async def group_send(self, loop: Any, layer: str, group: str, message: bytes, max_backlog: int) -> None:
        """To all members of the group in all processes."""
        await self._ask(loop, "channel_group_send", f"{layer}:{group}", message, max_backlog)

    async def flush(self, loop: Any, layer: str) -> None:
        """Empties a layer. What this process has of it is gone when it returns."""
        await self._open(loop)
        with self._lock:
            self._last_flush += 1
            number = self._last_flush
            cleared = self._flushes[number] = _Promise(loop)
        try:
            await self._ask(loop, "channel_flush", layer, number)
            await cleared.future
        finally:
            self._flushes.pop(number, None)

    async def counts(self, loop: Any, layer: str) -> Dict[str, int]:
        """What there is in all processes of this server, and what has become of messages; and what this process has."""
        with self._lock:
            own = self._layers[layer].counts()
        found: Dict[str, int] = await self._ask(loop, "channel_counts")
        return {**found, **{"own_" + name: value for name, value in own.items()}}

    # ---- calls

    def _is_own(self, channel: str) -> bool:
        """Whether this process alone receives from it."""
        remote, mark, _ = channel.partition("!")
        return bool(mark and self._address) and remote.rpartition(".")[2] == self._address

    async def _ask(self, loop: Any, name: str, *arguments: Any) -> Any:
        return await self._begin(loop, name, *arguments)

    def _begin(self, loop: Any, name: str, *arguments: Any) -> Any:
        """A future of the reply, in this loop."""
        promise = _Promise(loop)
        if not self._reads and self._loop is not None and threading.get_ident() == self._loop_thread:
            self._read()
        if self._reads:
            self._calls.begin(name, *arguments, then=promise.come)
        else:
            # A loop that a thread has for this alone, as async_to_sync makes it: nothing else waits in it.
            try:
                promise.come(False, self._calls.call(name, *arguments))
            except CallError as e:
                promise.come(True, str(e))
        return promise.future

    def _leave(self, group: str) -> None:
        """With the lock, so that it comes before the next one who joins."""
        self._calls.begin("channel_leave", group, then=_ignored)

    # ---- what comes

    async def _open(self, loop: Any) -> None:
        """Has this process receive."""
        if self._address and os.getpid() == self._pid:
            return
        self._read()
        address = await self._ask(loop, "channel_open")
        with self._lock:
            if not self._address:
                self._address = address
                self._calls.begin("channel_poll", then=self._come)

    def _read(self) -> None:
        """Has the connection of the calls read, from now on."""
        if os.getpid() != self._pid:
            raise CallError("a channel layer isn't possible in a process that the program has forked itself")
        with self._lock:
            if self._reads:
                return
            self._reads = True
            if self._loop is None:
                native.start(threading.Thread(target=self._run, name="loomgate-channels", daemon=True))
            elif threading.get_ident() == self._loop_thread:
                self._watch()
            else:
                self._loop.call_soon_threadsafe(self._watch)

    def _watch(self) -> None:
        # Not the connection itself: uvloop makes what it watches non-blocking, and other threads that call the JVM need it blocking.
        watched = select.epoll()
        watched.register(self._calls.fileno(), select.EPOLLIN)
        self._watched = descriptors.copy(watched.fileno())
        watched.close()
        self._loop.add_reader(self._watched, self._readable)

    def _readable(self) -> None:
        try:
            self._calls.read_available()
        except Closed:
            # The JVM has gone, and so will this process.
            self._loop.remove_reader(self._watched)

    def _run(self) -> None:
        """The thread, where no event loop reads."""
        poll = select.poll()
        poll.register(self._calls.fileno(), select.POLLIN)
        try:
            while True:
                poll.poll()
                self._calls.read_available()
        except Closed:
            pass

    def _come(self, failed: bool, items: Any) -> None:
        """The reply to `channel_poll`."""
        if failed:
            log.say(f"loomgate: this process receives no more messages of its channel layer: {items}")
            return
        with self._lock:
            for kind, name, value in items:
                try:
                    self._deliver(kind, name, value, self._layers[name.partition(":")[0]])
                except (KeyError, RuntimeError) as e:
                    # Of a layer that isn't here, or over one of its limits.
                    log.say(f"loomgate: a message of the channel layer is lost: {e}")
            for mailboxes in self._layers.values():
                mailboxes.sweep()
                self._settle(mailboxes)
            self._calls.begin("channel_poll", then=self._come)

    def _deliver(self, kind: str, name: str, value: Any, mailboxes: Mailboxes) -> None:
        if kind == "group":
            mailboxes.put_group(name, value)
        elif kind == "message":
            mailboxes.put(name, value, True)
        elif kind == "add":
            mailboxes.add(name, value)
            # It may just have told the JVM that the last one has left.
            self._calls.begin("channel_join", name, then=_ignored)
        elif kind == "discard":
            if mailboxes.discard(name, value):
                self._leave(name)
        elif kind == "flush":
            mailboxes.clear()
            promise = self._flushes.get(value)
            if promise is not None:
                promise.come(False, None)

    def _settle(self, mailboxes: Mailboxes) -> None:
        """With the lock: the JVM is told what has changed, once for each turn of the event loop."""
        left, mailboxes.left = mailboxes.left, []
        for group in left:
            self._leave(group)
        if not mailboxes.news or self._telling:
            return
        if self._loop is not None and threading.get_ident() == self._loop_thread:
            self._telling = True
            self._loop.call_soon(self._tell)
        else:
            self._tell()

    def _tell(self) -> None:
        with self._lock:
            self._telling = False
            for mailboxes in self._layers.values():
                news, mailboxes.news = mailboxes.news, News()
                taken: List[Tuple[str, int]] = list(news.taken.items())
                full: List[Tuple[str, bool]] = list(news.full.items())
                dropped, expired = news.dropped, news.expired
                while taken or full or dropped or expired:
                    some = taken[:_TOLD_AT_ONCE], full[:_TOLD_AT_ONCE]
                    self._calls.begin("channel_told", *some, dropped, expired, then=_ignored)
                    del taken[:_TOLD_AT_ONCE], full[:_TOLD_AT_ONCE]
                    dropped = expired = 0


def _ignored(failed: bool, value: Any) -> None:
    pass


class _Promise:
    """A future that a thread may keep."""

    def __init__(self, loop: Any) -> None:
        self._loop = loop
        self._thread = threading.get_ident()
        self.future: Any = loop.create_future()

    def come(self, failed: bool, value: Any) -> None:
        """Any thread: the reply, or the message of a failure."""
        if threading.get_ident() == self._thread:
            self.set(failed, value)
            return
        try:
            self._loop.call_soon_threadsafe(self.set, failed, value)
        except RuntimeError:
            # Its loop is closed: nobody waits.
            self.lost(failed, value)

    def set(self, failed: bool, value: Any) -> None:
        """In the thread of the loop."""
        if self.future.done():
            self.lost(failed, value)
        elif failed:
            self.future.set_exception(CallError(value))
        else:
            self.future.set_result(value)

    def lost(self, failed: bool, value: Any) -> None:
        """Nobody waits any more."""


class _Reception(_Promise):
    """A message of a channel that several processes receive from: the JVM has it until one of them takes it.

    Its value is the message and for how many milliseconds it is good, or None after `give_up`.
    """

    def __init__(self, channels: Channels, loop: Any, name: str) -> None:
        super().__init__(loop)
        self._calls = channels._calls
        self._name = name
        self._value: Optional[Tuple[bytes, int]] = None
        self.number = 0
        self.taken = False

    def set(self, failed: bool, value: Any) -> None:
        if not failed and not self.future.done():
            self._value = value
        super().set(failed, value)

    def lost(self, failed: bool, value: Any) -> None:
        if not failed and value is not None:
            self._give_back(value)

    def give_up(self) -> None:
        """In the loop's thread: who waited doesn't any more. What comes nevertheless is for others."""
        if self._value is not None:
            self._give_back(self._value)
        elif self.number and self.future.cancelled():
            self._calls.begin("channel_cancel", self.number, then=_ignored)

    def _give_back(self, value: Tuple[bytes, int]) -> None:
        self._calls.begin("channel_return", self._name, *value, then=_ignored)
