"""Our file descriptors, which processes that the application forks must not keep.

Programs that are started (exec) don't inherit them. A forked process would: one that the import leaves behind would hold the
JVM's pipes open, and one that writes by mistake would spoil a worker's connection. So they lead to /dev/null there, under the
same numbers: an object that still has such a number, and closes it some day, then closes nothing of anybody else's.
"""

from __future__ import annotations

import os
from typing import Set

from loomgate_worker import stops

_open, _dup2, _close = os.open, os.dup2, os.close
_descriptors: Set[int] = set()


def install() -> None:
    """In the zygote, once, before the application is imported."""
    os.register_at_fork(after_in_child=_give_up)


def keep(*descriptors: int) -> None:
    """These are ours from now on."""
    _descriptors.update(descriptors)


def close(*descriptors: int) -> None:
    """Closes what was ours."""
    _descriptors.difference_update(descriptors)
    for descriptor in descriptors:
        _close(descriptor)


def _give_up() -> None:
    if stops.is_worker_fork():
        return
    try:
        null = _open(os.devnull, os.O_RDWR)
    except OSError:
        null = -1
    for descriptor in _descriptors:
        try:
            if null >= 0:
                _dup2(null, descriptor, False)
            else:
                _close(descriptor)
        except OSError:
            pass  # the application has closed it
    if null >= 0 and null not in _descriptors:
        _close(null)
    _descriptors.clear()
