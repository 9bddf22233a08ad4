"""Direct mode in one worker: the listening sockets, what is taken from them, answered, handed over and told of."""

from __future__ import annotations

import errno
import os
import select
import threading
from functools import partial
from time import monotonic, monotonic_ns, sleep
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional, Tuple

from loomgate_worker.direct import functions
from loomgate_worker.direct.exchange import Direct, DirectExchange
from loomgate_worker.direct.kinds import Kinds, asked
from loomgate_worker.direct.packet import head_figures, with_variable
from loomgate_worker.process import forks, log
from loomgate_worker.wire import frames, request_ids
from loomgate_worker.wire.links import Descriptors
from loomgate_worker.wire.scoreboard import (
    DIRECT_BEGUN,
    DIRECT_NANOS,
    DIRECT_OVER,
    DIRECT_SENT,
    DIRECT_SINCE,
    SLOT,
    SLOT_BYTES,
    Scoreboard,
)
from loomgate_worker.wsgi.input import Input

if TYPE_CHECKING:
    from loomgate_worker.direct.packet import Taken
    from loomgate_worker.wire.exchange import Mode
    from loomgate_worker.wire.request_ids import RequestIds

_MOST_RECORDS = 64
_MOST_RECORD_BYTES = 256 * 1024
_LAST_ID = 0xFFFFFFFF
_WORD_BYTES = 8
_MOST_HANDED_OVER = 64
_LATE_MILLIS = 5
"""A client that has connected and not written yet is waited for so long, before the JVM waits for it."""

_REST_SECONDS = 0.05
_SILENT_SECONDS = 10


class Acceptor:
    """Takes connections for a mode. One thread takes them; any may answer, hand over, and flush.

    :ivar accepting: whether connections are to be taken. Changes in the thread that reads the data connection.
    :ivar limit: after how many requests of this worker `limit_reached` is to be called; 0 for never
    """

    def __init__(
        self,
        mode: Mode,
        base: Dict[str, Any],
        link: Descriptors,
        listeners: List[int],
        settings: Dict[str, Any],
        scoreboard: Scoreboard,
        one_at_a_time: bool,
        ids: Optional[RequestIds] = None,
    ) -> None:
        self.mode = mode
        self.accepting = False
        self.limit = 0
        self._numbers = self._own_numbers(listeners, settings)
        self.listeners = [listeners[number] for number in self._numbers]
        self.late: Callable[[int, Taken], Optional[Taken]] = self._wait_a_moment
        """What to do about a connection (of the listening socket of that number) on which nothing is yet. None if the mode
        waits for it, and begins it then."""
        chosen = functions.chosen
        rules = (
            base,
            settings["max_header_bytes"],
            settings["max_header_count"],
            settings["max_body_bytes"],
        )
        self._takers: List[Callable[[], Optional[Taken]]] = [
            partial(chosen.take, listener, *rules) for listener in self.listeners
        ]
        self._rules = rules
        self._chosen = chosen
        self._reply: Callable[[int, bytes, bytes], bool] = chosen.reply
        self._link = link
        self._marks, self._page = scoreboard.marks, scoreboard.page
        self._one_at_a_time = one_at_a_time
        # Where slots are that no request has, and those of requests. Changed by one operation at a time, so without a lock.
        self._free_slots = [number * SLOT_BYTES for number in range(scoreboard.slots, 0, -1)]
        self._slots: Dict[int, int] = {}
        self._lock = threading.Lock()
        self._begun = 0
        self._over = 0
        self._id = frames.FIRST_DIRECT_ID - 1
        self._turn = 0
        self._complained = -float(_SILENT_SECONDS)
        self._records: Optional[List[bytes]] = [] if self._tells(settings) else None
        self._record_bytes = 0
        self._sent = 0
        self._nanos = 0
        self._details: bool = settings["details"]
        self._kept_paths = frozenset(settings["kept_paths"])
        bounds = self._kind_bounds(settings)
        # A full disk, or a limit on the size of files, may have left no place for them.
        by_kinds = bool(bounds and scoreboard.kinds)
        self._kinds = Kinds(scoreboard, bounds) if by_kinds and not scoreboard.counts_kinds else None
        self._counts: bool = self._kinds is not None or (settings["counts"] and not by_kinds)
        self._ids = ids
        self._most_bytes: int = settings["max_header_bytes"]
        self._most_variables: int = settings["max_header_count"]

    @staticmethod
    def _own_numbers(listeners: List[int], settings: Dict[str, Any]) -> List[int]:
        """Which of the JVM's listening sockets are this one's: those of uwsgi."""
        http = settings.get("http")
        return [number for number in range(len(listeners)) if http is None or number not in http["sockets"]]

    @staticmethod
    def _tells(settings: Dict[str, Any]) -> bool:
        """Whether the JVM is told of each request that is answered."""
        tells: bool = settings["records"]
        return tells

    @staticmethod
    def _kind_bounds(settings: Dict[str, Any]) -> List[int]:
        """Nanoseconds by which requests are counted in the scoreboard; empty if they aren't."""
        bounds: List[int] = settings["duration_bounds"]
        return bounds

    # ---- the JVM

    def heed(self, flags: int, payload: bytes) -> None:
        """ACCEPT has come."""
        self.accepting = bool(flags & frames.TAKE)
        self.limit = frames.U32.unpack(payload)[0]

    def limit_reached(self) -> None:
        """As many requests have begun as the JVM wants of this worker."""
        self.limit = 0
        self.mode.emit(frames.frame(frames.LIMIT))

    # ---- taking

    def take(self) -> Optional[DirectExchange]:
        """A request that begins now; None if no connection waits, or the mode waits for what comes on it. What isn't plain
        is handed over meanwhile."""
        taken = self._next()
        handed_over = 0
        while taken is not None:
            if taken[1] is None:
                taken = self.late(self._numbers[self._turn], taken)
                if taken is None:
                    return None
            exchange = self.begin(self._numbers[self._turn], taken)
            if exchange is not None:
                return exchange
            handed_over += 1
            if handed_over == _MOST_HANDED_OVER:
                break
            taken = self._next()
        return None

    def _next(self) -> Optional[Taken]:
        """From one listening socket after the other, so that each has its turn."""
        takers = self._takers
        try:
            if len(takers) == 1:
                return takers[0]()
            for _ in takers:
                self._turn = turn = (self._turn + 1) % len(takers)
                taken = takers[turn]()
                if taken is not None:
                    return taken
        except OSError as e:
            self._rest(e)
        return None

    def _rest(self, e: OSError) -> None:
        if e.errno == errno.EINVAL:
            # The server has shut it down: it stops.
            self.accepting = False
            return
        now = monotonic()
        if now - self._complained >= _SILENT_SECONDS:
            self._complained = now
            log.say(
                f"loomgate: no connection can be taken now ({e.strerror}); is the number of open files too low?"
                " (ulimit -n)"
            )
        self._pause()

    def _pause(self) -> None:
        """Waits a moment, since no connection can be taken."""
        sleep(_REST_SECONDS)

    def read(self, descriptor: int) -> Taken:
        """Reads from a connection on which nothing was yet."""
        taken: Taken = self._chosen.read(descriptor, *self._rules)
        return taken

    def _wait_a_moment(self, _: int, taken: Taken) -> Optional[Taken]:
        poll = select.poll()
        poll.register(taken[0], select.POLLIN)
        return self.read(taken[0]) if poll.poll(_LATE_MILLIS) else taken

    def begin(self, number: int, taken: Taken) -> Optional[DirectExchange]:
        """The request, which begins now; None if it isn't plain, or the server's own, and so is handed over.

        :param number: of the listening socket
        """
        # This, and WsgiExchange.run, are what a quick request's time is spent in.
        descriptor, data, environ, body = taken
        if environ is None or data is None or body is None:
            self._punt(number, descriptor, data or b"")
            return None
        if self._kept_paths and environ.get("PATH_INFO") in self._kept_paths:
            self._punt(number, descriptor, data + body)
            return None
        environ["wsgi.input"] = Input(body)
        if self._ids is not None:
            data = self._named(self._ids, environ, data)
        since = monotonic_ns()
        request_id = self._next_id()
        mode = self.mode
        mode.live[request_id] = exchange = DirectExchange(
            self, mode, request_id, environ, number, descriptor, data, body, since
        )
        if self._kinds is not None:
            exchange.asked = asked(environ)
        self._count_begun(request_id, number, data, since)
        return exchange

    def _next_id(self) -> int:
        self._id = request_id = self._id + 1 if self._id < _LAST_ID else frames.FIRST_DIRECT_ID
        return request_id

    def _count_begun(self, request_id: int, number: int, data: bytes, since: int) -> None:
        """The scoreboard tells of a request, which is in `mode.live`: what it tells of can be handed over."""
        marks = self._marks
        if self._free_slots:
            self._slots[request_id] = slot = self._free_slots.pop()
            SLOT.pack_into(self._page, slot, since, number, data)
        marks[DIRECT_SINCE] = since
        marks[DIRECT_BEGUN] = self._begun = self._begun + 1

    def _punt(self, number: int, descriptor: int, read: bytes) -> None:
        """Nothing has begun: the JVM goes on with what has been read."""
        with self._lock:
            self._pass_on(descriptor, frames.PUNTED, 0, frames.U32.pack(number) + read)

    def _named(self, ids: RequestIds, environ: Dict[str, Any], data: bytes) -> bytes:
        """Gives the request an id. The packet, which then tells of it: the JVM's lines are to have the same one."""
        own = ids.name(environ)
        if own or len(environ) > self._most_variables:
            return data
        told = with_variable(data, request_ids.KEY, environ[request_ids.KEY])
        return told if len(told) <= self._most_bytes else data

    # ---- a request's end

    def reply(self, exchange: Direct, head: bytes, body: bytes) -> bool:
        """Answers on the connection; False if it is the JVM's now, which then answers."""
        try:
            descriptor = exchange.connection.pop()
        except IndexError:
            # The control thread may be about to hand it over.
            with self._lock:
                return False
        try:
            answered = self._reply(descriptor, head, body)
        except OSError as e:
            # The program has closed it, as code that makes a daemon does.
            log.say(
                f"loomgate: a connection was closed by the application before it was answered: {e.strerror}"
            )
            answered = True
        if not answered:
            exchange.connection.append(descriptor)
            self.hand_over(exchange)
            return False
        self._has_answered(exchange, head, body)
        return True

    def _has_answered(self, exchange: Direct, head: bytes, body: bytes) -> None:
        if self._one_at_a_time:
            # The control thread counts what it hands over, and this is not it.
            self._count_over(exchange)
            if self._counts:
                self._count_work(exchange, head, body)
        else:
            with self._lock:
                self._count_over(exchange)
                if self._counts:
                    self._count_work(exchange, head, body)
        if self._records is not None:
            self._record(exchange, head, len(body))

    def hand_over(self, exchange: Direct) -> None:
        """Gives the connection to the JVM, which gets the rest as frames. Does nothing if that has been done."""
        with self._lock:
            try:
                descriptor = exchange.connection.pop()
            except IndexError:
                return
            payload = frames.BEGUN_PAYLOAD.pack(exchange.listener, exchange.since)
            payload += exchange.packet + exchange.body
            self._pass_on(descriptor, frames.BEGUN, exchange.id, payload)
            self._count_over(exchange)

    def _count_over(self, exchange: Direct) -> None:
        slot = self._slots.pop(exchange.id, None)
        if slot is not None:
            self._marks[slot // _WORD_BYTES] = 0
            self._free_slots.append(slot)
        self._over = over = self._over + 1
        self._marks[DIRECT_OVER] = over

    def _count_work(self, exchange: Direct, head: bytes, body: bytes) -> None:
        kinds = self._kinds
        if kinds is not None:
            kinds.count(exchange.asked, head[:3], len(head) + len(body), monotonic_ns() - exchange.since)
            return
        self._sent = sent = self._sent + len(head) + len(body)
        self._nanos = nanos = self._nanos + monotonic_ns() - exchange.since
        self._marks[DIRECT_SENT] = sent
        self._marks[DIRECT_NANOS] = nanos

    def hand_over_old(self, nanos: int) -> None:
        """Hands over what began so long ago, or longer. Any thread."""
        before = monotonic_ns() - nanos
        for exchange in list(self.mode.live.values()):
            if isinstance(exchange, Direct) and exchange.since <= before:
                exchange.hand_over()

    # Under the lock, so that the JVM finds the descriptors in the same order, and before them.
    def _pass_on(self, descriptor: int, kind: int, request_id: int, payload: bytes) -> None:
        self._link.send(descriptor)
        self.mode.emit(frames.frame(kind, 0, request_id, payload))

    # ---- what is told of requests

    @staticmethod
    def _head_figures(head: bytes, content: int) -> Tuple[int, int]:
        return head_figures(head, content)

    def _record(self, exchange: Direct, head: bytes, content: int) -> None:
        nanos = monotonic_ns() - exchange.since
        packet = exchange.packet
        if self._details:
            figures = self._head_figures(head, content)
            entry = frames.ANSWERED_DETAILS.pack(
                exchange.listener, int(head[:3]), content, nanos, *figures, len(packet)
            )
        else:
            entry = frames.ANSWERED_ENTRY.pack(exchange.listener, int(head[:3]), content, nanos, len(packet))
        with self._lock:
            assert self._records is not None
            self._records.append(entry + packet)
            self._record_bytes += len(entry) + len(packet)
        if len(self._records) >= _MOST_RECORDS or self._record_bytes > _MOST_RECORD_BYTES:
            self.flush()

    def is_idle(self) -> bool:
        """Whether no request runs that has not been handed over."""
        return self._begun == self._over

    def has_records(self) -> bool:
        """Whether there is something to `flush`."""
        return bool(self._records)

    def flush(self) -> None:
        """Tells the JVM of the requests that have been answered."""
        if self._records:
            with self._lock:
                payload = b"".join(self._records)
                self._records.clear()
                self._record_bytes = 0
            self.mode.emit(frames.frame(frames.ANSWERED, 0, 0, payload))

    # ---- forks

    def abandon(self) -> None:
        """In a process that the program has forked: the connections are the worker's."""
        for exchange in list(self.mode.live.values()):
            if isinstance(exchange, Direct):
                for descriptor in exchange.connection:
                    os.close(descriptor)
                exchange.connection.clear()
        self.accepting = False
        abandoned: Any = self
        abandoned.reply = abandoned.hand_over = _leave


def _leave(*_: Any) -> bool:
    forks.leave()
