"""What is run: the application of a boot configuration, and a worker's life with it."""

from __future__ import annotations

import faulthandler
import importlib
import json
import os
import resource
import signal
import sys
from typing import TYPE_CHECKING, Any, Dict, List, NoReturn, Optional, Type

from loomgate_worker.asgi import recognition
from loomgate_worker.direct import functions
from loomgate_worker.modes.control import Control
from loomgate_worker.modes.runner import Runner, StartFailed
from loomgate_worker.process import (
    forks,
    handlers,
    isolation,
    log,
    marks,
    native,
    relatives,
    settings,
    stops,
    title,
)
from loomgate_worker.process.tracebacks import describe
from loomgate_worker.tornado.recognition import is_application as is_tornado
from loomgate_worker.uwsgi.module import UwsgiModule
from loomgate_worker.wire import frames
from loomgate_worker.wire.scoreboard import Scoreboard
from loomgate_worker.wire.exits import STATUS_JVM_GONE, STATUS_LOAD_FAILED, defect
from loomgate_worker.wire.links import Closed, Link, Links
from loomgate_worker.zygote import loading, nothing, shim
from loomgate_worker.zygote.loading import Application, LoadError
from loomgate_worker.zygote.nursery import Newborn

if TYPE_CHECKING:
    from loomgate_worker.background.process import BackgroundProcess

try:
    import ctypes
except ImportError:
    # Some builds of Python lack it.
    ctypes = None  # type: ignore[assignment]

_PR_SET_PDEATHSIG = 1
_SIGNAL_STACK_BYTES = 256 * 1024

_signal_stack: Any = None


class Program:
    """An application in its surroundings: path, directory, event loop, `uwsgi` module."""

    def __init__(self, boot: Dict[str, Any], own: Optional[str], link: Link) -> None:
        self._boot = boot
        self._own = own
        self._uwsgi = UwsgiModule(boot, link)
        self._loop: Any = None
        self._kinds: Dict[str, Type[BackgroundProcess]] = {}
        self._zygote = os.getpid()
        self._is_asgi = False

    def prepare(self) -> None:
        """What comes before the import. Raises `LoadError` if the mode isn't possible."""
        _write_by_lines()
        boot = self._boot
        if boot["request_ids"] is not None:
            marks.begin(boot["request_ids"])
        self._title("zygote")
        _limit(boot["address_space"])
        if boot["chdir"] is not None:
            loading.enter(boot["chdir"])
        loading.prepare_path(boot["python_path"], self._own, boot["script"])
        if boot["mode"] == "asyncio":
            self._make_loop()
        else:
            _import_mode(boot["mode"])
            if boot["mode"] == "gevent":
                self._import_gevent()
            if boot["shim"]:
                shim.install()
        self._kinds = _import_kinds(boot["background"])
        if boot["accelerate"] and (boot["direct"] or boot["mode"] == "asyncio"):
            functions.accelerate()
        self._uwsgi.install()
        _import_beside("sharedImports", boot["shared_imports"])

    def load(self) -> Application:
        """Imports the application, and before it what is to be imported with it. Raises `LoadError`."""
        _import_beside("imports", self._boot["imports"])
        try:
            application = self._found()
        except LoadError as e:
            forks.leave_if_foreign(e.__cause__)
            raise
        forks.leave_if_foreign()
        if self._boot["chdir_after"] is not None:
            loading.enter(self._boot["chdir_after"], "directoryAfter")
        return self._recognised(application)

    def _recognised(self, application: Application) -> Application:
        """What it is called as, of WSGI or ASGI."""
        if self._boot["interface"] != "asgi" and recognition.is_coroutine_of_wsgi(application):
            self._tell_of_coroutine()
            return application
        asgi = self._asgi(application)
        if asgi is None:
            return application
        if self._boot["mode"] == "gevent":
            raise LoadError(
                "gevent",
                f"{settings.name('WorkerMode.Gevent')} isn't for an application of ASGI or Tornado, which runs in tasks of an"
                " asyncio loop",
            )
        self._is_asgi = True
        self._share_asyncio()
        with isolation.private():
            from loomgate_worker.modes import tasks  # noqa: F401
        return asgi

    def _asgi(self, application: Application) -> Optional[Application]:
        interface = self._boot["interface"]
        if interface == "wsgi":
            return None
        if is_tornado(application):
            self._share_asyncio()
            with isolation.private():
                from loomgate_worker.tornado import adapter
            return adapter.Adapter(application)
        return recognition.insisted(application) if interface == "asgi" else recognition.asgi(application)

    def _share_asyncio(self) -> None:
        """The tasks are the program's as much as ours. Now, and not in each worker."""
        if self._loop is None:
            isolation.borrow("asyncio")

    def _tell_of_coroutine(self) -> None:
        """`async def application(environ, start_response)` is run by each mode, but many at once by one mode alone."""
        asyncio = settings.name("WorkerMode.Asyncio")
        if self._boot["mode"] == "gevent":
            raise LoadError(
                "gevent",
                f"{settings.name('WorkerMode.Gevent')} isn't for a coroutine function, which runs on an asyncio loop: {asyncio}",
            )
        if self._boot["mode"] != "asyncio":
            log.say(
                "loomgate: the application is a coroutine function of WSGI: where it awaits, its worker, or the thread that it"
                f" has, waits with it. {asyncio} has a worker await for many requests at once"
            )

    def _found(self) -> Application:
        paste = self._boot["paste"]
        if paste is not None:
            return loading.load_paste(paste["config"], paste["name"], paste["loggers"])
        if self._boot["code"] is not None:
            return loading.load_code(self._boot["code"], self._boot["callable"])
        try:
            return loading.load(self._boot["module"], self._boot["file"], self._boot["callable"])
        except LoadError as e:
            # As in uWSGI, the program is there, and so is what it does in other processes and threads.
            if e.kind != "missing_callable" or self._boot["strict"]:
                raise
            log.say(
                f"loomgate: {e.message}; requests are answered 500 ({settings.name('needApp')} to end instead)"
            )
            return nothing.application

    def loaded(self) -> None:
        """The zygote's import is over: what follows are commands."""
        self._uwsgi.end_import()

    def work(self, application: Optional[Application], newborn: Newborn) -> None:
        """A worker's life. Returns when it has ended normally."""
        _prepare_process(self._zygote)
        job = newborn.job
        if job is None:
            self._title("worker", newborn.slot)
        else:
            self._title("worker", job["number"], job["kind"])
        native.renew_green()
        try:
            direct = self._boot["direct"] if job is None else None
            links = Links.accept(newborn.listener, newborn.path, direct["sockets"] if direct else 0)
        except Closed:
            os._exit(STATUS_JVM_GONE)
        try:
            relatives.adopt_nothing()
            if self._loop is not None:
                self._loop.renew()
            self._uwsgi.enter(links.call, self._worker_id(newborn))
            if job is None:
                self._answer_requests(application, links, Scoreboard(newborn.scoreboard))
            else:
                self._do(application, job, links)
            self._uwsgi.at_exit()
        except (BrokenPipeError, ConnectionError):
            os._exit(STATUS_JVM_GONE)
        except SystemExit:
            # Out of a hook of the program's, which has been told.
            raise
        except BaseException as e:
            defect(e)

    def _worker_id(self, newborn: Newborn) -> int:
        job = newborn.job
        if job is None:
            return newborn.slot
        number: int = job["number"] if self._kinds[job["kind"]].is_worker else 0
        return number

    def _answer_requests(
        self, application: Optional[Application], links: Links, scoreboard: Scoreboard
    ) -> None:
        started = None
        if application is None:
            application = self._load_late(links)
        else:
            started = self._run_hook(application, links, scoreboard)
        handlers.guard()
        runner = started or self._started(application, links, scoreboard)
        self._uwsgi.attach(runner)
        try:
            runner.prepare()
        except StartFailed as e:
            self._end_unloaded(links, LoadError("start", str(e)))
        links.control.send(frames.frame(frames.READY, frames.TASKS if self._is_asgi else 0))
        runner.serve()

    def _started(self, application: Application, links: Links, scoreboard: Scoreboard) -> Runner:
        """It hears the JVM from now on."""
        direct = self._boot["direct"]
        # Requests of ASGI are told of one by one, with their routes.
        by_kinds = direct is not None and not self._is_asgi
        scoreboard.complete(functions.kinds_counter(direct["duration_bounds"]) if by_kinds else None)
        runner = self._runner(application, links, scoreboard)
        forks.on_fork(runner.abandon)
        native.start(Control(runner))
        return runner

    def _run_hook(self, application: Application, links: Links, scoreboard: Scoreboard) -> Optional[Runner]:
        """Runs `uwsgi.post_fork_hook`. Where it waits for a signal, the worker hears the JVM already, which gives requests to
        others until the hook has ended."""
        runner: Optional[Runner] = None

        def waits() -> Runner:
            nonlocal runner
            if runner is None:
                runner = self._started(application, links, scoreboard)
                links.control.send(frames.frame(frames.READY, frames.WAITS))
            return runner

        self._uwsgi.post_fork(waits)
        return runner

    def _do(self, application: Optional[Application], job: Dict[str, Any], links: Links) -> None:
        if application is None:
            self._load_late(links)
        elif not self._kinds[job["kind"]].runs_post_fork:
            self._uwsgi.post_fork()
        handlers.guard()
        process = self._kinds[job["kind"]](links, job, self._boot)
        self._uwsgi.attach_background(process)
        _import_beside(f"{process.kind}Imports", job.get("imports", []))
        process.prepare()
        process.start()
        links.control.send(frames.frame(frames.READY))
        process.serve()

    def _title(self, kind: str, number: int = 0, instead: str = "worker") -> None:
        if self._boot.get("titles"):
            text = self._boot["titles"][kind].replace("worker {id}", f"{instead} {{id}}")
            title.set_title(text.replace("{id}", str(number)))

    def _load_late(self, links: Links) -> Application:
        try:
            return self.load()
        except LoadError as e:
            self._end_unloaded(links, e)

    def _end_unloaded(self, links: Links, e: LoadError) -> NoReturn:
        told = {"event": "failed", "kind": e.kind, "message": e.message, "traceback": e.trace}
        links.control.send(frames.frame(frames.READY, frames.FAILURE, payload=json.dumps(told).encode()))
        log.flush()
        os._exit(STATUS_LOAD_FAILED)

    def _import_gevent(self) -> None:
        _import_needed("gevent", "WorkerMode.Gevent")
        if self._boot["gevent_patch"] == "before_load":
            from loomgate_worker.modes import gevents

            try:
                gevents.patch()
            except Exception as e:
                raise LoadError("gevent", f"gevent.monkey.patch_all() has failed: {e}", describe(e)) from None

    def _make_loop(self) -> None:
        _import_needed("greenlet", "WorkerMode.Asyncio")
        isolation.lend("asyncio")
        # Now, and not in each worker.
        with isolation.private():
            import asyncio
            import contextvars  # noqa: F401

            from loomgate_worker.modes import greenlets, hub, nested  # noqa: F401
            from loomgate_worker.uwsgi import greenlet_waits  # noqa: F401
        # What the loop itself uses; what a program gives it or gets from it (sockets, futures) stays the program's.
        isolation.own_globals(
            "asyncio",
            ("collections", "contextvars", "os", "select", "selectors", "signal", "threading", "time"),
        )
        if self._boot["shim"]:
            shim.change(asyncio)
        try:
            # Before the import: programs of old call asyncio.get_event_loop() there, which makes none any more.
            self._loop = hub.HubLoop()
            asyncio.set_event_loop(self._loop)
            nested.install(self._loop)
        except Exception as e:
            raise LoadError("asyncio", f"no event loop can be made: {e}", describe(e)) from None
        # Every request runs inside the loop's thread, which is what Django's check looks at; its objects are used by one
        # greenlet at a time nevertheless.
        sys.modules["os"].environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

    def _runner(self, application: Application, links: Links, scoreboard: Scoreboard) -> Runner:
        # Imported by prepare().
        mode = self._boot["mode"]
        if self._is_asgi:
            from loomgate_worker.modes.tasks import Tasks

            return Tasks(application, links, scoreboard, self._boot)
        if mode == "asyncio":
            from loomgate_worker.modes.greenlets import Greenlets

            return Greenlets(application, links, scoreboard, self._boot, self._loop)
        if mode == "gevent":
            from loomgate_worker.modes.gevents import Gevents

            return Gevents(application, links, scoreboard, self._boot)
        if mode == "threads":
            from loomgate_worker.modes.green_threads import GreenThreads
            from loomgate_worker.modes.threads import Threads

            kind = GreenThreads if native.are_green() else Threads
            return kind(application, links, scoreboard, self._boot)
        from loomgate_worker.modes.sync import Sync

        return Sync(application, links, scoreboard, self._boot)


def _import_needed(package: str, setting: str) -> None:
    """Imports what a mode needs, from the program's path and for the program too."""
    try:
        isolation.import_program(package)
    except Exception as e:
        if not isinstance(e, ImportError) or e.name != package:
            raise LoadError(package, f"the package {package} can't be imported: {e}", describe(e)) from None
        raise LoadError(
            package,
            f"{settings.name(setting)} needs the package {package}, which {sys.executable} doesn't have:"
            f" pip install {package}, or Debian's python3-{package}",
        ) from None


def _limit(address_space: int) -> None:
    """Limits what this process and its workers may have of memory, in bytes; 0 for no limit."""
    if not address_space:
        return
    try:
        resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    except (OSError, ValueError) as e:
        log.say(
            f"loomgate: {settings.name('addressSpaceBytes')}: the address space can't be limited to {address_space} bytes: {e}"
        )


def _import_beside(setting: str, names: List[str]) -> None:
    for name in names:
        try:
            loading.import_beside(name)
        except LoadError as e:
            forks.leave_if_foreign(e.__cause__)
            log.say(f"loomgate: {settings.name(setting)}: {e.message}\n{e.trace}".rstrip())
        forks.leave_if_foreign()


def _import_mode(mode: str) -> None:
    """Before the program's import, and so not in each worker. What other modes need isn't loaded."""
    with isolation.private():
        if mode == "threads":
            from loomgate_worker.modes import green_threads, threads  # noqa: F401
        elif mode == "gevent":
            from loomgate_worker.modes import gevents  # noqa: F401
            from loomgate_worker.uwsgi import gevent_waits  # noqa: F401
        else:
            from loomgate_worker.modes import sync  # noqa: F401


def _import_kinds(kinds: List[str]) -> Dict[str, Type[BackgroundProcess]]:
    """What processes that answer no requests do: before the program's import, as the mode."""
    with isolation.private():
        return {kind: importlib.import_module(f"loomgate_worker.background.{kind}").Process for kind in kinds}


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
