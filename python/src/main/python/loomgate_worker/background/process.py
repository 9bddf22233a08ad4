"""What processes that answer no requests have in common: their turn, what the JVM tells them, their end.

Two threads: the main one does the work, which is the program's code for the most part, and the control thread hears the JVM
(TELL, SIGNAL and STOP on `data`, the JVM's death by the end of a connection).
"""

from __future__ import annotations

import abc
import marshal
import os
import select
import threading
import time
from collections import deque
from types import ModuleType
from typing import Any, Callable, Deque, Dict, NoReturn, Optional, Tuple

from loomgate_worker.process import forks, handlers, native, stops
from loomgate_worker.wire import frames
from loomgate_worker.wire.exits import STATUS_JVM_GONE, defect
from loomgate_worker.wire.links import Closed, Link, Links
from loomgate_worker.wire.signalled import Signalled

_BEGIN = "begin"


class BackgroundProcess(abc.ABC):
    """One process. A kind of them is a subclass, named `Process`, in a module of the kind's name.

    Where nothing else is said, methods are the main thread's.

    :ivar number: among the processes of its kind, from 1
    :ivar job: what the JVM has said of it
    :ivar stopping: whether STOP has come
    :ivar uwsgi: the program's module of that name
    """

    kind = ""
    uwsgi: ModuleType
    runs_post_fork = False
    """Whether it calls `uwsgi.post_fork_hook` itself, when its turn has come."""
    is_worker = False
    """Whether the program is told that it is one, with its number."""

    def __init__(self, links: Links, job: Dict[str, Any], boot: Dict[str, Any]) -> None:
        self.number: int = job["number"]
        self.job = job
        self.boot = boot
        self.stopping = False
        self._links = links
        self._news = threading.Condition(threading.Lock())
        self._told: Deque[Tuple[Any, ...]] = deque()
        self._begun = False
        self.signals = Signalled(self._send, lambda: None)

    def prepare(self) -> None:
        """What is to be done before the process says that it is ready."""

    def serve(self) -> None:
        """Works when it is this process's turn, until STOP has come."""
        with self._news:
            self._news.wait_for(lambda: self._begun or self.stopping)
        if not self.stopping:
            self.run()
        with self._news:
            self._news.wait_for(lambda: self.stopping)

    @abc.abstractmethod
    def run(self) -> None:
        """Does the work. Returns when `stopping` is true, or when there will be nothing more to do."""

    # ---- what the JVM tells

    def wait(self, seconds: Optional[float] = None, signals: bool = True) -> Optional[Tuple[Any, ...]]:
        """The next thing that the JVM has told, a tuple; None if nothing has come in that time, or STOP has.

        Meanwhile, handlers of signals are run here, unless `signals` is false: then these wait.
        """
        end = None if seconds is None else time.monotonic() + seconds
        while True:
            with self._news:
                left = None if end is None else max(0.0, end - time.monotonic())
                self._news.wait_for(
                    lambda: self._told or self.stopping or (signals and self.signals.waiting), left
                )
                if self.stopping or not (signals and self.signals.waiting):
                    return self._told.popleft() if self._told and not self.stopping else None
            self.signals.run_next()
            if self.has_run_signal():
                return None

    def has_run_signal(self) -> bool:
        """A handler has been run while it waited. Whether it waits no longer."""
        return False

    def next_signal(self) -> int:
        """Waits for a signal, and runs its handler: its number. `SystemExit` if STOP comes."""
        self.signals.begin_wait()
        with self._news:
            self._news.wait_for(lambda: self.signals.waiting or self.stopping)
        number, _ = self.signals.end_wait(True)
        if number < 0:
            raise SystemExit(0)
        self.signals.run(number)
        return number

    def heed(self, what: Tuple[Any, ...]) -> None:
        """Control thread: the JVM tells this."""
        with self._news:
            if what[0] == _BEGIN:
                self._begun = True
            else:
                self._told.append(what)
            self._news.notify_all()

    def signal(self, number: int) -> None:
        """Control thread: SIGNAL has come."""
        with self._news:
            self.signals.come(number)
            self._news.notify_all()

    def stop(self) -> None:
        """Control thread: STOP has come."""
        with self._news:
            self.stopping = True
            self._news.notify_all()

    # ---- what the JVM is told

    def busy(self, what: str) -> None:
        """It is at this task from now on, whose time is limited."""
        self._send(frames.frame(frames.BUSY, payload=what.encode("utf-8", "backslashreplace")[:1024]))

    def idle(self, outcome: int = 0, why: str = "") -> None:
        """The task is over.

        :param outcome: TASK_DONE or TASK_FAILED, where that is counted
        :param why: it has failed, in one line, where that is known
        """
        self._send(frames.frame(frames.IDLE, outcome, payload=why.encode("utf-8", "backslashreplace")))

    def enough(self) -> None:
        """It has done as much as it may: another process is to take its place."""
        self._send(frames.frame(frames.LIMIT))

    def _send(self, frame: bytes) -> None:
        try:
            self._links.data.sendall(frame)
        except ConnectionError:
            self.gone()

    # ---- the program's code

    @handlers.runs_request
    def call_program(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Calls a function of the program's. What its handlers of signals raise may hit it, and no code of ours."""
        try:
            value = function(*arguments)
        except BaseException as e:
            forks.leave_if_foreign(e)
            raise
        forks.leave_if_foreign()
        return value

    # ---- its end

    def start(self) -> None:
        """Has the control thread listen from now on."""
        forks.on_fork(self._links.abandon)
        native.start(_Control(self, self._links))

    def gone(self) -> NoReturn:
        """The JVM has ended: what isn't done is left as it is. Either thread."""
        os._exit(STATUS_JVM_GONE)


class _Control(threading.Thread):
    def __init__(self, process: BackgroundProcess, links: Links) -> None:
        super().__init__(name="loomgate-control", daemon=True)
        self._process = process
        self._data = Link(links.data)
        self._control = links.control

    def run(self) -> None:
        stops.leave_to_main_thread()
        try:
            self._serve()
        except (Closed, OSError):
            self._process.gone()
        except BaseException as e:
            defect(e)

    def _serve(self) -> None:
        links = {link.connection.fileno(): link for link in (self._data, self._control)}
        poll = select.poll()
        for descriptor in links:
            poll.register(descriptor, select.POLLIN)
        while True:
            for descriptor, _ in poll.poll():
                kind, _, request_id, payload = links[descriptor].read()
                if kind == frames.STOP:
                    self._process.stop()
                elif kind == frames.SIGNAL:
                    self._process.signal(request_id)
                elif kind == frames.TELL:
                    self._process.heed(marshal.loads(payload))
                else:
                    raise frames.ProtocolError(f"frame 0x{kind:02x} came to a process without requests")
