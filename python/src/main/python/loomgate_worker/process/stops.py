"""Signals that come to the zygote and to workers: it is the JVM that decides what they mean.

A terminal sends SIGINT to all of its foreground processes, and SIGHUP when it is closed; systemd sends SIGTERM to all of a
service's. The JVM then lets requests end, or reloads; processes between it and the requests that died meanwhile would lose
them. And in a view `os.kill(os.getppid(), SIGHUP)` is meant for the server, although the parent is the zygote. So:

- where a signal would end or stop the process it is ignored: by a handler, which programs that are started don't inherit,
  and which processes that an application forks (multiprocessing's, which are ended by SIGTERM) put away. What the kernel
  sends for a fault (SIGSEGV and its like) keeps its effect;
- the zygote tells the JVM of those that mean something to a server (`FORWARDED`);
- handlers that the application sets stay, in the workers: the zygote puts them away (`take_over`) before it listens to
  signals itself, and a worker takes them back (`give_back`), with the signal mask and the wake-up descriptor.

Three real-time signals are our own, so that the application may have all others: `HANGUP`, `STACKS`, `AGAIN`.
"""

from __future__ import annotations

import os
import signal
from threading import local
from typing import Any, Callable, Dict, List, Set

from loomgate_worker.process import forks

_signal: Callable[..., Any] = signal.signal
_getsignal: Callable[[int], Any] = signal.getsignal
_siginterrupt = signal.siginterrupt
_pthread_sigmask = signal.pthread_sigmask
_set_wakeup_fd = signal.set_wakeup_fd

HANGUP: int = signal.SIGRTMAX - 3
"""The zygote's stdin has something, or has ended, during the import."""

AGAIN: int = signal.SIGRTMAX - 2
"""What a handler has raised is to be raised again (handlers.py)."""

STACKS: int = signal.SIGRTMAX - 1
"""Writes the stacks of all threads to stderr. The JVM sends it."""

FORWARDED = frozenset((signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1))

_FAULTS = "SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGSEGV SIGSYS"
_FATAL = (
    "SIGHUP SIGINT SIGQUIT SIGUSR1 SIGUSR2 SIGALRM SIGTERM SIGSTKFLT SIGXCPU SIGVTALRM SIGPROF SIGIO SIGPWR"
    " SIGTSTP SIGTTIN SIGTTOU"
)


_UNNAMED = {"SIGSTKFLT": 16}  # before Python 3.11


def _numbers(names: str) -> List[int]:
    numbers = [getattr(signal, name, _UNNAMED.get(name)) for name in names.split()]
    return [int(number) for number in numbers if number is not None]


IGNORED = frozenset(_numbers(_FATAL))
_UNTOUCHED = frozenset((*_numbers(_FAULTS), signal.SIGKILL, signal.SIGSTOP, HANGUP, AGAIN, STACKS))
_OTHERS = sorted(int(number) for number in signal.valid_signals() if number not in _UNTOUCHED)

restarting: Set[int] = set()
"""The numbers whose system calls go on after a handler, by the application's `siginterrupt(number, False)`."""

_masks = local()


def leave_to_jvm() -> None:
    """In the zygote, once, before the application is imported."""
    ignore()
    # Blocked meanwhile: a signal that comes to a forked process before it has restored them must not get lost.
    os.register_at_fork(before=_block, after_in_parent=_unblock, after_in_child=_restore)


def ignore() -> None:
    """In the zygote and in each worker after its fork; a handler of the application's own stays."""
    for number in IGNORED:
        handler = _getsignal(number)
        # An event loop that gives SIGINT back sets Python's default handler, which is wrapped then.
        if getattr(handler, "handler", handler) in (signal.default_int_handler, signal.SIG_DFL):
            _ignore(number)


def ignored(*_: Any) -> None:
    """The handler of what is ignored."""


def _ignore(number: int) -> None:
    _signal(number, ignored)
    # Libraries in C don't expect that a system call is interrupted.
    _siginterrupt(number, False)


class Taken:
    """What the application has set, while the zygote has its own."""

    def __init__(self, wakeup: int, mask: Any, handlers: Dict[int, Any]) -> None:
        self.wakeup = wakeup
        self.mask = mask
        self.handlers = handlers


def take_over(wakeup: int) -> Taken:
    """In the zygote, after the import: from now on it has no handler but ours, and each writes its number to `wakeup`.

    What was set outside Python (by `faulthandler.register`, for example) can't be put back, and so stays.
    """
    handlers = {}
    for number in _OTHERS:
        handler = _getsignal(number)
        if handler is None or (
            handler == signal.SIG_DFL and number not in IGNORED and number != signal.SIGCHLD
        ):
            continue
        handlers[number] = handler
        if number in (signal.SIGPIPE, signal.SIGXFSZ):
            _signal(number, signal.SIG_IGN)
        else:
            _ignore(number)
    mask = _pthread_sigmask(signal.SIG_SETMASK, ())
    return Taken(_set_wakeup_fd(wakeup, warn_on_full_buffer=False), mask, handlers)


def give_back(taken: Taken) -> None:
    """In a worker."""
    for number, handler in taken.handlers.items():
        _signal(number, handler)
        if number in restarting:
            _siginterrupt(number, False)
    ignore()
    if taken.wakeup >= 0:
        try:
            _set_wakeup_fd(taken.wakeup)
        except (OSError, ValueError):
            pass  # the application has closed it since
    _pthread_sigmask(signal.SIG_SETMASK, taken.mask)


def leave_to_main_thread() -> None:
    """In a thread of ours: signals go to the main thread, which runs the handlers, and is woken by what comes to it alone.

    Not in threads that run the application: what that starts would inherit it.
    """
    _pthread_sigmask(signal.SIG_BLOCK, _OTHERS)


def _block() -> None:
    _masks.before = _pthread_sigmask(signal.SIG_BLOCK, IGNORED)


def _unblock() -> None:
    _pthread_sigmask(signal.SIG_SETMASK, _masks.before)


def _restore() -> None:
    if forks.is_making_worker():
        # Otherwise what comes to it would be told to the zygote.
        _set_wakeup_fd(-1)
    else:
        for number in IGNORED:
            if _getsignal(number) is ignored:
                _signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    _unblock()
