"""Processes that the application has started by itself: what becomes of them in a worker, and at the end.

A worker is made by a bare fork, so what `multiprocessing` does in a process of its own has to be done for it: managers' proxies
and queues made by the import connect again, and the import's processes aren't the worker's children, to be ended with it.

When the zygote ends, so do the processes that the import has started and that are still its children: those of
`multiprocessing` as at any program's end, then all by the end of the pipes to their parent, and by SIGTERM. Who isn't gone
after that is left running, and named in the log; so is what a worker has started. Who has detached itself is nobody's child.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any, Collection, Dict, List

from loomgate_worker.process import log

_signal: Any = signal.signal
_setitimer = signal.setitimer
_set_wakeup_fd = signal.set_wakeup_fd
_getpid, _listdir, _kill, _waitpid = os.getpid, os.listdir, os.kill, os.waitpid
_monotonic, _sleep = time.monotonic, time.sleep

_GOODBYE_SECONDS = 1.0
_LOOK_SECONDS = 0.01
_SHOWN_CHARS = 200

_worker = 0


def adopt_nothing() -> None:
    """In a new worker: the import's processes are the zygote's children."""
    global _worker
    _worker = _getpid()
    process = sys.modules.get("multiprocessing.process")
    children = getattr(process, "_children", None)
    if isinstance(children, set):
        children.clear()
    run_after_forkers = getattr(sys.modules.get("multiprocessing.util"), "_run_after_forkers", None)
    if run_after_forkers is not None:
        run_after_forkers()


def end(workers: Collection[int]) -> None:
    """In the zygote, when its workers have ended or are killed: ends the import's processes, within two seconds."""
    _finalize()
    if not children(workers):
        return
    _set_wakeup_fd(-1)
    for name in _listdir("/proc/self/fd"):
        if int(name) > 2:
            try:
                os.close(int(name))
            except OSError:
                pass  # it was open for the listing only
    deadline = _monotonic() + _GOODBYE_SECONDS
    for pid in children(workers):
        _kill(pid, signal.SIGTERM)
    while True:
        _reap()
        left = children(workers)
        if not left:
            return
        if _monotonic() >= deadline:
            break
        _sleep(_LOOK_SECONDS)
    for pid, command in left.items():
        _say(
            f"the process {pid} ({command}), which the application's import has started, doesn't end by SIGTERM"
            f" within {_GOODBYE_SECONDS:g} s and is left running"
        )


def name_left() -> None:
    """At a normal end: names what a worker leaves behind."""
    if _getpid() != _worker:
        return  # a process of the application's own
    for pid, command in children(()).items():
        _say(f"a worker ends; the process {pid} ({command}), which it has started, is left running")


def children(others: Collection[int]) -> Dict[int, str]:
    """The living children of this process, except `others`, with their command lines."""
    me = _getpid()
    found = {}
    for name in _listdir("/proc"):
        if name.isdigit() and int(name) not in others:
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    state, parent = file.read().rpartition(b")")[2].split()[:2]
                if int(parent) == me and state not in (b"Z", b"X"):
                    found[int(name)] = _command(name)
            except (OSError, ValueError):
                pass  # it has just ended
    return found


def _command(pid: str) -> str:
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        parts: List[bytes] = file.read(4 * _SHOWN_CHARS).rstrip(b"\0").split(b"\0")
    shown = " ".join(part.decode("utf-8", "backslashreplace") for part in parts)
    return "".join(c if c.isprintable() else "?" for c in shown)[:_SHOWN_CHARS]


def _finalize() -> None:
    """What `multiprocessing` does at a program's end, without waiting for processes that are no daemons."""
    util = sys.modules.get("multiprocessing.util")
    run_finalizers = getattr(util, "_run_finalizers", None)
    if run_finalizers is None:
        return

    def over(*_: object) -> None:
        raise TimeoutError(f"not within {_GOODBYE_SECONDS:g} s")

    _signal(signal.SIGALRM, over)
    _setitimer(signal.ITIMER_REAL, _GOODBYE_SECONDS)
    try:
        run_finalizers()
    except BaseException as e:
        _say("the application's multiprocessing objects can't be ended:")
        log.say_exception(e)
    finally:
        _setitimer(signal.ITIMER_REAL, 0)


def _reap() -> None:
    try:
        while _waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _say(text: str) -> None:
    log.say(f"loomgate: {text}")
