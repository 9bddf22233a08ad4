"""SIGINT and SIGTERM: for zygote and workers it is the JVM that decides when to stop.

A terminal sends SIGINT to all of its foreground processes, systemd SIGTERM to all of a service's. The JVM then lets requests
end; workers that died at once would lose them. So both are ignored: by a handler, which programs that are started don't
inherit, and which processes that an application forks (multiprocessing's, which are ended by SIGTERM) put away.
"""

from __future__ import annotations

import os
import signal
from typing import Any


def leave_to_jvm() -> None:
    """In the zygote, once, before the application is imported."""
    ignore()
    # Blocked meanwhile: a signal that comes to a forked process before it has restored them must not get lost.
    os.register_at_fork(
        before=lambda: _mask(signal.SIG_BLOCK),
        after_in_parent=lambda: _mask(signal.SIG_UNBLOCK),
        after_in_child=_restore,
    )


def ignore() -> None:
    """In the zygote and in each worker after its fork; a handler of the application's own stays."""
    for number, default in _DEFAULTS:
        if signal.getsignal(number) in (default, signal.SIG_DFL):
            signal.signal(number, _ignored)


def _restore() -> None:
    for number, default in _DEFAULTS:
        if signal.getsignal(number) is _ignored:
            signal.signal(number, default)
    _mask(signal.SIG_UNBLOCK)


def _mask(how: int) -> None:
    signal.pthread_sigmask(how, (signal.SIGINT, signal.SIGTERM))


def _ignored(*_: Any) -> None:
    pass


_DEFAULTS: Any = ((signal.SIGINT, signal.default_int_handler), (signal.SIGTERM, signal.SIG_DFL))
