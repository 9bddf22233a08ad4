"""Threads of this package's own, in a program that may have another idea of threads."""

from __future__ import annotations

import sys
import threading
from typing import Any

_LEAST_STACK_BYTES = 512 * 1024


def start(thread: threading.Thread) -> None:
    """Starts it, with the usual stack where the program has asked for a small one for threads of its own."""
    asked = threading.stack_size()
    if not 0 < asked < _LEAST_STACK_BYTES:
        thread.start()
        return
    threading.stack_size(0)
    try:
        thread.start()
    finally:
        threading.stack_size(asked)


def introduce(name: str) -> None:
    """Has the program's `threading` know the calling thread, and trace it as the program has asked for its threads."""
    theirs: Any = sys.modules.get("threading")
    try:
        theirs.current_thread().name = name
        trace, profile = getattr(theirs, "_trace_hook", None), getattr(theirs, "_profile_hook", None)
    except Exception:
        # It isn't the library's, or isn't imported.
        return
    if profile is not None:
        sys.setprofile(profile)
    if trace is not None:
        sys.settrace(trace)


def are_green() -> bool:
    """Whether the program has made its threads gevent's greenlets (`gevent.monkey.patch_all()`)."""
    try:
        return bool(sys.modules["gevent.monkey"].is_module_patched("threading"))
    except Exception:
        return False


def renew_green() -> None:
    """In a worker: what gevent's own `fork` does in the child. The hub that the import has made waits in the zygote's loop."""
    try:
        sys.modules["gevent"].reinit()
    except Exception:
        # There is none, or it has no hub yet.
        pass
