"""What a program does with mules. Each answer is what a query's expression gives."""

import os
import time
import urllib.parse

import uwsgi

BEFORE = uwsgi.mule_msg(b"of the import", 2)


def hook(message):
    print("hook", uwsgi.mule_id(), message)
    if message == b"slow":
        time.sleep(0.3)
        print("slow is done")


def ask():
    """A loop of the program's own."""
    while True:
        print("asked", uwsgi.mule_get_msg(farms=False))


def farm():
    while True:
        print("farm", uwsgi.farm_get_msg())


def handle(number):
    print("signal", number, uwsgi.mule_id())


def heedless():
    """Asks for messages, and wants no handler to be run meanwhile; after the first one, it wants that."""
    print("heedless", uwsgi.mule_get_msg(False))
    while True:
        print("heeds", uwsgi.mule_get_msg(timeout=1000))


def from_a_fork():
    """Whether a process that the program forks may send."""
    pid = os.fork()
    if pid == 0:
        os._exit(0 if uwsgi.mule_msg(b"of a fork", 1) else 1)
    return os.waitpid(pid, 0)[1]


def fill():
    """How many messages a queue takes that nobody reads."""
    count = 0
    while uwsgi.mule_msg(b"x" * 1000, 4):
        count += 1
    return count


uwsgi.register_signal(7, "mules", handle)
uwsgi.install_mule_msg_hook(hook)
uwsgi.atexit = lambda: print("at exit", uwsgi.mule_id())


def application(environ, start_response):
    try:
        answer = eval(urllib.parse.unquote(environ["QUERY_STRING"]))
    except Exception as e:
        answer = f"{type(e).__name__}: {e}"
    start_response("200 OK", [])
    return [repr(answer).encode()]
