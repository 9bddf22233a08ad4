"""Reads the data connection: many frames a read, requests made into exchanges without detours."""

from __future__ import annotations

import marshal
import socket
import struct
from typing import TYPE_CHECKING

from loomgate_worker import frames
from loomgate_worker.exchange import exchange
from loomgate_worker.links import Closed

if TYPE_CHECKING:
    from loomgate_worker.runner import Runner

# A header and the u32 that a REQUEST's payload begins with.
_START = struct.Struct("<IBBHII")
_READ_BYTES = 256 * 1024


class Intake:
    """The bytes that have come and are not yet a whole frame. One thread at a time."""

    def __init__(self, connection: socket.socket, runner: Runner) -> None:
        self._connection = connection
        self._runner = runner
        # Room for the largest frame and a read. What is never touched takes no memory.
        self.buffer = bytearray(frames.HEADER_BYTES + frames.MAX_PAYLOAD_BYTES + _READ_BYTES)
        self._view = memoryview(self.buffer)
        self._kept = 0

    def receive(self) -> bool:
        """Reads once, without waiting, and gives the runner every whole frame. False if nothing was there.

        Raises `Closed` at the connection's end.
        """
        kept = self._kept
        try:
            count = self._connection.recv_into(
                self._view[kept : kept + _READ_BYTES], _READ_BYTES, socket.MSG_DONTWAIT
            )
        except BlockingIOError:
            return False
        except ConnectionError:
            count = 0
        if not count:
            raise Closed
        self.parse(kept + count)
        return True

    def parse(self, end: int) -> None:
        """Takes the whole frames among the first `end` bytes of the buffer; moves what is left to its front."""
        buffer, view, runner = self.buffer, self._view, self._runner
        unpack = _START.unpack_from
        at = 0
        while end - at >= frames.HEADER_BYTES:
            # A frame without payload has no u32 there: what is read then isn't used. (The buffer has room behind its end.)
            length, kind, flags, _, request_id, first = unpack(buffer, at)
            start = at + frames.HEADER_BYTES
            after = start + length
            if after > end:
                if length > frames.MAX_PAYLOAD_BYTES:
                    raise frames.ProtocolError(f"a frame 0x{kind:02x} has {length} bytes, over 1 MiB")
                break
            if kind == frames.REQUEST:
                body = start + 4 + first
                runner.live[request_id] = made = exchange(
                    runner,
                    request_id,
                    marshal.loads(view[start + 4 : body]),
                    bytes(view[body:after]) if body < after else b"",
                    flags & frames.COMPLETE != 0,
                )
                runner.accept(made)
            else:
                runner.heed(kind, flags, request_id, bytes(view[start:after]))
            at = after
        if 0 < at < end:
            view[: end - at] = view[at:end]
        self._kept = end - at
