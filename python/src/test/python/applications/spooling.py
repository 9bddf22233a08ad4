"""What test_spooler.py has spooled. `uwsgi.spooler` notes each task in the file NOTES, and does what its `do` says."""

import os
import signal
import time

import uwsgi


def note(text):
    with open(os.environ["NOTES"], "a") as file:
        file.write(text + "\n")


def spooler(task):
    name = task.get(b"name", b"").decode()
    note("%s by %d" % (name, os.getpid()))
    do = task.get(b"do", b"").decode()
    if do == "show":
        note(repr({key: value for key, value in task.items() if key != "spooler_task_name"}))
        note(repr((type(task["spooler_task_name"]), os.getcwd() == uwsgi.spooler_dir().decode())))
        note(
            repr(
                (uwsgi.i_am_the_spooler(), uwsgi.worker_id(), uwsgi.mule_id(), uwsgi.ready())
                + (os.getpriority(os.PRIO_PROCESS, 0),)
            )
        )
        path = os.path.join(os.getcwd(), task["spooler_task_name"].decode())
        note(repr(uwsgi.spooler_get_task(path)[b"name"]))
    if do == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if do == "wait":
        while not os.path.exists(os.environ["OPEN"]):
            time.sleep(0.01)
        note("waited")
    if do == "exit":
        raise SystemExit(5)
    if do == "fork" and os.fork() == 0:
        return None
    if do == "text":
        return "done"
    if do == "spool":
        uwsgi.spool({b"name": b"another"})
    return int(task.get(b"result", b"-2"))


uwsgi.spooler = spooler


def said(function, *arguments, **keywords):
    try:
        return function(*arguments, **keywords)
    except Exception as e:
        return "%s: %s" % (type(e).__name__, e)


def application(environ, start_response):
    start_response("200 OK", [])
    return [repr(eval(environ["QUERY_STRING"], globals())).encode()]
