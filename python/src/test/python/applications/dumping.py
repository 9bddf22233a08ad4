"""Requests that wait, in whatever their mode has, until they are freed."""

import asyncio
import os
import sys
import time

TEXT = [("Content-Type", "text/plain")]
state = {"count": 0, "free": 0}


def is_free(begun):
    return state["free"] > begun or os.path.exists("free")


def waits():
    begun = state["free"]
    state["count"] += 1
    print("began")
    while not is_free(begun):
        uwsgi_sleep(0.005)
    state["count"] = 0
    if os.path.exists("free"):
        os.unlink("free")
    return "waited"


def uwsgi_sleep(seconds):
    """As the mode has it. Where time.sleep is patched, that waits in a greenlet, too."""
    import uwsgi

    (uwsgi.async_sleep if uwsgi.loop == b"asyncio" else time.sleep)(seconds)


async def inner(begun):
    while not is_free(begun):
        await asyncio.sleep(0.05)


async def numbers(begun):
    await inner(begun)
    yield "waited"


async def awaiting(begun):
    async for said in numbers(begun):
        return said


def awaits():
    import greenlet

    begun = state["free"]
    state["count"] += 1
    said = greenlet.getcurrent().parent.switch(awaiting(begun))
    state["count"] = 0
    return said


def deep():
    def deeper(n):
        return deeper(n - 1) if n else awaits()

    return deeper(60)


def holds():
    print("holds")
    end = time.monotonic() + 2.5
    while time.monotonic() < end:
        pass
    return "held"


def free():
    state["free"] += 1
    return "freed"


def count():
    return str(state["count"])


def hello():
    return "hello"


def application(environ, start_response):
    start_response("200 OK", TEXT)
    name = environ["PATH_INFO"][1:]
    function = waits if name.startswith("wa") else getattr(sys.modules[__name__], name)
    return [function().encode()]
