"""Puts a module named `uwsgi` into `sys.modules`, for applications that import it.

It has what applications really use: `version`, `opt`, `numproc`, `worker_id()`, the log, caches, a queue, metrics and the locks that
all workers share (in the JVM), memory that they share, signals and what raises them, `reload()`, `async_sleep()` and other ways to wait,
and the hooks `post_fork_hook` and `atexit`.
What is missing says so (`missing`).
"""

from __future__ import annotations

import os
import re
import socket
import sys
import time
import traceback
import types
from typing import Any, Callable, Dict, Iterator, Optional, Tuple

from loomgate_worker.modes.runner import Runner, Stopped
from loomgate_worker.process import log, settings
from loomgate_worker.uwsgi import messages, missing, mules, spool
from loomgate_worker.uwsgi.api import Api
from loomgate_worker.uwsgi.areas import Areas
from loomgate_worker.uwsgi.caches import Caches
from loomgate_worker.uwsgi.calls import Calls
from loomgate_worker.uwsgi.channels import Channels
from loomgate_worker.uwsgi.connections import Connections
from loomgate_worker.uwsgi.metrics import Metrics
from loomgate_worker.uwsgi.queues import Queue
from loomgate_worker.uwsgi.rpc import Rpc
from loomgate_worker.uwsgi.signals import Signals
from loomgate_worker.uwsgi.texts import public
from loomgate_worker.uwsgi.waits import Waits
from loomgate_worker.uwsgi.websockets import WebSockets
from loomgate_worker.wire.links import Link
from loomgate_worker.wsgi.response import call_after_each


class UwsgiModule:
    """The module and what it needs in the process that it is in: first the zygote, then a worker.

    :param link: how the JVM is called during the import
    """

    def __init__(self, boot: Dict[str, Any], link: Link) -> None:
        self._calls = Calls(link)
        self._api = Api(self._calls)
        self._signals = Signals(self._calls)
        self._channels = Channels(self._calls)
        module = types.ModuleType("uwsgi", __doc__)
        self._version = version = str(boot["version"])
        vars(module).update(missing.stubs())
        self._areas = Areas(boot["areas"])
        for functions in self._functions(boot):
            vars(module).update(public(functions))
        vars(module).update(
            version=version.encode(),
            version_info=_version_info(version),
            opt={name: _option(value) for name, value in boot["options"].items()},
            numproc=boot["processes"],
            cores=boot["concurrency"],
            has_threads=int(boot["mode"] in ("threads", "gevent")),
            hostname=socket.gethostname().encode(),
            started_on=int(time.time()),
            buffer_size=boot["buffer_size"],
            is_a_reload=boot["reload"],
            applications=None,
            # The listening sockets are the server's.
            sockets=[],
            unbit=None,
            loop=boot["mode"].encode() if boot["mode"] in ("asyncio", "gevent") else None,
            SPOOL_OK=-2,
            SPOOL_RETRY=-1,
            SPOOL_IGNORE=0,
            _loomgate_api=self._api,
            _loomgate_channels=self._channels,
            __getattr__=self._attribute,
        )
        if boot["queue_size"]:
            vars(module)["queue_size"] = boot["queue_size"]
        self._module = module
        self._spool: Optional[spool.Spool] = None
        if boot["spool"]:
            self._spool = spool.Spool(boot["spool"], lambda: self._calls)
            vars(module).update(spool.functions(self._spool))
        self._mules = messages.Mules(boot["mules"])
        self._mule_functions = mules.MuleFunctions(self._mules, module)
        vars(module).update(public(self._mule_functions))

    def _functions(self, boot: Dict[str, Any]) -> Iterator[object]:
        """What has the module's functions. Some are only there where the server has what they are about, as in uWSGI."""
        call = self._api._call
        yield from (
            self._api,
            self._signals,
            Connections(lambda: self._api._waits),
            Caches(call),
            Metrics(call),
            Rpc(),
            WebSockets(self._api._exchange, self._areas),
        )
        if boot["areas"]:
            yield self._areas
        if boot["queue_size"]:
            yield Queue(call, boot["queue_size"])

    def install(self) -> None:
        """Before the application is imported, in its directory: the one of the start may not be there any more."""
        vars(self._module)["magic_table"] = _magic_table(self._version)
        sys.modules["uwsgi"] = self._module

    def end_import(self) -> None:
        """In the zygote: from now on its pipe has commands, which calls of left-over threads would take."""
        self._calls.close(
            "isn't possible in a thread that the import has started in the process that forks the workers: start it in"
            f" uwsgi.post_fork_hook, or use {settings.name('lazyApps')}"
        )

    def enter(self, link: Link, slot: int) -> None:
        """In a worker, after the fork."""
        self._calls = Calls(link)
        self._api._enter(self._calls, slot)
        self._signals._enter(self._calls)
        self._channels._enter(self._calls)
        self._areas._forked()

    def attach(self, runner: Runner) -> None:
        """In a worker that has loaded the application."""
        waits: Waits
        kind = type(runner).__name__
        if kind == "Greenlets":
            from loomgate_worker.uwsgi.greenlet_waits import GreenletWaits

            waits = GreenletWaits(self._calls, runner)  # type: ignore[arg-type]
        elif kind == "Gevents":
            from loomgate_worker.uwsgi.gevent_waits import GeventWaits

            waits = GeventWaits(self._calls, runner)  # type: ignore[arg-type]
        else:
            waits = Waits(self._calls)
        if kind == "Tasks":
            self._channels._attach(runner.loop)  # type: ignore[attr-defined]
        self._api._attach(runner, waits)
        self._signals._attach(runner)
        hook = vars(self._module).get("after_req_hook")
        if hook is not None:
            call_after_each(hook)

    def attach_background(self, process: Any) -> None:
        """In a process that answers no requests. The program is told its `kind` and `number`."""
        process.uwsgi = self._module
        if self._spool is not None and process.kind == "spooler":
            self._spool._attach(process)
        if process.kind == "mule":
            process.mules = self._mules
            self._mule_functions._attach(process)
        self._api._attach_background(process, Waits(self._calls))
        self._signals._attach_background(process)

    def post_fork(self, waits: Optional[Callable[[], Runner]] = None) -> None:
        """Calls the hook that the import has set, if any. As in uWSGI, an exception is printed and no more; SystemExit ends.

        :param waits: called where the hook waits for a signal
        """
        with self._signals._in_hook(waits):
            self._run("post_fork_hook")

    def at_exit(self) -> None:
        """Calls the function that the program has set for a worker's end, if any."""
        self._run("atexit")

    def _run(self, name: str) -> None:
        hook = vars(self._module).get(name)
        if hook is None:
            return
        try:
            hook()
        except Stopped:
            raise
        except SystemExit as e:
            log.say(f"loomgate: uwsgi.{name} ends the worker: SystemExit: {e}")
            raise
        except BaseException as e:
            said = "".join(traceback.format_exception(type(e), e, e.__traceback__))
            log.say(f"loomgate: uwsgi.{name} has failed:\n{said}")

    def _attribute(self, name: str) -> Any:
        """What isn't among the module's variables."""
        if name == "env":
            exchange = self._api._current()
            if exchange is not None:
                return exchange.environ
            raise AttributeError("uwsgi.env is the environ of the current request, and there is none here")
        if missing.is_absent(name):
            raise missing.refusal(name)
        raise AttributeError(f"module 'uwsgi' has no attribute {name!r}")


def _option(value: Any) -> Any:
    """Options are bytes, as in uWSGI, except True for those without a value."""
    if isinstance(value, list):
        return [_option(item) for item in value]
    return value if isinstance(value, bool) else str(value).encode("utf-8", "surrogateescape")


def _version_info(version: str) -> Tuple[int, int, int, int, bytes]:
    numbers = [int(number) for number in re.findall(r"\d+", version.partition("-")[0])[:4]]
    major, minor, patch, more = numbers + [0] * (4 - len(numbers))
    return major, minor, patch, more, version.partition("-")[2].encode()


def _magic_table(version: str) -> Dict[bytes, bytes]:
    """What uWSGI puts for `%x` in a configuration file, as far as it depends on no file."""
    micros = time.time_ns() // 1000
    table: Dict[str, Optional[str]] = {
        "%": "%",
        "(": "%(",
        "[": "\033",
        "G": _named("grp", "getgrgid", os.getgid()),
        "T": str(micros),
        "U": _named("pwd", "getpwuid", os.getuid()),
        "V": version,
        "g": str(os.getgid()),
        "h": socket.gethostname(),
        "k": str(os.cpu_count()),
        "t": str(micros // 1_000_000),
        "u": str(os.getuid()),
        "v": os.getcwd(),
    }
    return {key.encode(): os.fsencode(value) for key, value in table.items() if value is not None}


def _named(module: str, function: str, number: int) -> Optional[str]:
    """The name of a user or group; None if it has none here."""
    try:
        name: str = getattr(__import__(module), function)(number)[0]
        return name
    except (ImportError, KeyError):
        return None
