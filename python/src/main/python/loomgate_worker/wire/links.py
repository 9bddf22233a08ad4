"""A worker's connections to the JVM: how they are accepted, and reading whole frames from the quiet ones."""

from __future__ import annotations

import array
import errno
import os
import socket
import time
from typing import Any, Optional

from loomgate_worker.process import descriptors, forks
from loomgate_worker.wire import frames


_TOO_MANY = (errno.ETOOMANYREFS, errno.ENOBUFS, errno.ENOMEM)
_PAUSE_SECONDS = 0.001


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


class Descriptors:
    """The connection on which descriptors travel, one byte with each (direct mode)."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection: Any = connection

    def receive(self, count: int) -> list[int]:
        """Waits for so many descriptors, which get numbers of ours. OSError if the process has no more: one that has come is lost."""
        found: list[int] = []
        room = socket.CMSG_SPACE(array.array("i").itemsize)
        while len(found) < count:
            try:
                data, ancillary, flags, _ = self._connection.recvmsg(1, room)
            except ConnectionError:
                data = b""
            if not data:
                raise Closed
            if flags & socket.MSG_CTRUNC:
                raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
            for level, kind, content in ancillary:
                if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                    received = array.array("i", content)
                    found.extend(descriptors.moved(descriptor) for descriptor in received)
        return found

    def send(self, descriptor: int) -> None:
        """Passes it on and closes it here. Blocks while the JVM has many that it hasn't taken."""
        rights = array.array("i", [descriptor])
        while True:
            try:
                self._connection.sendmsg([b"\0"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
                break
            except ConnectionError:
                os.close(descriptor)
                raise Closed from None
            except OSError as e:
                # Too many are on their way (unix(7)): the JVM takes them.
                if e.errno not in _TOO_MANY:
                    raise
                time.sleep(_PAUSE_SECONDS)
        os.close(descriptor)

    def abandon(self) -> None:
        """In a process that the program has forked."""
        self._connection = forks.Abandoned()


class Links:
    """The connections of one worker, told apart by the HELLO that is the first frame on each.

    :ivar descriptors: in direct mode only, as `listeners`, the server's listening sockets
    """

    def __init__(self, data: socket.socket, control: Link, call: Link) -> None:
        self.data = data
        self.control = control
        self.call = call
        self.descriptors: Optional[Descriptors] = None
        self.listeners: list[int] = []

    @classmethod
    def accept(cls, listener: socket.socket, path: str, listeners: int) -> Links:
        """Waits for the connections, and so many listening sockets; unlinks the path, so that no other process can connect."""
        names = (b"data", b"control", b"call") + ((b"descriptors",) if listeners else ())
        found: dict[bytes, socket.socket] = {}
        try:
            while len(found) < len(names):
                connection = descriptors.moved_socket(listener.accept()[0])
                kind, _, _, name = Link(connection).read()
                if kind != frames.HELLO or name not in names or name in found:
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
        links = cls(found[b"data"], Link(found[b"control"]), Link(found[b"call"]))
        if listeners:
            links.descriptors = Descriptors(found[b"descriptors"])
            links.listeners = links.descriptors.receive(listeners)
        return links

    def abandon(self) -> None:
        """In a process that the program has forked: using one of the quiet connections raises an error."""
        self.control.connection = self.call.connection = forks.Abandoned()
        if self.descriptors is not None:
            self.descriptors.abandon()
