"""Reads the data connection: many frames a read, requests made into exchanges, and what the other frames do to these."""

from __future__ import annotations

import marshal
import socket
import struct
from typing import TYPE_CHECKING

from loomgate_worker.wire import frames
from loomgate_worker.wire.exits import defect
from loomgate_worker.wire.links import Closed

if TYPE_CHECKING:
    from loomgate_worker.modes.runner import Runner

# A header and the u32 that a REQUEST's payload begins with.
_START = struct.Struct("<IBBHII")
_HEADER_BYTES = frames.HEADER_BYTES
_REQUEST = frames.REQUEST
_COMPLETE = frames.COMPLETE
_WEB_SOCKET = frames.WEB_SOCKET
_TAKES_HINTS = frames.TAKES_HINTS
_TAKES_TRAILERS = frames.TAKES_TRAILERS
_TAKES_ROUTE = frames.TAKES_ROUTE
_HAS_FIELDS = frames.HAS_FIELDS
_READ_BYTES = 256 * 1024
# Room for the largest ordinary frame and a read. What is never touched takes no memory.
_BUFFER_BYTES = frames.HEADER_BYTES + frames.MAX_PAYLOAD_BYTES + _READ_BYTES


class Intake:
    """The bytes that have come and are not yet a whole frame. One thread at a time."""

    def __init__(self, connection: socket.socket, runner: Runner) -> None:
        self._connection = connection
        self._runner = runner
        self.buffer = bytearray(_BUFFER_BYTES)
        self._view = memoryview(self.buffer)
        self._kept = 0

    def receive(self) -> bool:
        """Reads once, without waiting, and takes every whole frame. False if nothing was there.

        The end of the connection, and a mistake of the JVM's, end the worker.
        """
        kept = self._kept
        try:
            try:
                count = self._connection.recv_into(
                    self._view[kept : kept + _READ_BYTES], _READ_BYTES, socket.MSG_DONTWAIT
                )
            except BlockingIOError:
                return False
            except ConnectionError:
                count = 0
            if count:
                self.parse(kept + count)
                return True
        except Exception as e:
            defect(e)
        self._runner.gone()

    def wait(self) -> int:
        """Reads once, waiting for bytes; the end of what there is now, for `take`. Raises `Closed` at the connection's end."""
        kept = self._kept
        try:
            count = self._connection.recv_into(self._view[kept : kept + _READ_BYTES], _READ_BYTES)
        except ConnectionError:
            count = 0
        if not count:
            raise Closed
        return kept + count

    def take(self, end: int) -> None:
        """`parse`, for which a mistake of the JVM's is the worker's end."""
        try:
            self.parse(end)
        except Exception as e:
            defect(e)

    def parse(self, end: int) -> None:
        """Takes the whole frames among the first `end` bytes of the buffer; moves what is left to its front."""
        # This loop, and WsgiExchange.run, are what a quick request's time is spent in: hence the local names.
        buffer, view, runner = self.buffer, self._view, self._runner
        unpack, loads, live, accept, make = (
            _START.unpack_from,
            marshal.loads,
            runner.live,
            runner.accept,
            runner.make,
        )
        at = 0
        while end - at >= _HEADER_BYTES:
            # A frame without payload has no u32 there: what is read then isn't used. (The buffer has room behind its end.)
            length, kind, flags, _, request_id, first = unpack(buffer, at)
            start = at + _HEADER_BYTES
            after = start + length
            if after > end:
                if length > frames.MAX_PAYLOAD_BYTES:
                    most = frames.MAX_REQUEST_BYTES if kind == _REQUEST else frames.MAX_PAYLOAD_BYTES
                    if length > most:
                        raise frames.ProtocolError(f"a frame 0x{kind:02x} has {length} bytes, over {most}")
                    if _HEADER_BYTES + length + _READ_BYTES > len(buffer):
                        self._resize(_HEADER_BYTES + length + _READ_BYTES, at, end)
                        return
                break
            if kind == _REQUEST:
                body = bytes(view[start + 4 + first : after]) if length > first + 4 else b""
                exchange = make(runner, request_id, loads(view[start + 4 : after]), body, flags & _COMPLETE)
                if flags > _COMPLETE:
                    if flags & _WEB_SOCKET:
                        exchange.offers_websocket = True
                    if flags & _TAKES_HINTS:
                        exchange.offer_hints()
                    if flags & _TAKES_TRAILERS:
                        exchange.offer_trailers()
                    if flags & _TAKES_ROUTE:
                        exchange.take_route()
                    if flags & _HAS_FIELDS:
                        exchange.take_fields()
                live[request_id] = exchange
                accept(exchange)
            else:
                self._heed(kind, flags, request_id, bytes(view[start:after]))
            at = after
        if len(buffer) > _BUFFER_BYTES and at and end - at <= _READ_BYTES:
            self._resize(_BUFFER_BYTES, at, end)
            return
        if 0 < at < end:
            view[: end - at] = view[at:end]
        self._kept = end - at

    def _heed(self, kind: int, flags: int, request_id: int, payload: bytes) -> None:
        """Does what a frame of the data connection says, other than REQUEST. Frames for what is over are dropped."""
        runner = self._runner
        if kind == frames.STOP:
            runner.stop()
            return
        if kind == frames.SIGNAL:
            runner.signal(request_id)
            return
        if kind == frames.ACCEPT and runner.acceptor is not None:
            runner.acceptor.heed(flags, payload)
            return
        exchange = runner.live.get(request_id)
        if frames.LENT <= kind <= frames.RECLAIM and runner.lender is not None:
            runner.lender.heed(kind, flags, exchange)
            return
        if exchange is None:
            if not frames.BODY <= kind <= frames.FILE_SENT and kind != frames.END:
                raise frames.ProtocolError(f"frame 0x{kind:02x} came on the data connection")
            return
        if kind == frames.BODY or kind == frames.BODY_FAILED:
            if exchange.input is None:
                # It is about to be removed, or else there is a mistake.
                if exchange.over:
                    return
                raise frames.ProtocolError(
                    f"a part of the body came for request {request_id}, which had it all"
                )
            if kind == frames.BODY:
                exchange.input.feed(payload, flags & frames.COMPLETE != 0)
            else:
                exchange.input.fail(payload.decode("utf-8", "replace"))
        elif kind == frames.CREDIT:
            exchange.granted += frames.U32.unpack(payload)[0]
        elif kind == frames.CANCEL:
            exchange.cancelled = True
            exchange.overtime = flags & frames.OVERTIME != 0
            if exchange.open_file is not None:
                runner.close_later(exchange)
            else:
                runner.cancel(exchange)
            return
        elif kind == frames.FILE_SENT:
            runner.close_later(exchange)
            return
        elif kind == frames.END:
            exchange.ask_to_end()
        else:
            raise frames.ProtocolError(f"frame 0x{kind:02x} came on the data connection")
        runner.wake(exchange)

    def _resize(self, size: int, at: int, end: int) -> None:
        """Another buffer, for a REQUEST that is larger than usual or after it; what is left is moved to its front."""
        buffer = bytearray(size)
        self._kept = end - at
        buffer[: self._kept] = self._view[at:end]
        self.buffer, self._view = buffer, memoryview(buffer)
