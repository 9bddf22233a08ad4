"""Applications of mode asyncio that run asyncio code of their own, one a path."""

import asyncio
import contextvars
import sys
import threading

import greenlet
from asgiref.sync import async_to_sync, sync_to_async
from loomgate_worker import RequestCancelled

TEXT = [("Content-Type", "text/plain")]
VARIABLE = contextvars.ContextVar("VARIABLE")
FLAGS = {}
LOG = []
SAID = []


async def work(seconds=0.01):
    await asyncio.sleep(seconds)
    return "done"


async def until(name):
    """Returns when another request has set the flag: never, if that one isn't served."""
    while name not in FLAGS:
        await asyncio.sleep(0.005)
    return "flagged"


def flag(environ):
    FLAGS[environ["QUERY_STRING"]] = True
    return "set"


def run(environ):
    return asyncio.run(work(float(environ["QUERY_STRING"] or 0.01)))


def run_until_flag(environ):
    return asyncio.run(until(environ["QUERY_STRING"]))


def own_loop(environ):
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work())
    finally:
        loop.close()


def plain_selector_loop(environ):
    """Not by the policy: it holds the thread up, and is right nevertheless."""
    loop = asyncio.SelectorEventLoop()
    try:
        return loop.run_until_complete(work())
    finally:
        loop.close()


def set_loop(environ):
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    assert asyncio.get_event_loop() is loop
    try:
        return asyncio.get_event_loop().run_until_complete(work())
    finally:
        loop.close()


def common_loop(environ):
    """The usual way before asyncio.run, with what some put at its end."""
    loop = asyncio.get_event_loop()
    assert not loop.is_running()
    try:
        return loop.run_until_complete(until(environ["QUERY_STRING"]) if environ["QUERY_STRING"] else work())
    finally:
        loop.stop()
        loop.close()


def common_loop_for_ever(environ):
    try:
        asyncio.get_event_loop().run_forever()
    except RuntimeError as e:
        return str(e)


def runner(environ):
    if sys.version_info < (3, 11):
        return "done done"
    with asyncio.Runner() as one:
        return one.run(work()) + " " + one.run(work())


def after_a_run(environ):
    """A run leaves nothing behind: the server's loop is still the one that is found."""
    before = asyncio.get_event_loop()
    asyncio.run(work())
    future = asyncio.Future()
    asyncio.get_event_loop().call_later(0.001, future.set_result, "found")
    found = greenlet.getcurrent().parent.switch(future)
    return "%s %s" % (asyncio.get_event_loop() is before is asyncio.get_running_loop(), found)


def inside_a_task(environ):
    """In a greenlet that a task of the server's loop has resumed."""
    me, order = greenlet.getcurrent(), []

    async def resume():
        loop = asyncio.get_running_loop()
        me.switch()
        order.append(asyncio.get_running_loop() is loop)
        await asyncio.sleep(0)
        order.append(asyncio.current_task() is task)
        me.switch()  # a stray one, while its run waits

    task = asyncio.create_task(resume())
    me.parent.switch()
    text = asyncio.run(until(environ["QUERY_STRING"]))
    me.parent.switch(task)
    return "%s %s" % (text, order)


def within_a_run(environ):
    async def outer():
        coroutine = work()
        try:
            asyncio.run(coroutine)
        except RuntimeError as e:
            coroutine.close()
            return str(e)

    return asyncio.run(outer())


def in_the_hub(environ):
    async def outer():
        coroutine = work()
        try:
            asyncio.run(coroutine)
        except RuntimeError as e:
            coroutine.close()
            return str(e)

    return greenlet.getcurrent().parent.switch(outer())


def reads(environ):
    async def read():
        await asyncio.sleep(0.001)
        data = environ["wsgi.input"].read()
        await asyncio.sleep(0.001)
        return data

    return asyncio.run(read())


def threads(environ):
    async def both():
        loop = asyncio.get_running_loop()
        event = asyncio.Event()
        threading.Timer(0.02, loop.call_soon_threadsafe, (event.set,)).start()
        await event.wait()
        return await loop.run_in_executor(None, lambda: "from a thread")

    return asyncio.run(both())


def process(environ):
    async def call():
        one = await asyncio.create_subprocess_exec("echo", "-n", "said", stdout=asyncio.subprocess.PIPE)
        return (await one.communicate())[0]

    return asyncio.run(call())


def context(environ):
    VARIABLE.set(environ["QUERY_STRING"])

    async def see():
        await asyncio.sleep(0.01)
        return VARIABLE.get()

    return asyncio.run(see()) + asyncio.get_event_loop().run_until_complete(see())


def generators(environ):
    """An asynchronous generator that is left alone belongs to the loop that it was begun in."""

    async def numbers():
        try:
            yield 1
            yield 2
        finally:
            LOG.append(asyncio.get_running_loop() is owner)

    async def leave():
        nonlocal owner
        owner = asyncio.get_running_loop()
        await asyncio.sleep(0.01)
        generator = numbers()
        await generator.__anext__()
        await asyncio.sleep(0.01)

    owner = None
    asyncio.run(leave())
    greenlet.getcurrent().parent.switch(leave())
    greenlet.getcurrent().parent.switch(asyncio.sleep(0.01))
    return repr(LOG)


def cancelled(environ):
    async def wait():
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.001)
            FLAGS["cleaned up"] = True

    FLAGS["waits"] = True
    try:
        asyncio.run(wait())
    except RequestCancelled:
        FLAGS["cancelled"] = True
        raise
    return "went on"


def flags(environ):
    return " ".join(sorted(FLAGS))


def asgiref_view(environ):
    async def view():
        thread = await sync_to_async(threading.get_ident, thread_sensitive=True)()
        return "%s %s" % (await work(), thread == here)

    here = threading.get_ident()
    return async_to_sync(view)()


def asgiref_waits(environ):
    return async_to_sync(until)(environ["QUERY_STRING"])


def asgiref_loop(environ):
    """Its task is one of the server's loop, in the thread that it was called in."""

    async def view():
        task = asyncio.current_task()
        await asyncio.sleep(0.001)
        return [
            asyncio.current_task() is task,
            task in asyncio.all_tasks(),
            asyncio.get_running_loop() is loop,
            threading.get_ident() == here,
        ]

    here, loop = threading.get_ident(), asyncio.get_event_loop()
    return repr(async_to_sync(view)())


def asgiref_context(environ):
    async def view():
        seen = VARIABLE.get()
        await asyncio.sleep(0.001)
        VARIABLE.set(seen + " set inside")
        return seen

    VARIABLE.set(environ["QUERY_STRING"])
    return "%s, %s" % (async_to_sync(view)(), VARIABLE.get())


def asgiref_fails(environ):
    async def view(number):
        await asyncio.sleep(0.001)
        raise LookupError("of the view %s" % number)

    try:
        async_to_sync(view)(1)
    except LookupError as e:
        return "%s in %s" % (e, e.__traceback__.tb_next is not None)


def asgiref_exits(environ):
    async def view():
        sys.exit("leaves")

    try:
        async_to_sync(view)()
    except SystemExit as e:
        return str(e)


def asgiref_handles(environ):
    """As in an error handler, what is being handled is known."""

    async def handler():
        await asyncio.sleep(0.001)
        return repr(sys.exc_info()[1])

    try:
        raise KeyError("handled")
    except KeyError:
        return async_to_sync(handler)()


def asgiref_nested(environ):
    """Sync code that a view calls is in the same thread, may wait by itself, and sees what the view has set."""

    def inner():
        return "%s %s %s" % (threading.get_ident() == here, VARIABLE.get(), async_to_sync(work)())

    async def view():
        VARIABLE.set("seen")
        both = await asyncio.gather(*[sync_to_async(inner)() for _ in range(3)])
        other = await sync_to_async(threading.get_ident, thread_sensitive=False)()
        return ", ".join(both) + " %s" % (other == here)

    here = threading.get_ident()
    return async_to_sync(view)()


def asgiref_cancelled(environ):
    async def view():
        SAID.append("view waits")
        try:
            await sync_to_async(wait_in_sync)()
        finally:
            await asyncio.sleep(0.001)
            SAID.append("view cleaned up")

    async def wait():
        try:
            await asyncio.sleep(60)
        finally:
            SAID.append("inner ended")

    def wait_in_sync():
        SAID.append("sync waits")
        async_to_sync(wait)()

    try:
        async_to_sync(view)()
    except RequestCancelled:
        SAID.append("request goes on")
        raise


def asgiref_elsewhere(environ):
    """In a thread, and in a coroutine, asgiref does as ever."""

    async def refused():
        coroutine = work()
        try:
            async_to_sync(work)()
        except RuntimeError as e:
            return str(e)
        finally:
            coroutine.close()

    said = []
    thread = threading.Thread(target=lambda: said.append(async_to_sync(work)()))
    thread.start()
    thread.join()
    return "%s %s" % (said, greenlet.getcurrent().parent.switch(refused()))


def log(environ):
    return ", ".join(SAID)


def application(environ, start_response):
    start_response("200 OK", TEXT)
    body = globals()[environ["PATH_INFO"][1:].replace("-", "_")](environ)
    return [body.encode() if isinstance(body, str) else body]
