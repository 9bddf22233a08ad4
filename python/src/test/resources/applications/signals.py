"""Signals and the processes that an application starts: what it ends must end."""
from __future__ import annotations

import multiprocessing
import subprocess
import time
from typing import Any, Iterable


def sleep(sleeps: Any) -> None:
    sleeps.set()
    time.sleep(20)


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path == "/terminate":
        # A child of a fork ends by SIGTERM, whatever its parent does about that signal.
        context = multiprocessing.get_context("fork")
        sleeps = context.Event()
        process = context.Process(target=sleep, args=(sleeps,))
        process.start()
        sleeps.wait(10)
        process.terminate()
        process.join(1)
        body = f"ended {process.exitcode is not None}"
        process.kill()
        process.join()
    else:
        ended = subprocess.run(["/bin/sh", "-c", "kill -TERM $$"])
        body = f"status {ended.returncode}"
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [body.encode()]
