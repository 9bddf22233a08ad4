"""Written for gevent, which replaces everything at the import."""

from __future__ import annotations

import importlib
from typing import Any

importlib.import_module("gevent.monkey").patch_all()

import os  # noqa: E402
import subprocess  # noqa: E402
import threading  # noqa: E402
import time  # noqa: E402

gevent: Any = importlib.import_module("gevent")
lock = threading.RLock()
inside = 0


def application(environ: Any, start_response: Any) -> Any:
    global inside
    path = environ["PATH_INFO"]
    if path == "/spawn":
        jobs = [gevent.spawn(lambda n=n: (time.sleep(0.02), str(n))[1]) for n in range(3)]
        body = ",".join(job.get() for job in jobs)
    elif path == "/thread":
        said: Any = []
        with lock:
            thread = threading.Thread(target=said.append, args=("thread",))
            thread.start()
            thread.join()
        body = said[0]
    elif path == "/process":
        body = str(subprocess.run(["sh", "-c", "exit 7"]).returncode)
    elif path == "/body":
        body = str(len(environ["wsgi.input"].read()))
    elif path == "/sleep":
        inside += 1
        time.sleep(0.3)
        body = str(inside)
    elif path == "/fork":
        pid = os.fork()
        body = "parent" if pid else "child"
        if pid:
            body += str(os.waitpid(pid, 0)[1])
    elif path == "/stream":
        start_response("200 OK", [])
        return (b"x" * 100000 for _ in range(10))
    else:
        body = "hello"
    start_response("200 OK", [])
    return [body.encode()]
