"""The control thread: RECALL, HAND_OVER, DUMP, STACK, and the death of the JVM."""

from __future__ import annotations

import os
import select
import threading
from typing import TYPE_CHECKING

from loomgate_worker.modes.report import Report
from loomgate_worker.process import log, stops
from loomgate_worker.wire import frames
from loomgate_worker.wire.exits import STATUS_JVM_GONE, defect
from loomgate_worker.wire.links import Closed

if TYPE_CHECKING:
    from loomgate_worker.modes.runner import Runner


_MOST_TEXT_BYTES = 256 * 1024


class Control(threading.Thread):
    """Waits for frames on `control`, and for the mode's alarm (`Runner.sound`).

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
        poll = select.poll()
        poll.register(link.connection, select.POLLIN)
        alarm_fd = None if runner.alarm is None else runner.alarm.descriptor
        if alarm_fd is not None:
            poll.register(alarm_fd, select.POLLIN)
        while True:
            for descriptor, _ in poll.poll():
                if descriptor == alarm_fd:
                    runner.sound()
                else:
                    kind, flags, number, payload = link.read()
                    if kind == frames.RECALL:
                        runner.recall()
                    elif kind == frames.HAND_OVER:
                        runner.hand_over(frames.U64.unpack(payload)[0])
                    elif kind == frames.DUMP:
                        self._dump(payload, flags & frames.DYING != 0)
                    elif kind == frames.STACK:
                        self._tell_stack(number, *frames.STACK_PAYLOAD.unpack(payload))
                    else:
                        raise frames.ProtocolError(f"frame 0x{kind:02x} came on the control connection")

    def _tell_stack(self, request_id: int, question: int, since: int) -> None:
        runner = self._runner
        exchange = runner.found(request_id, since)
        if exchange is None:
            runner.tell(frames.frame(frames.TOLD, frames.ENDED, question))
            return
        report = Report(b"", exchange)
        try:
            runner.report(report, False)
            text = report.of_request()
        except Exception as e:
            text = f"it can't be told: {type(e).__name__}"
        payload = text.encode("utf-8", "backslashreplace")[:_MOST_TEXT_BYTES]
        runner.tell(frames.frame(frames.TOLD, 0, question, payload))

    def _dump(self, payload: bytes, dying: bool) -> None:
        report = Report(payload)
        try:
            self._runner.report(report, dying)
            text = report.text(len(self._runner.live))
        except Exception as e:
            # It looks into what the program may have changed, and may be going on: not worth a worker.
            log.say("loomgate: what runs can't be told:")
            log.say_exception(e)
        else:
            if not (dying and report.is_empty()):
                log.say(text)
