"""What is run: the application of a boot configuration, and a worker's life with it."""

from __future__ import annotations

import asyncio
import faulthandler
import json
import os
import signal
import sys
from typing import Any, Dict, Optional

from loomgate_worker import frames, handlers, loading, private, relatives, shim, stops, uwsgi_module
from loomgate_worker.begun import Begun
from loomgate_worker.control import Control
from loomgate_worker.links import Closed, Links
from loomgate_worker.loading import Application, LoadError
from loomgate_worker.nursery import Newborn
from loomgate_worker.runner import STATUS_JVM_GONE, Runner, defect
from loomgate_worker.sync import Sync
from loomgate_worker.threads import Threads

try:
    import ctypes
except ImportError:
    # Some builds of Python lack it.
    ctypes = None  # type: ignore[assignment]

STATUS_LOAD_FAILED = 4
_PR_SET_PDEATHSIG = 1
_SIGNAL_STACK_BYTES = 256 * 1024

_signal_stack: Any = None


class Program:
    """An application in its surroundings: path, directory, event loop, `uwsgi` module."""

    def __init__(self, boot: Dict[str, Any], own: Optional[str]) -> None:
        self._boot = boot
        self._own = own
        self._loop: Any = None
        self._zygote = os.getpid()

    def prepare(self) -> None:
        """What comes before the import. Raises `LoadError` if the mode isn't possible."""
        _write_by_lines()
        boot = self._boot
        if boot["chdir"] is not None:
            try:
                os.chdir(boot["chdir"])
            except OSError as e:
                raise LoadError("import", f"the working directory (--chdir) can't be entered: {e}") from None
        loading.prepare_path(boot["python_path"], self._own)
        if boot["shim"]:
            shim.install()
        if boot["mode"] == "asyncio":
            self._make_loop()
        uwsgi_module.install(boot)

    def load(self) -> Application:
        """Imports the application. Raises `LoadError`."""
        return loading.load(self._boot["module"], self._boot["file"], self._boot["callable"])

    def work(self, application: Optional[Application], newborn: Newborn) -> None:
        """A worker's life. Returns when it has ended normally."""
        _prepare_process(self._zygote)
        try:
            links = Links.accept(newborn.listener, newborn.path)
        except Closed:
            os._exit(STATUS_JVM_GONE)
        private.keep(
            *(link.fileno() for link in (links.data, links.control.connection, links.call.connection))
        )
        try:
            relatives.adopt_nothing()
            if self._loop is not None:
                self._loop.renew()
            if application is None:
                application = self._load_late(links)
            handlers.guard()
            runner = self._runner(application, links, Begun(newborn.begun))
            uwsgi_module.attach(runner, newborn.slot)
            Control(runner).start()
            links.control.send(frames.frame(frames.READY))
            runner.serve()
        except (BrokenPipeError, ConnectionError):
            os._exit(STATUS_JVM_GONE)
        except BaseException as e:
            defect(e)

    def _load_late(self, links: Links) -> Application:
        try:
            return self.load()
        except LoadError as e:
            told = {"event": "failed", "kind": e.kind, "message": e.message, "traceback": e.trace}
            links.control.send(frames.frame(frames.READY, frames.FAILURE, payload=json.dumps(told).encode()))
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(STATUS_LOAD_FAILED)

    def _make_loop(self) -> None:
        try:
            # Now, and not in each worker.
            from loomgate_worker import greenlets as greenlets
            from loomgate_worker.hub import HubLoop
        except ImportError as e:
            if e.name != "greenlet":
                raise LoadError("greenlet", f"the package greenlet can't be imported: {e}") from None
            raise LoadError(
                "greenlet",
                f"--asyncio --greenlet needs the package greenlet, which {sys.executable} doesn't have:"
                " pip install greenlet, or Debian's python3-greenlet",
            ) from None
        try:
            # Before the import: programs of old call asyncio.get_event_loop() there, which makes none any more.
            self._loop = HubLoop()
            asyncio.set_event_loop(self._loop)
        except Exception as e:
            raise LoadError("asyncio", f"no event loop can be made: {e}", loading.describe(e)) from None
        # Every request runs inside the loop's thread, which is what Django's check looks at; its objects are used by one
        # greenlet at a time nevertheless.
        os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

    def _runner(self, application: Application, links: Links, begun: Begun) -> Runner:
        mode = self._boot["mode"]
        if mode == "asyncio":
            from loomgate_worker.greenlets import Greenlets

            return Greenlets(application, links, begun, self._boot, self._loop)
        return (Threads if mode == "threads" else Sync)(application, links, begun, self._boot)


def _write_by_lines() -> None:
    """What is printed is seen at once, although it goes to a pipe. Workers get it by the fork."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(line_buffering=True, errors="backslashreplace")


def _prepare_process(zygote: int) -> None:
    """What a forked worker sets up before anything else."""
    try:
        # A zygote that is killed can't kill its workers: the kernel does.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except (OSError, AttributeError):
        pass
    if os.getppid() != zygote:
        os._exit(STATUS_JVM_GONE)
    # The JVM sends it to get the stack of a worker that is stuck; people send SIGUSR2, if the application has no use for it.
    faulthandler.register(stops.STACKS, file=2, all_threads=True, chain=False)
    if signal.getsignal(signal.SIGUSR2) is stops.ignored:
        faulthandler.register(signal.SIGUSR2, file=2, all_threads=True, chain=False)
    _enlarge_signal_stack()


def _enlarge_signal_stack() -> None:
    """`faulthandler` runs on a stack of its own, of some 16 KB, which overflows when a few more signals come meanwhile."""
    if ctypes is None:
        return

    class Stack(ctypes.Structure):
        # sigaltstack(2)
        _fields_ = [("pointer", ctypes.c_void_p), ("flags", ctypes.c_int), ("size", ctypes.c_size_t)]

    global _signal_stack
    _signal_stack = ctypes.create_string_buffer(_SIGNAL_STACK_BYTES)
    stack = Stack(ctypes.addressof(_signal_stack), 0, _SIGNAL_STACK_BYTES)
    ctypes.CDLL(None).sigaltstack(ctypes.byref(stack), None)
