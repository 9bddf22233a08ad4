"""A worker's three connections to the JVM: how they are accepted, and reading whole frames from the quiet ones."""

from __future__ import annotations

import os
import socket
from typing import Any

from loomgate_worker.process import descriptors, forks
from loomgate_worker.wire import frames


class Closed(Exception):
    """The JVM has closed a connection."""


class Link:
    """A connection on which frames are rare (`control`, `call`): each is read by itself. One thread reads at a time."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection: Any = connection

    def read(self) -> tuple[int, int, int, bytes]:
        """Blocks for the next frame: its type, flags, request id and payload."""
        length, kind, flags, _, request_id = frames.HEADER.unpack(self._exactly(frames.HEADER_BYTES))
        if length > frames.MAX_PAYLOAD_BYTES:
            raise frames.ProtocolError(
                f"a frame 0x{kind:02x} of {length} bytes, over {frames.MAX_PAYLOAD_BYTES}"
            )
        return kind, flags, request_id, self._exactly(length)

    def send(self, data: bytes) -> None:
        """Blocks until all of it is sent."""
        self.connection.sendall(data)

    def _exactly(self, count: int) -> bytes:
        parts = []
        while count:
            try:
                part = self.connection.recv(count)
            except ConnectionError:
                part = b""
            if not part:
                raise Closed
            parts.append(part)
            count -= len(part)
        return b"".join(parts)


class Links:
    """The connections of one worker, told apart by the HELLO that is the first frame on each."""

    def __init__(self, data: socket.socket, control: Link, call: Link) -> None:
        self.data = data
        self.control = control
        self.call = call

    @classmethod
    def accept(cls, listener: socket.socket, path: str) -> Links:
        """Waits for the three connections; unlinks the path, so that no other process can connect."""
        found: dict[bytes, socket.socket] = {}
        try:
            while len(found) < 3:
                connection = descriptors.moved_socket(listener.accept()[0])
                kind, _, _, name = Link(connection).read()
                if kind != frames.HELLO or name not in (b"data", b"control", b"call") or name in found:
                    raise frames.ProtocolError(
                        f"a connection begins with frame 0x{kind:02x} {name!r}, not HELLO"
                    )
                found[name] = connection
        finally:
            descriptors.close_socket(listener)
        try:
            os.unlink(path)
        except FileNotFoundError:
            pass
        return cls(found[b"data"], Link(found[b"control"]), Link(found[b"call"]))

    def abandon(self) -> None:
        """In a process that the program has forked: using one of the quiet connections raises an error."""
        self.control.connection = self.call.connection = forks.Abandoned()
