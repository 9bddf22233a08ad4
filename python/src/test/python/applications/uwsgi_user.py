"""Applications that use the `uwsgi` module: the query is an expression."""

import os
import select
import threading
import time

import uwsgi

IMPORTED = (uwsgi.version, uwsgi.numproc, uwsgi.opt, uwsgi.worker_id())
FORKED = []
DURING_IMPORT = []


def at_import():
    """What programs do then: fill a cache, under a lock."""
    uwsgi.lock()
    uwsgi.cache_update("early", b"bird")
    DURING_IMPORT.append((uwsgi.cache_get("early"), uwsgi.is_locked()))
    uwsgi.unlock()


at_import()
THREADS = [threading.Thread(target=at_import) for _ in range(3)]
for each in THREADS:
    each.start()
for each in THREADS:
    each.join()


def after_fork():
    FORKED.append((os.getpid(), uwsgi.worker_id(), uwsgi.cache_get("early")))
    if uwsgi.opt.get("fails"):
        raise ValueError("deliberately, after the fork")
    if uwsgi.opt.get("exits"):
        raise SystemExit(7)


def at_exit():
    print("the worker ends")
    raise ValueError("deliberately, at the end")


uwsgi.post_fork_hook = after_fork
uwsgi.atexit = at_exit


def application(environ, start_response):
    if environ["PATH_INFO"] == "/early":
        return early(start_response)
    found = eval(environ["QUERY_STRING"], globals())
    start_response("200 OK", [])
    return [repr(found).encode()]


def said(call, *arguments):
    try:
        return call(*arguments)
    except Exception as e:
        return "%s: %s" % (type(e).__name__, e)


def waits():
    start = time.monotonic()
    uwsgi.async_sleep(0.01)
    return time.monotonic() - start >= 0.01, uwsgi.suspend(), uwsgi.green_schedule()


def selected():
    """Of a WebSocket's first message, which it waits for by select() alone, the length."""
    uwsgi.websocket_handshake()
    descriptor = uwsgi.connection_fd()
    message = b""
    while not message:
        select.select([descriptor], [], [])
        message = uwsgi.websocket_recv_nb()
    uwsgi.websocket_send(str(len(message)))


def pushed():
    """Two threads send a message each, both longer than there is room for at first."""
    uwsgi.websocket_handshake()
    context = uwsgi.request_context()

    def push(letter):
        uwsgi.websocket_send(letter * 300000, request_context=context)

    other = threading.Thread(target=push, args=("b",))
    other.start()
    push("a")
    other.join()


def in_child():
    """What a process that the program forks gets from the cache."""
    end, begin = os.pipe()
    if os.fork() == 0:
        os.write(begin, said(uwsgi.cache_get, "x").encode())
        os._exit(0)
    os.close(begin)
    os.wait()
    with os.fdopen(end) as file:
        return file.read(), uwsgi.cache_get("early")


def threads_lock():
    """Two threads: one holds a lock that the other waits for, and makes a call meanwhile."""
    uwsgi.lock(1)
    other = threading.Thread(target=lambda: (uwsgi.lock(1), uwsgi.unlock(1)))
    other.start()
    found = uwsgi.cache_get("x")
    uwsgi.unlock(1)
    other.join()
    return found


def twice(text):
    return text * 2


uwsgi.register_rpc("twice", twice)
AFTERWARDS = []


def early(start_response):
    """Ends its response, and goes on."""
    start_response("200 OK", [])
    yield b"early"
    uwsgi.disconnect()
    AFTERWARDS.append("done" if not uwsgi.is_connected() else "connected")


def add_often(times):
    for _ in range(times):
        uwsgi.sharedarea_inc64(0, 8)


def polled():
    """A body that comes in two parts."""
    first, nothing = uwsgi.chunked_read(), uwsgi.chunked_read_nb()
    uwsgi.cache_set("asked", b"for the rest")
    part = None
    while part is None:
        uwsgi.async_sleep(0.005)
        part = uwsgi.chunked_read_nb()
    return first, nothing, part, uwsgi.chunked_read()
