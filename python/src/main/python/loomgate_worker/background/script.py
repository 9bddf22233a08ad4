"""A script that is run instead of answering requests, in the only worker that there is: uWSGI's `pyrun`.

It is run as Python runs one, as `__main__`, and its end is the server's. What the process ends with is what Python's own would: the
status of a `SystemExit`, 1 for another exception. (uWSGI has 0 for that.)
"""

from __future__ import annotations

from loomgate_worker.background.running import RunningProcess
from loomgate_worker.process import log, modules
from loomgate_worker.process.tracebacks import describe


class Process(RunningProcess):
    """The script's."""

    kind = "script"
    is_worker = True

    def run(self) -> None:
        """Runs it, and never returns."""
        self.take_over_signals()
        try:
            self.run_program(modules.execute, "__main__", self.job["file"])
        except SystemExit:
            raise
        except BaseException as e:
            log.say(describe(e).rstrip())
            raise SystemExit(1) from None
        raise SystemExit(0)
