"""Calls to the JVM on the `call` connection: the `uwsgi` module's cache, locks, reload."""

from __future__ import annotations

import marshal
import os
import select
import threading
from typing import Any, Callable, Dict, Optional, Tuple

from loomgate_worker.wire import frames
from loomgate_worker.wire.exits import defect
from loomgate_worker.wire.links import Link

_FIRST_ID = 1
_MAX_ID = 0xFFFFFFFF
_MOST_AT_ONCE = 16


class CallError(RuntimeError):
    """The JVM couldn't do what it was asked; the message says why."""


class Calls:
    """Sends CALL frames and waits for their REPLY. Any thread; several at a time.

    A CALL's request id is a number of the worker's own, which its REPLY bears too. (0 will do if only one is under way.)
    Of the threads that wait, one reads the connection for all of them.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._pid = os.getpid()
        self._closed: Optional[str] = None
        self._condition = threading.Condition()
        self._reading = False
        self._next = _FIRST_ID
        # In the order of the calls; None until the reply has come.
        self._outstanding: Dict[int, Optional[Tuple[int, bytes]]] = {}
        self._heirs: Dict[int, Callable[[bool, Any], None]] = {}

    def call(self, name: str, *arguments: Any) -> Any:
        """Blocks until the reply has come."""
        request_id = self.begin(name, *arguments)
        with self._condition:
            while self._outstanding[request_id] is None:
                if self._reading:
                    self._condition.wait()
                else:
                    self._read_one()
        return self.result(request_id)

    def begin(self, name: str, *arguments: Any, then: Optional[Callable[[bool, Any], None]] = None) -> int:
        """Sends a call; `ready` and `result` are for callers that must not block.

        :param then: called with the reply, and before the next one is read, in whichever thread reads: whether it is the message
            of a failure, and the value. It must not call `call`, nor raise. Somebody has to read, and nobody asks for the result.
        """
        payload = marshal.dumps((name, *arguments), 2)
        if len(payload) > frames.MAX_PAYLOAD_BYTES:
            raise ValueError(f"uwsgi.{name}: {len(payload)} bytes are too many for the JVM: at most 1 MiB")
        if os.getpid() != self._pid:
            # The connection is its parent's: two processes would take each other's replies.
            raise CallError(f"uwsgi: {name} isn't possible in a process that the program has forked itself")
        with self._condition:
            if self._closed is not None:
                raise CallError(f"uwsgi: {name} {self._closed}")
            request_id = self._next
            self._next = request_id + 1 if request_id < _MAX_ID else _FIRST_ID
            if then is None:
                self._outstanding[request_id] = None
            else:
                self._heirs[request_id] = then
            self._link.send(frames.frame(frames.CALL, 0, request_id, payload))
        return request_id

    def ready(self, request_id: int) -> bool:
        """Whether the reply has come."""
        return self._outstanding[request_id] is not None

    def result(self, request_id: int) -> Any:
        """The reply that has come."""
        with self._condition:
            reply = self._outstanding.pop(request_id)
        assert reply is not None
        flags, payload = reply
        value = marshal.loads(payload)
        if flags & frames.FAILURE:
            raise CallError(value)
        return value

    def close(self, why: str) -> None:
        """Takes no more calls, and waits for the replies to those that are under way."""
        with self._condition:
            self._closed = why
            while None in self._outstanding.values():
                if self._reading:
                    self._condition.wait()
                else:
                    self._read_one()

    def read(self) -> None:
        """Reads a frame that has come; blocks if none has."""
        with self._condition:
            if not self._reading:
                self._read_one()

    def read_available(self) -> None:
        """Reads the frames that have come, if no other thread does; doesn't wait for any."""
        poll = select.poll()
        poll.register(self._link.connection, select.POLLIN)
        with self._condition:
            for _ in range(_MOST_AT_ONCE):
                if self._reading or not poll.poll(0):
                    return
                self._read_one()

    def fileno(self) -> int:
        return int(self._link.connection.fileno())

    on_reply: Optional[Callable[[], None]] = None
    """Called, in whichever thread reads, after each reply."""

    def _read_one(self) -> None:
        """With the condition's lock, which it lets go meanwhile."""
        self._reading = True
        self._condition.release()
        try:
            kind, flags, request_id, payload = self._link.read()
            if kind != frames.REPLY:
                defect(frames.ProtocolError(f"frame 0x{kind:02x} came on the call connection"))
            then = self._heirs.pop(request_id, None)
            if then is not None:
                then(bool(flags & frames.FAILURE), marshal.loads(payload))
        finally:
            self._condition.acquire()
            self._reading = False
            self._condition.notify_all()
        if then is None:
            self._keep(flags, request_id, payload)
        if self.on_reply is not None:
            self.on_reply()

    def _keep(self, flags: int, request_id: int, payload: bytes) -> None:
        waiting = [key for key, reply in self._outstanding.items() if reply is None]
        if request_id == 0 and len(waiting) == 1:
            request_id = waiting[0]
        if request_id not in waiting:
            # To guess would be worse: somebody might believe that he has a lock.
            defect(
                frames.ProtocolError(
                    f"REPLY {request_id} answers none of the calls {waiting} that are under way"
                )
            )
        self._outstanding[request_id] = (flags, payload)
