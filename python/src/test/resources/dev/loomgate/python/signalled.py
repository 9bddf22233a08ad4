"""Signals of every kind. What a handler does is a line in the file `notes`: the signal's name, the worker's number."""

import os
import threading
import time

import uwsgi

NOTES = os.environ["NOTES"]
GATES = os.path.dirname(NOTES)
IMPORT = "%d" % time.time_ns()


def note(*words):
    with open(NOTES, "a") as file:
        file.write(" ".join(map(str, words)) + "\n")


def gate(name):
    while not os.path.exists(os.path.join(GATES, name)):
        time.sleep(0.005)


def said(call, *arguments):
    try:
        return call(*arguments)
    except Exception as e:
        return "%s: %s" % (type(e).__name__, e)


def noting(name):
    return lambda number: note(name, number, uwsgi.worker_id())


def waiting(number):
    note("begun", number, uwsgi.worker_id())
    gate("handler")
    note("ended", number, uwsgi.worker_id())


def failing(number):
    raise ValueError("deliberately")


def exiting(number):
    raise SystemExit(3)


for number, target, handler in [
    (1, "", noting("any")),
    (2, "workers", noting("workers")),
    (3, "worker2", noting("worker2")),
    (4, "active-workers", noting("active")),
    (5, "", waiting),
    (6, "mule1", noting("mule")),
    (7, "", failing),
    (8, "", exiting),
    (9, "nonsense", noting("nonsense")),
    (20, "", noting("timer")),
    (21, "worker1", lambda number: note("import", IMPORT)),
    (22, "worker1", noting("cron")),
    (23, "worker1", noting("file")),
    (24, "worker1", noting("rbtimer")),
    (25, "worker1", noting("directory")),
]:
    uwsgi.register_signal(number, target, handler)

AGAIN = said(uwsgi.register_signal, 1, "", failing)
uwsgi.signal(1)

if os.environ.get("TIMERS"):
    uwsgi.add_ms_timer(20, 30)
    uwsgi.add_ms_timer(21, 30)
    uwsgi.add_cron(22, -1, -1, -1, -1, -1)
    uwsgi.add_file_monitor(23, os.path.join(GATES, "watched"))
    uwsgi.add_file_monitor(25, os.path.join(GATES, "directory"))
    uwsgi.add_rb_timer(24, 1, 1)
    uwsgi.add_timer(20, 0)


def limits():
    found = []
    for add in (
        lambda i: uwsgi.add_timer(30, 1000 + i),
        lambda i: uwsgi.add_rb_timer(30, 1000 + i),
        lambda i: uwsgi.add_cron(30, 99, i, -1, -1, -1),
        lambda i: uwsgi.add_file_monitor(30, os.path.join(GATES, "directory", str(i))),
    ):
        for i in range(65):
            failure = said(add, i)
            if failure:
                found.append("%d %s" % (i, failure))
    for wrong in (
        lambda: uwsgi.add_timer(256, 1),
        lambda: uwsgi.add_timer(30, -1),
        lambda: uwsgi.add_timer(30, 0.5),
        lambda: uwsgi.add_rb_timer(30, 0),
        lambda: uwsgi.register_signal(30, "x" * 64, failing),
        lambda: uwsgi.signal(1, "/tmp/other.sock"),
    ):
        found.append(said(wrong))
    return "\n".join(found)


def application(environ, start_response):
    path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
    found = ""
    if path == "/raise":
        for number in query.split(","):
            uwsgi.signal(int(number))
    elif path == "/wait":
        note("waits")
        uwsgi.signal_wait(*([int(query)] if query else []))
        found = uwsgi.signal_received()
    elif path == "/wait-in-thread":
        note("waits")
        waiting = threading.Thread(target=uwsgi.signal_wait)
        waiting.start()
        waiting.join()
    elif path == "/gate":
        note("inside", uwsgi.worker_id())
        gate(query)
    elif path == "/again":
        found = AGAIN, uwsgi.signal_registered(1), uwsgi.signal_registered(99), uwsgi.signal_received()
    elif path == "/limits":
        found = limits()
    elif path == "/late":
        # Here alone: the others have no handler.
        uwsgi.register_signal(40, "worker%d" % uwsgi.worker_id(), noting("late"))
        uwsgi.signal(40)
    start_response("200 OK", [])
    return [str(found).encode()]
