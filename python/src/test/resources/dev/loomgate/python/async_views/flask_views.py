"""A Flask site with `async def` views, hooks and error handlers."""

import asyncio
import threading

from flask import Flask, g, request, session

application = Flask(__name__)
application.secret_key = "of the test"
flags = set()
notes = []


@application.before_request
async def before():
    await asyncio.sleep(0.001)
    g.begun = asyncio.current_task()


@application.get("/hello/<name>")
async def hello(name):
    """What the request has is there after each wait; its task is the view's own."""
    task = asyncio.current_task()
    said = []
    for _ in range(3):
        await asyncio.sleep(0.001)
        said.append(request.args["who"] + " " + name)
    session["name"] = name
    same = asyncio.current_task() is task is not g.begun
    return "%s %s %s" % (set(said) == {request.args["who"] + " " + name}, same, threading.active_count())


@application.get("/wait")
async def wait():
    """Answers when all are here, so only if none holds the others up."""
    flags.add(request.args["number"])
    while len(flags) < int(request.args["all"]):
        await asyncio.sleep(0.005)
    return "together"


@application.get("/late")
async def late():
    notes.append("began")
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        await asyncio.sleep(0.001)
        notes.append("cancelled")
        raise


@application.get("/notes")
def show():
    return " ".join(notes)


@application.get("/broken")
async def broken():
    await asyncio.sleep(0.001)
    raise LookupError("as it was told")


@application.errorhandler(LookupError)
async def handle(e):
    await asyncio.sleep(0.001)
    return "handled: %s" % e, 500
