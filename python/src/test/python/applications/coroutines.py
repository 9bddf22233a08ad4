"""Applications of WSGI that are coroutine functions, one a path, and other ways to be one."""

import asyncio
import contextvars
import functools
import threading

TEXT = [("Content-Type", "text/plain")]
VARIABLE = contextvars.ContextVar("VARIABLE", default="unset")
FLAGS = set()
LOG = []


class Chunks:
    """An asynchronous iterable that isn't a generator, with a close()."""

    def __init__(self, chunks):
        self.chunks = list(chunks)

    def __aiter__(self):
        return self

    async def __anext__(self):
        await asyncio.sleep(0.001)
        if not self.chunks:
            raise StopAsyncIteration
        return self.chunks.pop(0)

    def close(self):
        LOG.append("closed")


async def hello(environ):
    await asyncio.sleep(0.001)
    return [b"hello"]


async def generator(environ):
    task = asyncio.current_task()
    VARIABLE.set("set before")

    async def chunks():
        inner = asyncio.current_task()
        for n in range(3):
            await asyncio.sleep(0.001)
            VARIABLE.set(VARIABLE.get() + " %d" % n)
            yield b"%d " % (asyncio.current_task() is inner)
            yield None
            yield b""
        yield VARIABLE.get().encode()
        yield b" %d" % (task is not None)

    return chunks()


async def iterable(environ):
    return Chunks([b"a", bytearray(b"b"), "c"])


async def sync_generator(environ):
    await asyncio.sleep(0.001)
    return (b"%d" % n for n in range(5))


async def large(environ):
    async def chunks():
        for _ in range(20):
            yield b"x" * 10000

    return chunks()


async def future(environ):
    made = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(made.set_result, [b"future"])
    return made


async def reads(environ):
    return [await asyncio.get_running_loop().run_in_executor(None, environ["wsgi.input"].read)]


async def reads_here(environ):
    return [environ["wsgi.input"].read()]


async def fails(environ):
    await asyncio.sleep(0.001)
    raise LookupError("deliberately")


async def fails_later(environ):
    async def chunks():
        yield b"begun"
        await asyncio.sleep(0.001)
        raise LookupError("deliberately, later")

    return chunks()


async def nothing(environ):
    return None


async def waits(environ):
    while environ["QUERY_STRING"] not in FLAGS:
        await asyncio.sleep(0.005)
    return [b"flagged"]


async def flag(environ):
    FLAGS.add(environ["QUERY_STRING"])
    return [b"set"]


async def waits_forever(environ):
    LOG.append("waits")
    try:
        await asyncio.sleep(60)
    finally:
        await asyncio.sleep(0.001)
        LOG.append("cleaned")


async def streams_forever(environ):
    async def chunks():
        LOG.append("streams")
        try:
            while True:
                yield b"x" * 1000
                await asyncio.sleep(0)
        finally:
            await asyncio.sleep(0.001)
            LOG.append("ended")

    return chunks()


async def log(environ):
    said = " ".join(LOG)
    del LOG[:]
    return [said.encode()]


async def respond(environ, start_response):
    start_response("200 OK", TEXT)
    return await globals()[environ["PATH_INFO"][1:].replace("-", "_")](environ)


async def application(environ, start_response):
    return await respond(environ, start_response)


def plain(environ, start_response):
    """It can't be told from other callables before it has returned."""
    return respond(environ, start_response)


def plain_generator(environ, start_response):
    start_response("200 OK", TEXT)
    return Chunks([b"a", b"b"])


class Instance:
    async def __call__(self, environ, start_response):
        return await respond(environ, start_response)


instance = Instance()


async def of_three(more, environ, start_response):
    return await respond(environ, start_response)


partial = functools.partial(of_three, "more")
