"""Handlers of signals, and requests that wait for them."""

import os
import sys

if os.environ.get("GEVENT"):
    from gevent import monkey

    monkey.patch_all()

import threading

import uwsgi

SEEN = []


def seen(number):
    SEEN.append((number, threading.current_thread() is threading.main_thread()))


def failing(number):
    raise ValueError("deliberately")


def exiting(number):
    sys.exit(5)


def forking(number):
    """A child that comes back from the handler must not go on as a worker."""
    if os.fork():
        os.wait()
        SEEN.append((number, "forked"))


def gated(number):
    SEEN.append((number, "begun"))
    with open(os.environ["PIPE"]) as pipe:
        SEEN.append((number, pipe.read()))


for number, handler in (1, seen), (2, failing), (3, exiting), (4, forking), (5, gated), (6, seen):
    uwsgi.register_signal(number, "", handler)


def application(environ, start_response):
    path = environ["PATH_INFO"]
    found = None
    if path == "/wait":
        uwsgi.signal_wait()
        found = uwsgi.signal_received(), list(SEEN)
    elif path == "/wait-for-6":
        uwsgi.signal_wait(6)
        found = uwsgi.signal_received(), list(SEEN)
    elif path == "/seen":
        found, SEEN[:] = list(SEEN), []
    start_response("200 OK", [])
    return [repr(found).encode()]
