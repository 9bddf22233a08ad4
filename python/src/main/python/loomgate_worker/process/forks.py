"""Processes that the program forks: they run its code, and leave as soon as they come back into this package's.

A forked child has everything that its parent has: the connections to the JVM, the loop, the requests that wait. One that
went on here would answer requests in the worker's place. So the hook of `os.register_at_fork` makes the child a stranger
at once: our descriptors lead nowhere in it, and what leads to them (`on_fork`) ends the process, or fails.

What the program does in the child is its own affair: multiprocessing's targets, `os.exec`, `os._exit`.
"""

from __future__ import annotations

import os
from typing import Any, Callable, List, NoReturn, Optional

from loomgate_worker.process import descriptors, log

_foreign = False
_making_worker = False
_on_fork: List[Callable[[], None]] = []


def watch() -> None:
    """In the zygote, once, before the program is imported."""
    # What is in the streams would be written by both.
    os.register_at_fork(before=log.flush, after_in_child=_in_child)


def fork_worker() -> int:
    """`os.fork()` for a worker, in which this package goes on."""
    global _making_worker
    _making_worker = True
    try:
        return os.fork()
    finally:
        _making_worker = False


def is_making_worker() -> bool:
    """In a hook of `os.register_at_fork`: whether a worker is forked, and not a process of the program's."""
    return _making_worker


def on_fork(action: Callable[[], None]) -> None:
    """Has this done in each process that the program forks from this one."""
    _on_fork.append(action)


def _in_child() -> None:
    global _foreign
    if _making_worker:
        _on_fork.clear()
        return
    _foreign = True
    for action in _on_fork:
        action()
    # Its log is still the worker's.
    descriptors.give_up(log.descriptor())


def is_foreign() -> bool:
    """Whether this is a process that the program has forked."""
    return _foreign


def leave_if_foreign(e: Optional[BaseException] = None) -> None:
    """To be called where the program's code returns to, or raises."""
    if _foreign:
        leave(e)


def leave(e: Optional[BaseException] = None) -> NoReturn:
    """Ends a forked process as the end of a program would: by the exception's status, if there is one."""
    code: Any = e.code if isinstance(e, SystemExit) else None if e is None else 1
    if isinstance(e, SystemExit):
        if code is not None and not isinstance(code, int):
            log.say(str(code))
            code = 1
    elif isinstance(e, Exception):
        log.say_exception(e)
    log.flush()
    os._exit((code or 0) & 0xFF)


class Abandoned:
    """In a connection's place, in a process that the program has forked."""

    def __getattr__(self, name: str) -> Any:
        raise OSError(
            "this process was forked by the application: the server's connections belong to its parent, the worker"
        )
