"""The zygote: imports the application once and forks the workers, which share its memory.

It has one thread, and must: a fork copies only the thread that calls it, with whatever locks the others held. So it waits for
commands and signals (SIGCHLD among them: all write to a pipe) in one `poll`, and hears of the end of stdin
*during the import* by a signal of its own, which Python handles between two instructions of the import or when it interrupts a
sleep. (An import that is stuck inside C code can only be killed; the workers of a zygote that is killed go with it, by
PR_SET_PDEATHSIG.)
"""

from __future__ import annotations

import atexit
import fcntl
import gc
import json
import os
import select
import signal
import sys
from typing import Any, Callable, Dict, List, NoReturn, Optional, Tuple

from loomgate_worker.process import descriptors, forks, handlers, log, relatives, settings, stops
from loomgate_worker.zygote.events import Events
from loomgate_worker.zygote.import_link import ImportLink
from loomgate_worker.zygote.loading import Application, LoadError
from loomgate_worker.zygote.nursery import Nursery
from loomgate_worker.zygote.program import Program

_RETRY_MILLIS = 200


def main() -> None:
    """What `loomgate_worker.__main__` goes on with."""
    own = sys.argv[1] if len(sys.argv) > 1 else None
    sys.argv[:] = ["loomgate"]
    stops.leave_to_jvm()
    forks.watch()
    log.take(descriptors.copy(2))
    handlers.install()
    # The first that is registered is the last that runs.
    atexit.register(relatives.name_left)
    commands = _moved(0)
    events = Events(_moved(1))
    boot, rest = _read_boot(commands)
    sys.argv[:] = [boot["script"] or "loomgate", *boot["argv"]]
    if boot["input"]:
        _open_input()
    worker = Zygote(boot, own, commands, rest, events).run()
    worker()
    # The worker's own end: `atexit` handlers run, threads that are no daemons are waited for.
    raise SystemExit(0)


def _moved(descriptor: int) -> int:
    """A private copy of stdin or stdout, which then are harmless: /dev/null and stderr."""
    copy = descriptors.copy(descriptor)
    if descriptor == 0:
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
    else:
        os.dup2(2, descriptor)
    return copy


def _open_input() -> None:
    """The JVM's standard input, instead of none."""
    try:
        # A named pipe would wait for somebody who writes.
        given = os.open(f"/proc/{os.getppid()}/fd/0", os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError as e:
        log.say(f"loomgate: {settings.name('input')}: the server's standard input can't be opened: {e}")
        return
    os.set_blocking(given, True)
    os.dup2(given, 0)
    os.close(given)


def _read_boot(commands: int) -> tuple[Dict[str, Any], bytes]:
    data = b""
    while b"\n" not in data:
        part = os.read(commands, 65536)
        if not part:
            os._exit(0)
        data += part
    line, _, rest = data.partition(b"\n")
    boot: Dict[str, Any] = json.loads(line)
    settings.rename(boot.get("names", {}))
    # The JVM's text of a path is UTF-8; this process's locale may have another encoding.
    boot["python_path"] = [_local(path) for path in boot["python_path"]]
    for key in ("chdir", "chdir_after", "file", "script"):
        if boot[key] is not None:
            boot[key] = _local(boot[key])
    if boot["paste"] is not None:
        boot["paste"]["config"] = _local(boot["paste"]["config"])
    return boot, rest


def _local(path: str) -> str:
    return os.fsdecode(path.encode("utf-8", "surrogateescape"))


class Zygote:
    """Serves the commands until stdin ends."""

    def __init__(
        self, boot: Dict[str, Any], own: Optional[str], commands: int, rest: bytes, events: Events
    ) -> None:
        self._boot = boot
        self._commands = commands
        self._events = events
        self._nursery = Nursery(events)
        self._import_link = ImportLink(commands, rest, events, self._end)
        self._rest = b""
        self._program = Program(boot, own, self._import_link)
        self._waiting_forks: List[Tuple[int, Optional[Dict[str, Any]]]] = []

    def run(self) -> Callable[[], None]:
        """Returns in workers only: what the worker has to do."""
        application: Optional[Application] = None
        try:
            with _HangupWatch(self._commands, self._end):
                self._program.prepare()
                if not self._boot["lazy"]:
                    try:
                        application = self._program.load()
                    finally:
                        self._look_at_descriptors()
                self._program.loaded()
                self._rest = self._import_link.left()
        except LoadError as e:
            self._fail(e)
        _warn_of_threads()
        # What is there now will stay: the collector must not touch it, so that the pages remain shared.
        gc.collect()
        gc.freeze()
        python = "%d.%d.%d" % sys.version_info[:3]
        self._events.send(event="ready", python=python, directory=self._nursery.open())
        worker = self._serve()
        program = self._program

        def run() -> None:
            program.work(application, worker)

        return run

    def _look_at_descriptors(self) -> None:
        try:
            for descriptor in self._commands, self._events.descriptor:
                os.fstat(descriptor)
        except OSError:
            log.say(
                "loomgate: the application's import has closed all descriptors, also those of the server (code that makes a"
                " daemon?): it can't be served so; the server needs those from 2048 on"
            )
            os._exit(70)

    def _serve(self) -> Any:
        """Serves commands; returns in a worker."""
        wakeup, wakeup_write = descriptors.pipe()
        os.set_blocking(wakeup, False)
        os.set_blocking(wakeup_write, False)
        taken = stops.take_over(wakeup_write)
        os.set_blocking(self._commands, False)
        nursery = self._nursery
        poll = select.poll()
        for descriptor in (self._commands, wakeup):
            poll.register(descriptor, select.POLLIN)
        readable = [self._commands] if self._rest else []
        while True:
            for descriptor in readable:
                if descriptor == self._commands:
                    self._read_commands()
                else:
                    self._forward(os.read(wakeup, 4096))
                    nursery.reap()
            while self._waiting_forks:
                try:
                    worker = nursery.fork(*self._waiting_forks[0])
                except OSError as e:
                    log.say(f"loomgate: no worker can be made now: {e}; it is tried again")
                    break
                del self._waiting_forks[0]
                if worker is not None:
                    stops.give_back(taken)
                    return worker
            millis = _RETRY_MILLIS if self._waiting_forks else None
            readable = [descriptor for descriptor, _ in poll.poll(millis)]

    def _forward(self, signals: bytes) -> None:
        for number in stops.FORWARDED.intersection(signals):
            self._events.send(event="signal", signal=int(number))

    def _read_commands(self) -> None:
        try:
            part = os.read(self._commands, 65536)
        except BlockingIOError:
            part = b""
            if not self._rest:
                return
        else:
            if not part:
                self._end()
        *lines, self._rest = (self._rest + part).split(b"\n")
        for line in lines:
            command = json.loads(line)
            if command["command"] == "fork":
                self._waiting_forks.append((command["slot"], command.get("job")))
            elif command["command"] == "read":
                self._nursery.read(command["path"])
            elif command["command"] == "kill":
                self._nursery.kill(command["pid"], command["signal"])
            else:
                log.say(f"loomgate: the zygote knows no command {command!r}")
                self._nursery.end()
                os._exit(70)

    def _fail(self, e: LoadError) -> NoReturn:
        self._events.send(event="failed", kind=e.kind, message=e.message, traceback=e.trace)
        self._exit(1)

    def _end(self) -> NoReturn:
        """stdin has ended."""
        self._exit(0)

    def _exit(self, status: int) -> NoReturn:
        self._nursery.end()
        log.flush()
        # Threads of the application's import don't hold it up.
        os._exit(status)


class _HangupWatch:
    """While the import runs: calls `end` if stdin ends."""

    def __init__(self, descriptor: int, end: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._end = end

    def __enter__(self) -> None:
        signal.signal(stops.HANGUP, self._look)
        fcntl.fcntl(self._descriptor, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(self._descriptor, fcntl.F_SETSIG, stops.HANGUP)
        flags = fcntl.fcntl(self._descriptor, fcntl.F_GETFL)
        fcntl.fcntl(self._descriptor, fcntl.F_SETFL, flags | os.O_ASYNC)
        # It may have ended before.
        self._look()

    def __exit__(self, *_: object) -> None:
        flags = fcntl.fcntl(self._descriptor, fcntl.F_GETFL)
        fcntl.fcntl(self._descriptor, fcntl.F_SETFL, flags & ~os.O_ASYNC)
        signal.signal(stops.HANGUP, stops.ignored)

    def _look(self, *_: object) -> None:
        poll = select.poll()
        poll.register(self._descriptor, select.POLLIN)
        # Commands that have come already may stand before the end; the end is seen as a hangup all the same.
        if any(events & select.POLLHUP for _, events in poll.poll(0)):
            self._end()


def _warn_of_threads() -> None:
    # The program's module, if it has one.
    threading: Any = sys.modules.get("threading")
    try:
        names = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    except Exception:
        names = []
    try:
        count = len(os.listdir("/proc/self/task")) - 1
    except OSError:
        count = len(names)
    if count:
        which = f" ({', '.join(names)})" if names else ""
        log.say(
            f"loomgate: the application's import has started {count} thread(s){which}: they don't exist in the workers, which"
            " are forked from here, and locks that they hold stay locked"
            f" ({settings.name('lazyApps')} imports in each worker instead)"
        )
