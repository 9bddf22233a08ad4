"""Leaves processes behind, at the import and in requests."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time

HOW = os.environ.get("LEAVING", "")
context = multiprocessing.get_context("fork")
pids = []


def stay(ignoring=False):
    if ignoring:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(120)


if "manager" in HOW:
    manager = context.Manager()
    shared = manager.dict(count=0)
    shared["count"] = 1  # connects
    queue = context.Queue()
    queue.put("at the import")  # starts a thread
    pids.append(manager._process.pid)
if "process" in HOW:
    for daemon in (True, False):
        process = context.Process(target=stay, daemon=daemon)
        process.start()
        pids.append(process.pid)
if "program" in HOW:
    pids.append(subprocess.Popen(["sleep", "120"]).pid)
if "stubborn" in HOW:
    process = context.Process(target=stay, args=(True,), daemon=True)
    process.start()
    pids.append(process.pid)
    time.sleep(0.1)
if "detached" in HOW:
    read, write = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(write, b"%d" % os.getpid())
            time.sleep(120)
        os._exit(0)
    os.wait()
    pids.append(int(os.read(read, 100)))


def show(environ):
    return " ".join(map(str, pids))


def manage(environ):
    for _ in range(50):
        shared["count"] = shared["count"] + 0
    queue.put("from a worker")
    got = [queue.get(timeout=5)]
    if got[0] == "at the import":
        got.append(queue.get(timeout=5))
    return f"{shared['count']} {got[-1]}"


def links():
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            found.append(os.readlink(f"/proc/self/fd/{name}"))
        except OSError:
            pass  # the listing's own
    return found


def descriptors(environ):
    """Which a process that is forked, and one that is started, have of the worker's."""
    sockets = {name for name in links() if name.startswith("socket:")}
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(write, str(len(sockets.intersection(links()))).encode())
        os._exit(0)
    os.waitpid(pid, 0)
    return os.read(read, 100).decode()


def start(environ):
    process = subprocess.Popen(["/bin/sh", "-c", "sleep 0.6; echo from the one behind; exec sleep 120"])
    return str(process.pid)


def unended(environ):
    sys.stdout.write("progress")
    sys.stdout.flush()
    environ["wsgi.errors"].write("no line feed")
    environ["wsgi.errors"].flush()
    time.sleep(10)
    return ""


def application(environ, start_response):
    text = globals()[environ["PATH_INFO"].strip("/")](environ)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [text.encode()]
