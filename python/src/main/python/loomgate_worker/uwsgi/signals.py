"""The functions of the `uwsgi` module that are about signals: numbers whose handlers run in one of the processes, or several.

The JVM knows who runs which, and what raises them; the handlers are here, in each process. Those that the import registers
are in all processes. Registered later, a handler is in that process alone, which is then the one to be named as target.
"""

from __future__ import annotations

import contextlib
import operator
import os
import threading
from typing import Any, Callable, Dict, Iterator, Optional, Union

from loomgate_worker.modes.runner import Runner
from loomgate_worker.process import log
from loomgate_worker.uwsgi.calls import CallError, Calls
from loomgate_worker.uwsgi.missing import NotOffered

_MOST = 255


class Signals:
    """The public methods are the module's functions."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._handlers: Dict[int, Callable[[int], Any]] = {}
        self._importing = True
        self._runner: Optional[Runner] = None
        self._process: Any = None
        self._received = 0
        self._early: Optional[Callable[[], Runner]] = None

    @contextlib.contextmanager
    def _in_hook(self, early: Optional[Callable[[], Runner]]) -> Iterator[None]:
        """Meanwhile, code that waits for a signal does so by what this gives."""
        self._early = early
        try:
            yield
        finally:
            self._early = None

    def _enter(self, calls: Calls) -> None:
        """A process has been forked that is to run the program."""
        self._calls = calls
        self._importing = False

    def _attach(self, runner: Runner) -> None:
        """It is about to serve."""
        self._runner = runner
        runner.signals.handle = self._handle

    def _attach_background(self, process: Any) -> None:
        """It is about to do something else than to answer requests."""
        self._process = process
        process.signals.handle = self._handle

    def _handle(self, number: int) -> None:
        """A signal has come to this process."""
        handler = self._handlers.get(number)
        if handler is None:
            log.say(
                f"loomgate: signal {number} has come to a process that has no handler for it (uwsgi.register_signal)"
            )
        else:
            handler(number)

    # ---- who runs what

    def signal_registered(self, number: int) -> Optional[bool]:
        """Whether this process has a handler for it; else None."""
        return True if _number(number) in self._handlers else None

    def register_signal(self, number: int, target: Union[str, bytes], handler: Callable[[int], Any]) -> None:
        """Has `handler(number)` called when the signal is raised, in the processes that the target names.

        Targets: empty, `worker` (one that is free), `worker1`, `workers`, `active-workers`, and for other processes `mule`,
        `mule1`, `mules`, `farm_NAME`, `farm1`, `spooler`. Raises `ValueError` where the import registers a signal again.
        """
        number = _number(number)
        if self._importing and number in self._handlers:
            raise ValueError(f"uwsgi.register_signal: signal {number} has a handler already")
        name = target.decode("utf-8", "backslashreplace") if isinstance(target, bytes) else target
        self._ask("register_signal", number, name, _name(handler))
        self._handlers[number] = handler

    def signal(self, number: int, server: Optional[str] = None) -> None:
        """Raises a signal. During the import there is no process that would run the handler: then nothing is raised."""
        number = _number(number)
        if server is not None:
            raise NotOffered("uwsgi.signal() raises signals in this server alone, and not in another one")
        if self._importing:
            log.say(
                f"loomgate: uwsgi.signal({number}) raises nothing during the import: no process takes signals yet"
            )
        else:
            self._calls.call("signal", number)

    # ---- waiting for one

    def signal_wait(self, number: Optional[int] = None) -> bytes:
        """Waits for a signal, or for this one, in the current request; runs the handlers of those that come meanwhile."""
        wanted = None if number is None else _number(number)
        runner = self._runner
        waiter = runner or self._process
        if waiter is None:
            if self._early is None or threading.current_thread() is not threading.main_thread():
                raise RuntimeError("uwsgi.signal_wait() was called before this process serves")
            waiter = self._early()
            waiter.signals.handle = self._handle
        exchange = runner.current() if runner is not None else None
        holder: Any = self if exchange is None else exchange
        name = "_received" if exchange is None else "signal_received"
        setattr(holder, name, -1)
        while True:
            received = waiter.next_signal()
            if wanted is None or received == wanted:
                setattr(holder, name, received)
                return b""

    def signal_received(self) -> int:
        """The signal that the current request has waited for last; 0 if it has waited for none."""
        exchange = self._runner.current() if self._runner is not None else None
        return self._received if exchange is None else exchange.signal_received

    # ---- what raises them

    def add_timer(self, number: int, seconds: int) -> None:
        """Raises the signal every so many seconds."""
        self._ask("add_timer", _number(number), operator.index(seconds) * 1000)

    def add_ms_timer(self, number: int, milliseconds: int) -> None:
        """Raises the signal every so many milliseconds."""
        self._ask("add_timer", _number(number), operator.index(milliseconds))

    def add_rb_timer(self, number: int, seconds: int, times: int = 0) -> None:
        """The same as `add_timer`, so many times; 0 for no end."""
        self._ask("add_rb_timer", _number(number), operator.index(seconds), operator.index(times))

    def add_cron(self, number: int, minute: int, hour: int, day: int, month: int, week: int) -> None:
        """Raises the signal at these minutes of local time. -1 is any, -5 every fifth; weekdays from 0, which is Sunday."""
        self._ask("add_cron", _number(number), *map(operator.index, (minute, hour, day, month, week)))

    def add_file_monitor(self, number: int, path: Union[str, bytes, "os.PathLike[str]"]) -> None:
        """Raises the signal when the file changes, or something in the directory."""
        self._ask("add_file_monitor", _number(number), os.path.abspath(os.fsdecode(path)))

    def _ask(self, name: str, *arguments: Any) -> None:
        """As in uWSGI, what can't be done is a `ValueError`. This one says why."""
        try:
            self._calls.call(name, *arguments)
        except CallError as e:
            raise ValueError(str(e)) from None


def _number(number: int) -> int:
    value = operator.index(number)
    if not 0 <= value <= _MOST:
        raise ValueError(f"a signal of uWSGI's is a number from 0 to {_MOST}, not {value}")
    return value


def _name(handler: Callable[[int], Any]) -> str:
    """What the function is called in each server that runs the program; empty if it has no name."""
    module, name = getattr(handler, "__module__", None), getattr(handler, "__qualname__", None)
    if not isinstance(module, str) or not isinstance(name, str) or not name:
        return ""
    return f"{module}.{name}"
