"""This package's descriptors: numbers that no program closes by mistake, and that no process inherits.

Programs close and replace the low ones: `os.close(1)`, `os.closerange(3, 256)` and worse in code that makes a daemon. So ours
are far above, where the limit allows it. They are close-on-exec, and a process that the program forks closes them (forks.py).
"""

from __future__ import annotations

import fcntl
import os
import resource
import select
import socket
from contextlib import contextmanager
from typing import Iterable, Iterator, Set, Tuple

_WANTED = 2048

_ours: Set[int] = set()
_lasting: Set[int] = set()


def _floor() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _WANTED if soft == resource.RLIM_INFINITY else min(_WANTED, soft // 2)


def copy(descriptor: int) -> int:
    """A copy with a number of ours."""
    try:
        made = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _floor())
    except OSError:
        # None is left so high.
        made = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 3)
    _ours.add(made)
    return made


def moved(descriptor: int) -> int:
    """The same with a number of ours; the given one is closed."""
    try:
        return copy(descriptor)
    finally:
        os.close(descriptor)


def pipe() -> Tuple[int, int]:
    """`os.pipe()`."""
    reading, writing = os.pipe()
    try:
        high = moved(reading)
    except OSError:
        os.close(writing)
        raise
    try:
        return high, moved(writing)
    except OSError:
        close(high)
        raise


def epoll() -> select.epoll:
    """`select.epoll()`."""
    low = select.epoll()
    try:
        return select.epoll.fromfd(copy(low.fileno()))
    finally:
        low.close()


def named_pipe(path: str) -> Tuple[int, int]:
    """A new pipe in the file system: what keeps both of its ends open, and an end to write to. `OSError` leaves at most the name."""
    os.mkfifo(path)
    # Whatever the program's umask is.
    os.chmod(path, 0o600)
    # Linux doesn't wait for another process then.
    held = moved(os.open(path, os.O_RDWR))
    try:
        return held, moved(os.open(path, os.O_WRONLY))
    except OSError:
        close(held)
        raise


def moved_socket(given: socket.socket) -> socket.socket:
    """The same connection or listener, without the time limit that the program may have set for all sockets."""
    family, kind = given.family, given.type
    with given:
        made = socket.socket(family, kind, 0, fileno=copy(given.fileno()))
    made.settimeout(None)
    return made


@contextmanager
def borrowed(descriptor: int) -> Iterator[socket.socket]:
    """Somebody else's socket as an object: it never waits, whatever time limit the program has set for all sockets, and isn't closed."""
    its = socket.socket(fileno=descriptor)
    try:
        its.settimeout(0)
        yield its
    finally:
        its.detach()


def last(descriptor: int) -> None:
    """A worker gets this one from the zygote as well."""
    _lasting.add(descriptor)


def closed(descriptor: int) -> None:
    """The object that has this one closes it."""
    _ours.discard(descriptor)
    _lasting.discard(descriptor)


def close(descriptor: int) -> None:
    """Closes one of ours."""
    closed(descriptor)
    os.close(descriptor)


def close_socket(given: socket.socket) -> None:
    """Closes one of ours."""
    closed(given.fileno())
    given.close()


def close_for_worker(but: Iterable[int]) -> None:
    """Closes, in a worker, what is the zygote's alone."""
    _close(_ours.intersection(_lasting.union(but)))


def give_up(but: int) -> None:
    """In a process that the program has forked: all lead nowhere, except one.

    Under the same numbers: an object that has such a number, and closes it some day, then closes nothing of anybody else's.
    """
    try:
        null = os.open(os.devnull, os.O_RDWR)
    except OSError:
        _close({but})
        return
    for descriptor in _ours - {but}:
        try:
            os.dup2(null, descriptor, False)
        except OSError:
            # Beyond a limit that the program has set.
            pass
    os.close(null)


def _close(kept: Set[int]) -> None:
    for descriptor in _ours - kept:
        try:
            os.close(descriptor)
        except OSError:
            # The program has closed it.
            pass
    _ours.intersection_update(kept)
