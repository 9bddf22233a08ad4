"""How a worker ends that doesn't end normally: the exit statuses that the JVM knows."""

from __future__ import annotations

import os
from typing import NoReturn

from loomgate_worker.process import forks, log
from loomgate_worker.wire import frames

STATUS_JVM_GONE = 3
STATUS_LOAD_FAILED = 4
STATUS_DEFECT = 70


def defect(e: BaseException) -> NoReturn:
    """Says in the log what is a defect of Loomgate's, and ends the worker."""
    forks.leave_if_foreign(e)
    log.say(f"loomgate: a defect of the worker: {type(e).__name__}: {e}")
    if not isinstance(e, frames.ProtocolError):
        log.say_exception(e)
    log.flush()
    os._exit(STATUS_DEFECT)
