"""Puts a module named `uwsgi` into `sys.modules`, for applications that import it.

It has what applications really use: `version`, `opt`, `numproc`, `worker_id()`, the log, the cache and the locks that all
workers share (in the JVM), `reload()`, `async_sleep()` and other ways to wait. What is missing raises `NotImplementedError`.
"""

from __future__ import annotations

import os
import re
import socket
import sys
import time
import types
from typing import Any, Dict, Tuple

from loomgate_worker import uwsgi_missing
from loomgate_worker.calls import Calls
from loomgate_worker.runner import Runner
from loomgate_worker.uwsgi_api import Api, functions
from loomgate_worker.uwsgi_waits import Waits


def install(boot: Dict[str, Any]) -> None:
    """Makes the module, before the application is imported."""
    module = types.ModuleType("uwsgi", __doc__)
    api = Api(boot["processes"])
    version: str = boot["version"]
    vars(module).update(uwsgi_missing.stubs())
    vars(module).update(functions(api))
    vars(module).update(
        version=version.encode(),
        version_info=_version_info(version),
        opt={name: _option(value) for name, value in boot["options"].items()},
        numproc=boot["processes"],
        cores=boot["concurrency"],
        has_threads=int(boot["mode"] == "threads"),
        hostname=socket.gethostname().encode(),
        started_on=int(time.time()),
        buffer_size=65535,
        applications=None,
        loop=b"asyncio" if boot["mode"] == "asyncio" else None,
        SPOOL_OK=-2,
        SPOOL_RETRY=-1,
        SPOOL_IGNORE=0,
        _loomgate_api=api,
    )
    sys.modules["uwsgi"] = module


def attach(runner: Runner, slot: int) -> None:
    """Gives the module the worker that it is in, after the fork."""
    module = sys.modules.get("uwsgi")
    api = getattr(module, "_loomgate_api", None)
    if not isinstance(api, Api):
        # The application has put something else there.
        return
    calls = Calls(runner.links.call)
    if type(runner).__name__ == "Greenlets":
        from loomgate_worker.uwsgi_greenlet_waits import GreenletWaits

        waits: Waits = GreenletWaits(calls, runner)  # type: ignore[arg-type]
    else:
        waits = Waits(calls)
    api._attach(runner, calls, waits, slot)


def _option(value: Any) -> Any:
    """Options are bytes, as in uWSGI, except True for those without a value."""
    if isinstance(value, list):
        return [_option(item) for item in value]
    return value if isinstance(value, bool) else os.fsencode(str(value))


def _version_info(version: str) -> Tuple[int, int, int, int, bytes]:
    numbers = [int(number) for number in re.findall(r"\d+", version.partition("-")[0])[:4]]
    major, minor, patch, more = numbers + [0] * (4 - len(numbers))
    return major, minor, patch, more, version.partition("-")[2].encode()
