"""Connections that a program makes itself, which it has as file descriptors: `uwsgi.connect` and what goes with it.

A wait is the mode's: in mode `asyncio`, other requests go on meanwhile, where uWSGI's `connect` holds them up.
"""

from __future__ import annotations

import errno
import os
import socket
from typing import Any, Callable, Optional, Tuple, Union

from loomgate_worker.process import log
from loomgate_worker.uwsgi.missing import NotOffered
from loomgate_worker.uwsgi.texts import Text, octets, text
from loomgate_worker.uwsgi.waits import Waits

_MOST_BYTES = 4096
_CONNECT_SECONDS = 3
_UNDER_WAY = (errno.EINPROGRESS, errno.EAGAIN)

Address = Tuple[int, Union[str, Tuple[str, int]]]


class Connections:
    """The public methods are functions of the module.

    :param waits: how the process waits now
    """

    def __init__(self, waits: Callable[[], Waits]) -> None:
        self._waits = waits

    def connect(self, address: Text, timeout: int = 0) -> int:
        """Connects to `1.2.3.4:80` (the address in digits, `:80` for this machine), or to a unix socket (`@name` for an abstract
        one): a file descriptor; -1 if that isn't possible.

        :param timeout: in seconds; 3 if it is 0
        """
        fd = self.async_connect(address)
        if fd < 0:
            return fd
        if (
            self._waits().descriptor(fd, True, timeout if timeout > 0 else _CONNECT_SECONDS)
            and _error(fd) == 0
        ):
            os.set_blocking(fd, True)
            return fd
        os.close(fd)
        return -1

    def async_connect(self, address: Text) -> int:
        """The same, and doesn't wait: `wait_fd_write` does, and `is_connected` says what has come of it. The descriptor doesn't
        block."""
        found = _address(text(address))
        if found is None:
            return -1
        family, place = found
        made = socket.socket(family, socket.SOCK_STREAM)
        made.setblocking(False)
        try:
            # The kernel has no room for a unix socket's connection: nobody would tell of it later.
            failed = made.connect_ex(place) not in (
                0,
                *(_UNDER_WAY[:1] if family == socket.AF_UNIX else _UNDER_WAY),
            )
        except (OSError, ValueError):
            failed = True
        if failed:
            made.close()
            return -1
        return made.detach()

    def send(self, *arguments: Any) -> Optional[bool]:
        """`send(fd, data)`: writes all of it. None if that fails. (uWSGI writes what there is room for.)"""
        if len(arguments) == 1:
            raise NotOffered(
                "uwsgi.send(data) writes to the client's connection, which belongs to the server process, not to the worker;"
                " use write(), or send(fd, data) for a connection of the program's own"
            )
        fd, data = arguments
        left = memoryview(octets(data, "what is sent"))
        while left:
            try:
                left = left[os.write(fd, left) :]
            except BlockingIOError:
                self._waits().descriptor(fd, True, None)
            except OSError as e:
                log.say(f"loomgate: uwsgi.send: {e}")
                return None
        return True

    def recv(self, fd: int, size: int = _MOST_BYTES) -> Optional[bytes]:
        """What has come, at most 4096 bytes. None at the end, after a failure, and where nothing has come on a descriptor that doesn't
        block."""
        try:
            return os.read(fd, max(0, min(size, _MOST_BYTES))) or None
        except OSError:
            return None


def is_connected(fd: int) -> bool:
    """Whether it is a socket that nothing has happened to."""
    return _error(fd) == 0


def _error(fd: int) -> int:
    """What has happened to a socket since the last question; -1 if it is none."""
    try:
        there = socket.socket(fileno=fd)
    except OSError:
        return -1
    try:
        return there.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    finally:
        there.detach()


def _address(name: str) -> Optional[Address]:
    """As uWSGI reads it; None for a name that would have to be asked for."""
    host, colon, port = name.partition(":")
    if not colon:
        return socket.AF_UNIX, "\0" + name[1:] if name.startswith("@") else name
    try:
        return socket.AF_INET, (socket.inet_ntoa(socket.inet_aton(host or "0.0.0.0")), int(port))
    except (OSError, ValueError):
        return None
