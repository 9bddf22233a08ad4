"""What the tests of the JVM's side ask for, by path."""

import json
import os
import sys
import threading
import time
from urllib.parse import parse_qs

NOTES = os.environ.get("NOTES", "/dev/null")
VERSION = os.environ.get("PROGRAM_VERSION", "1")


def note(text):
    """A line in the file that the test reads."""
    with open(NOTES, "a") as notes:
        notes.write(text + "\n")


def wait(seconds):
    """Waits: in mode asyncio the greenlet alone."""
    try:
        import greenlet
    except ImportError:
        time.sleep(seconds)
        return
    me = greenlet.getcurrent()
    if me.parent is None:
        time.sleep(seconds)
    else:
        import asyncio

        asyncio.get_event_loop().call_later(seconds, me.switch)
        end = time.monotonic() + seconds
        while time.monotonic() < end - 0.001:
            me.parent.switch()


def application(environ, start_response):
    name = environ["PATH_INFO"].strip("/").replace("-", "_") or "hello"
    query = {key: values[0] for key, values in parse_qs(environ["QUERY_STRING"]).items()}
    return globals()["do_" + name](environ, start_response, query)


def plain(start_response, text, *headers):
    body = text.encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body))), *headers])
    return [body]


def do_hello(environ, start_response, query):
    return plain(start_response, "hello")


def do_version(environ, start_response, query):
    return plain(start_response, VERSION)


def do_pid(environ, start_response, query):
    return plain(start_response, str(os.getpid()))


def do_environ(environ, start_response, query):
    texts = {key: value for key, value in environ.items() if isinstance(value, str)}
    return plain(start_response, json.dumps(texts))


def do_sleep(environ, start_response, query):
    """Holds its thread."""
    note("began " + query.get("name", ""))
    time.sleep(float(query.get("seconds", "60")))
    note("ended " + query.get("name", ""))
    return plain(start_response, "slept")


def do_wait(environ, start_response, query):
    """Delays no other request, in mode asyncio."""
    note("began " + query.get("name", ""))
    try:
        wait(float(query.get("seconds", "60")))
    except BaseException as e:
        note("%s in %s" % (type(e).__name__, query.get("name", "")))
        raise
    note("ended " + query.get("name", ""))
    return plain(start_response, "waited")


def do_own_limit(environ, start_response, query):
    import uwsgi

    uwsgi.set_user_harakiri(int(query["limit"]))
    return do_wait(environ, start_response, query)


def do_echo(environ, start_response, query):
    body = environ["wsgi.input"].read()
    start_response(
        "200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", str(len(body)))]
    )
    return [body]


def do_count(environ, start_response, query):
    """Reads in small steps, slowly if asked to."""
    count = 0
    pause = float(query.get("pause", "0"))
    note("began " + query.get("name", ""))
    try:
        while True:
            part = environ["wsgi.input"].read(10000)
            if not part:
                break
            count += len(part)
            if pause:
                time.sleep(pause)
    except BaseException as e:
        note("%s in %s" % (type(e).__name__, query.get("name", "")))
        raise
    return plain(start_response, str(count))


def do_ignore(environ, start_response, query):
    return plain(start_response, "ignored")


class Stream:
    def __init__(self, count, size, pause):
        self.left, self.chunk, self.pause = count, b"x" * size, pause

    def __iter__(self):
        return self

    def __next__(self):
        if not self.left:
            raise StopIteration
        self.left -= 1
        if self.pause:
            wait(self.pause)
        return self.chunk

    def close(self):
        note("closed with %d left" % self.left)


def do_stream(environ, start_response, query):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return Stream(int(query["count"]), int(query.get("size", "10")), float(query.get("pause", "0")))


def do_large(environ, start_response, query):
    size = int(query["size"])
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(size))])
    return [b"y" * size]


def do_file(environ, start_response, query):
    class File:
        """Tells of its end; what the wrapper sees is a plain file."""

    file = open(query["path"], "rb")
    wrapper = environ["wsgi.file_wrapper"](file)
    close = wrapper.close

    def closing():
        note("file closed")
        close()

    wrapper.close = closing
    start_response("200 OK", [("Content-Type", "application/octet-stream")])
    return wrapper


def do_exit(environ, start_response, query):
    os._exit(int(query.get("status", "1")))


def do_fail(environ, start_response, query):
    raise ValueError("as it was asked to")


def do_print(environ, start_response, query):
    print("printed by the program")
    return plain(start_response, "printed")


def do_grow(environ, start_response, query):
    globals()["KEPT"] = b"z" * (int(query["mib"]) << 20)
    return plain(start_response, str(os.getpid()))


def do_locked_add(environ, start_response, query):
    """Reads, waits and writes under a lock: a lost update shows that two had it."""
    import uwsgi

    uwsgi.lock(3)
    try:
        value = int(uwsgi.cache_get("sum") or b"0")
        time.sleep(0.001)
        uwsgi.cache_update("sum", str(value + 1))
    finally:
        uwsgi.unlock(3)
    return plain(start_response, str(value + 1))


def do_sum(environ, start_response, query):
    import uwsgi

    return plain(start_response, (uwsgi.cache_get("sum") or b"0").decode())


def do_cache(environ, start_response, query):
    import uwsgi

    try:
        return plain(start_response, repr(uwsgi.cache_set("key", "value", int(query["expires"]))))
    except RuntimeError as e:
        return plain(start_response, "%s: %s" % (type(e).__name__, e))


def do_threads(environ, start_response, query):
    return plain(start_response, str(threading.active_count()))


if os.environ.get("FAIL_TO_IMPORT") == "1":
    raise ImportError("the program was told to fail")
