"""A process at code of the program's own, which may run for as long as it likes: how it ends when STOP has come meanwhile.

That code gets a SIGTERM then, whose handler raises `SystemExit` unless it is the program's own.
"""

from __future__ import annotations

import signal
import threading
import time
from typing import Any, Callable, Dict

from loomgate_worker.background.process import BackgroundProcess
from loomgate_worker.process import forks, handlers, stops
from loomgate_worker.wire.links import Links

_MOST_TERMS = 50
_TERM_SECONDS = 0.1


class RunningProcess(BackgroundProcess):
    """What is said of a `BackgroundProcess`, and `run_program` for the subclass to call."""

    def __init__(self, links: Links, job: Dict[str, Any], boot: Dict[str, Any]) -> None:
        super().__init__(links, job, boot)
        self._main = threading.get_ident()
        self._in_program = False
        self._heard = False
        """Whether SIGTERM has been heard after STOP."""

    def stop(self) -> None:
        """Control thread."""
        super().stop()
        self.wake()
        # Again until it is heard: it may have come just before a system call that waits for good, signal.pause() say.
        for _ in range(_MOST_TERMS):
            if not self._in_program or self._heard:
                return
            signal.pthread_kill(self._main, signal.SIGTERM)
            handler = signal.getsignal(signal.SIGTERM)
            if getattr(handler, "handler", None) != self._terminated:
                return  # the program's own is called once
            time.sleep(_TERM_SECONDS)

    def wake(self) -> None:
        """Ends a wait of the subclass's own. Control thread."""

    def take_over_signals(self) -> None:
        """Has SIGTERM end the program's code from now on, unless it has a handler of its own."""
        if signal.getsignal(signal.SIGTERM) is stops.ignored:
            handlers.set_guarded(signal.SIGTERM, self._terminated)

    def ends_itself(self) -> bool:
        """Whether the program's code looks for STOP itself, so that nothing has to be raised there."""
        return False

    def _terminated(self, *_: Any) -> None:
        """The handler of SIGTERM. As in a worker, one that comes from elsewhere means nothing."""
        self._heard = self.stopping
        if self.stopping and self._in_program and not self.ends_itself():
            raise SystemExit(0)

    @handlers.runs_request
    def run_program(self, function: Callable[..., Any], *arguments: Any) -> None:
        """As `call_program`, for what may be interrupted by STOP."""
        self._in_program = True
        try:
            if not self.stopping:
                function(*arguments)
        except BaseException as e:
            forks.leave_if_foreign(e)
            raise
        finally:
            self._in_program = False
        forks.leave_if_foreign()
