"""Written for mode gevent: requests that wait in all the ways."""

from __future__ import annotations

import importlib
import os
import socket
import time
from typing import Any, List

uwsgi: Any = importlib.import_module("uwsgi")
gevent: Any = importlib.import_module("gevent")
monkey: Any = importlib.import_module("gevent.monkey")
log: List[str] = []
patched_at_import = monkey.is_module_patched("socket")


def lock(name: str) -> str:
    uwsgi.lock()
    try:
        log.append(f"{name} has it")
        gevent.sleep(0.05)
        log.append(f"{name} had it")
    finally:
        uwsgi.unlock()
    return ""


def fork() -> str:
    pid = os.fork()
    if pid == 0:
        return "the child's answer goes nowhere"
    return str(os.waitpid(pid, 0)[1])


def pair(waits: bool) -> str:
    one, other = socket.socketpair()
    with one, other:
        gevent.spawn_later(0.02, other.send, b"x")
        if waits:
            uwsgi.wait_fd_read(one.fileno(), 5)
            return str(uwsgi.ready_fd() == one.fileno())
        return one.recv(1).decode()


def application(environ: Any, start_response: Any) -> Any:
    path, seconds = environ["PATH_INFO"], float(environ["QUERY_STRING"] or 0)
    body = "hello"
    try:
        if path == "/gevent-sleep":
            gevent.sleep(seconds)
        elif path == "/sleep":
            time.sleep(seconds)
        elif path == "/async-sleep":
            uwsgi.async_sleep(seconds)
        elif path == "/patched":
            body = f"{patched_at_import} {monkey.is_module_patched('socket')}"
        elif path == "/facts":
            body = f"{uwsgi.loop!r} {uwsgi.has_threads} {uwsgi.cores} {environ['wsgi.multithread']}"
        elif path == "/log":
            body = ",".join(log)
            log.clear()
        elif path == "/lock":
            body = lock(environ["HTTP_NAME"])
        elif path == "/wait-fd":
            body = pair(True)
        elif path == "/recv":
            body = pair(False)
        elif path == "/fork":
            body = fork()
        elif path == "/read-in-child":
            body = gevent.spawn(environ["wsgi.input"].read).get().decode()
        elif path == "/read-in-pool":
            body = gevent.get_hub().threadpool.apply(environ["wsgi.input"].read).decode()
        elif path == "/exit-in-child":
            gevent.spawn(exit, 3)
        elif path == "/stream":
            start_response("200 OK", [])
            return (b"x" * 1000 for _ in range(5))
    except BaseException as e:
        log.append(type(e).__name__)
        raise
    start_response("200 OK", [])
    return [body.encode()]
