"""The control thread: RECALL, and the death of the JVM."""

from __future__ import annotations

import os
import select
import threading
from typing import TYPE_CHECKING

from loomgate_worker import frames, stops
from loomgate_worker.links import Closed
from loomgate_worker.runner import STATUS_JVM_GONE, defect

if TYPE_CHECKING:
    from loomgate_worker.runner import Runner


class Control(threading.Thread):
    """Waits for frames on `control`, and between them sees to what the mode holds back (`Runner.tick`).

    If `control` ends without a STOP before, the JVM has gone: the process ends at once, whatever an application does.
    """

    def __init__(self, runner: Runner) -> None:
        super().__init__(name="loomgate-control", daemon=True)
        self._runner = runner
        self._link = runner.links.control

    def run(self) -> None:
        stops.leave_to_main_thread()
        try:
            self._serve()
        except Closed:
            if not self._runner.stopping:
                os._exit(STATUS_JVM_GONE)
        except OSError:
            os._exit(STATUS_JVM_GONE)
        except BaseException as e:
            defect(e)

    def _serve(self) -> None:
        runner, link = self._runner, self._link
        control_fd, nudge_fd = link.connection.fileno(), runner.nudge_fd
        poll = select.poll()
        poll.register(control_fd, select.POLLIN)
        if nudge_fd is not None:
            poll.register(nudge_fd, select.POLLIN)
        millis = -1
        while True:
            for descriptor, _ in poll.poll(millis):
                if descriptor == nudge_fd:
                    os.read(nudge_fd, 4096)
                else:
                    kind, _, _, _ = link.read()
                    if kind != frames.RECALL:
                        raise frames.ProtocolError(f"frame 0x{kind:02x} came on the control connection")
                    runner.recall()
            millis = runner.tick()
