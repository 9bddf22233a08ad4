"""Threads of this package's own, in a program that may have another idea of threads."""

from __future__ import annotations

import sys
import threading
from typing import Any, Callable

_LEAST_STACK_BYTES = 512 * 1024


def _keep_excepthook() -> None:
    """Has each `Thread()` take what reports its exceptions from here: it looks at `sys.excepthook`, and raises where that is None."""
    inner = vars(threading)
    if "_make_invoke_excepthook" in inner:
        invoke = inner["_make_invoke_excepthook"]()
        inner["_make_invoke_excepthook"] = lambda: invoke


# Of this package's own `threading`, before the program is imported.
_keep_excepthook()


def start(thread: threading.Thread, stack_bytes: int = 0) -> None:
    """Starts it, with so large a stack; for 0 the usual one where the program has asked for a small one for threads of its own."""
    asked = threading.stack_size()
    wanted = stack_bytes or (0 if asked < _LEAST_STACK_BYTES else asked)
    if wanted == asked:
        thread.start()
        return
    threading.stack_size(wanted)
    try:
        thread.start()
    finally:
        threading.stack_size(asked)


def run_known(name: str, body: Callable[[], None]) -> None:
    """Runs `body` in the calling thread as a thread that the program's `threading` knows, traces and forks as one of its own.

    As a stranger to it, it would be a `_DummyThread`, in which children of multiprocessing fail (before Python 3.12).
    """
    begun = []

    def run() -> None:
        begun.append(True)
        body()

    theirs: Any = sys.modules.get("threading")
    try:
        thread = theirs.Thread(target=run, name=name, daemon=True)
        if hasattr(theirs, "_make_thread_handle"):
            thread._handle = theirs._make_thread_handle(threading.get_ident())
        theirs._limbo[thread] = thread
        thread._bootstrap_inner()
    except Exception:
        # The program has changed it, or has another one.
        pass
    if not begun:
        run()


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
