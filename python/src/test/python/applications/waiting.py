"""Applications of mode asyncio, one a path."""

import asyncio
import contextvars
import os
import sys
import threading

import greenlet
import loomgate_worker
import uwsgi

TEXT = [("Content-Type", "text/plain")]
LOG = []
VARIABLE = contextvars.ContextVar("VARIABLE")
COUNT = []


def me():
    return greenlet.getcurrent()


def hello(environ, start_response):
    start_response("200 OK", TEXT)
    return [b"hello"]


def two_seconds(environ, start_response):
    """The article's own example, with the seconds as a parameter."""
    start_response("200 OK", [("Content-Type", "text/html")])
    myself = greenlet.getcurrent()
    asyncio.get_event_loop().call_later(float(environ["QUERY_STRING"] or 2), elapsed, myself)
    myself.parent.switch()
    return [b"Hello World"]


def elapsed(waiting):
    print("Hello 2 seconds elapsed")
    waiting.switch()


def awaits(environ, start_response):
    async def work():
        await asyncio.sleep(0.01)
        return b"awaited"

    start_response("200 OK", TEXT)
    return [me().parent.switch(work())]


def awaits_future(environ, start_response):
    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(0.01, future.set_result, b"future")
    start_response("200 OK", TEXT)
    return [me().parent.switch(future)]


def awaits_failure(environ, start_response):
    async def work():
        await asyncio.sleep(0)
        raise KeyError("from the awaitable")

    try:
        me().parent.switch(work())
    except KeyError as e:
        start_response("200 OK", TEXT)
        return [repr(e).encode()]


def awaits_nested(environ, start_response):
    """Resumed inside a task, and awaiting from there."""
    myself = me()

    async def resume():
        await asyncio.sleep(0.01)
        myself.switch()
        return "task went on"

    async def work():
        await asyncio.sleep(0.01)
        return b"nested"

    task = asyncio.ensure_future(resume())
    myself.parent.switch()
    inside = asyncio.current_task() is task
    result = myself.parent.switch(work())
    said = myself.parent.switch(task)
    start_response("200 OK", TEXT)
    return [b"%s %s %s" % (str(inside).encode(), result, said.encode())]


def stray(environ, start_response):
    """A callback that comes twice: once while something else is waited for."""
    loop, myself = asyncio.get_running_loop(), me()
    for seconds in (0.001, 0.002, 0.003, 0.05):
        loop.call_later(seconds, myself.switch)
    body = environ["wsgi.input"].read()
    slept = me().parent.switch(asyncio.sleep(0.02, b" slept"))
    start_response("200 OK", TEXT)
    yield body
    yield slept


def coroutine_reads(environ, start_response):
    myself, found = me(), []

    async def work():
        found.append(environ["wsgi.input"].read())
        await asyncio.sleep(0)
        myself.switch()

    asyncio.ensure_future(work())
    myself.parent.switch()
    start_response("200 OK", TEXT)
    return [found[0]]


def generator_reads(environ, start_response):
    """As the article's programs do: a generator task."""
    myself, future = me(), asyncio.Future()

    @asyncio.coroutine
    def work():
        yield from asyncio.sleep(0)
        future.set_result(environ["wsgi.input"].readline())
        myself.switch()

    asyncio.Task(work())
    myself.parent.switch()
    start_response("200 OK", TEXT)
    return [future.result(), environ["wsgi.input"].read()]


def executor_reads(environ, start_response):
    loop = asyncio.get_running_loop()
    body = me().parent.switch(loop.run_in_executor(None, environ["wsgi.input"].read))
    start_response("200 OK", TEXT)
    return [body]


def read(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("200 OK", TEXT)
    return [body]


def context(environ, start_response):
    found = VARIABLE.get("empty")
    VARIABLE.set(environ["QUERY_STRING"])
    me().parent.switch(asyncio.sleep(0.001))
    start_response("200 OK", TEXT)
    return [("%s %s" % (found, VARIABLE.get("lost"))).encode()]


def parent(environ, start_response):
    start_response("200 OK", TEXT)
    running = asyncio.get_running_loop() is asyncio.get_event_loop()
    provider = getattr(me(), "__sqlalchemy_greenlet_provider__", False)
    return [
        repr((running, provider, me().parent is not None, os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"])).encode()
    ]


def turns(environ, start_response):
    """Whether others run between two chunks of an iterable, and don't with a list."""
    loop, order = asyncio.get_running_loop(), []

    def chunks():
        for number in range(3):
            loop.call_soon(order.append, "loop")
            order.append("chunk")
            yield b"."

    start_response("200 OK", TEXT)
    yield from chunks()
    yield " ".join(order).encode()


def waits_forever(environ, start_response):
    try:
        me().parent.switch()
    except loomgate_worker.RequestCancelled:
        LOG.append("cancelled")
        raise
    finally:
        LOG.append("cleaned")


def waits_in_generator(environ, start_response):
    start_response("200 OK", TEXT)
    try:
        yield b"begun"
        me().parent.switch()
    finally:
        LOG.append("generator closed")


def awaits_forever(environ, start_response):
    async def work():
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            LOG.append("awaitable cancelled")
            raise

    me().parent.switch(work())


def ignores_cancel(environ, start_response):
    while True:
        try:
            me().parent.switch()
        except loomgate_worker.RequestCancelled:
            LOG.append("ignored")
            me().parent.switch(asyncio.sleep(0.05))
            start_response("200 OK", TEXT)
            return [b"anyway"]


def exits_in_task(environ, start_response):
    async def work():
        sys.exit(3)

    asyncio.ensure_future(work())
    me().parent.switch(asyncio.sleep(0.01))
    start_response("200 OK", TEXT)
    return [b"still here"]


def fails_in_callback(environ, start_response):
    me().parent.switch(asyncio.sleep(0.001))
    raise RuntimeError("deliberately")


def log(environ, start_response):
    start_response("200 OK", TEXT)
    said = "\n".join(LOG)
    del LOG[:]
    return [said.encode()]


def child_greenlet(environ, start_response):
    """A greenlet of the application's own reads the body."""
    found = []
    child = greenlet.greenlet(lambda: found.append(environ["wsgi.input"].read()))
    child.switch()
    start_response("200 OK", TEXT)
    return [found[0]]


# ---- the uwsgi module


def sleeps(environ, start_response):
    uwsgi.async_sleep(0.05)
    start_response("200 OK", TEXT)
    return [b"slept"]


def waits_fd(environ, start_response):
    reading, writing = os.pipe()
    asyncio.get_running_loop().call_later(0.01, os.write, writing, b"x")
    uwsgi.wait_fd_read(reading, 5)
    first = uwsgi.ready_fd() == reading
    os.read(reading, 1)
    uwsgi.wait_fd_read(reading, 0.01)
    second = uwsgi.ready_fd()
    uwsgi.wait_fd_write(writing, 5)
    third = uwsgi.ready_fd() == writing
    start_response("200 OK", TEXT)
    return [repr((first, second, third, uwsgi.suspend())).encode()]


def locks(environ, start_response):
    uwsgi.lock(3)
    COUNT.append(environ["QUERY_STRING"])
    me().parent.switch(asyncio.sleep(0.01))
    COUNT.append(environ["QUERY_STRING"])
    uwsgi.unlock(3)
    start_response("200 OK", TEXT)
    return [" ".join(COUNT).encode()]


def sleeps_in_coroutine(environ, start_response):
    async def work():
        try:
            uwsgi.async_sleep(1)
        except RuntimeError as e:
            return str(e).encode()

    start_response("200 OK", TEXT)
    return [me().parent.switch(work())]


def application(environ, start_response):
    return globals()[environ["PATH_INFO"].lstrip("/").replace("-", "_") or "hello"](environ, start_response)
