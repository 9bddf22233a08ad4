"""The applications of the tests, one a path. `application` calls them; `checked` does under wsgiref's validator."""

import contextvars
import io
import os
import sys
import tempfile
import threading
import time
from wsgiref.validate import validator

import loomgate_worker

TEXT = [("Content-Type", "text/plain")]
LOG = []  # what close() and others have noted, read with /log
KEPT = {}
VARIABLE = contextvars.ContextVar("VARIABLE")


def hello(environ, start_response):
    start_response("200 OK", TEXT)
    return [b"Hello world!\n"]


def echo(environ, start_response):
    body = environ["wsgi.input"].read(-1)
    start_response("200 OK", TEXT + [("Content-Length", str(len(body)))])
    return [body]


def echo_pieces(environ, start_response):
    start_response("200 OK", TEXT)
    while True:
        piece = environ["wsgi.input"].read(10000)
        if not piece:
            return
        yield piece


def echo_iterator(environ, start_response):
    """As echo_pieces, but no generator: the validator wants start_response before the first chunk."""
    start_response("200 OK", TEXT)
    stream = environ["wsgi.input"]
    return iter(lambda: stream.read(10000), b"")


def lines(environ, start_response):
    stream = environ["wsgi.input"]
    first = stream.readline()
    short = stream.readline(3)
    some = stream.readlines(1)
    rest = list(stream)
    start_response("200 OK", TEXT)
    return [repr((first, short, some, rest, stream.read(), stream.readline())).encode()]


def environ_(environ, start_response):
    start_response("200 OK", TEXT)
    return [
        repr(
            {key: value for key, value in environ.items() if key not in ("wsgi.input", "wsgi.errors")}
        ).encode()
    ]


def generator(environ, start_response):
    start_response("200 OK", TEXT)
    for number in range(3):
        yield b"%d\n" % number


def late_head(environ, start_response):
    yield b""
    start_response("201 Created", TEXT)
    yield b"late"


def written(environ, start_response):
    write = start_response("200 OK", TEXT)
    write(b"one ")
    write(b"two ")
    return [b"three"]


def replaced(environ, start_response):
    start_response("200 OK", TEXT)
    try:
        raise ValueError("before")
    except ValueError:
        start_response("500 Oops", TEXT, sys.exc_info())
    return [b"replaced"]


def too_late(environ, start_response):
    write = start_response("200 OK", TEXT)
    write(b"x" * 10)
    try:
        raise ValueError("after the head")
    except ValueError:
        start_response("500 Oops", TEXT, sys.exc_info())
    return [b"never"]


def twice(environ, start_response):
    start_response("200 OK", TEXT)
    start_response("200 OK", TEXT)
    return []


def fails(environ, start_response):
    raise RuntimeError("deliberately, with \u00fcmlaut")


def fails_midway(environ, start_response):
    start_response("200 OK", TEXT)
    try:
        yield b"begun"
        raise RuntimeError("midway")
    finally:
        LOG.append("midway closed")


def exits(environ, start_response):
    sys.exit(7)


def interrupts(environ, start_response):
    raise KeyboardInterrupt


def nothing(environ, start_response):
    start_response("200 OK", TEXT)


def empty(environ, start_response):
    start_response("204 No Content", [])
    return []


def headless(environ, start_response):
    return [b"no head"]


def text(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield "Hello w\u00f6rld!\n"


def text_list(environ, start_response):
    start_response("200 OK", TEXT)
    return ["a", b"b", bytearray(b"c")]


def bare(environ, start_response):
    start_response("200 OK", TEXT)
    return b"bare bytes"


def bare_text(environ, start_response):
    start_response("200 OK", TEXT)
    return "bare text"


def number(environ, start_response):
    start_response("200 OK", TEXT)
    return [b"a", 7]


def large(environ, start_response):
    start_response("200 OK", TEXT)
    return [b"x" * 1000000, b"y" * 10]


def duplicates(environ, start_response):
    start_response("200 OK", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Latin", "\u00e9")])
    return [b""]


def bad_head(environ, start_response):
    cases = {
        "status": (b"200 OK", TEXT),
        "digits": ("OK", TEXT),
        "newline": ("200 OK\nX: y", TEXT),
        "value": ("200 OK", [("X", 5)]),
        "inject": ("200 OK", [("X", "a\r\nSet-Cookie: b=c")]),
        "latin": ("200 OK", [("X", "\u20ac")]),
        "pair": ("200 OK", [("X", "y", "z")]),
        "none": ("200 OK", None),
    }
    start_response(*cases[environ["QUERY_STRING"]])
    return [b"never"]


class Closing:
    def __init__(self, name, chunks, failing=False):
        self.name, self.chunks, self.failing = name, iter(chunks), failing

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.chunks)

    def close(self):
        LOG.append(self.name + " closed")
        if self.failing:
            raise RuntimeError("close failed")


def closing(environ, start_response):
    start_response("200 OK", TEXT)
    return Closing("closing", [b"a", b"b"])


def closing_fails(environ, start_response):
    start_response("200 OK", TEXT)
    return Closing("closing_fails", [b"a", b"b"], failing=True)


def declared(environ, start_response):
    """As Werkzeug's responses are: an iterator, whose length is known. The query says how many bytes are declared."""
    start_response("200 OK", [("Content-Length", environ["QUERY_STRING"])])
    return Closing("declared", [b"12345", b"", b"678"])


def breaking(environ, start_response):
    start_response("200 OK", TEXT)

    def chunks():
        yield b"a"
        raise RuntimeError("broken")

    return Closing("breaking", chunks())


def slow_close(environ, start_response):
    start_response("200 OK", TEXT)
    gate = threading.Event()
    KEPT["gate"] = gate

    class Slow(Closing):
        def close(self):
            # A client that reads the response first can't wait for close(): it would never come.
            with open(environ["QUERY_STRING"]) as fifo:
                fifo.read()
            super().close()

    return Slow("slow_close", [b"early"])


def fifo(environ, start_response):
    """Yields, then waits until somebody opens the named pipe."""
    start_response("200 OK", TEXT)
    yield b"before "
    with open(environ["QUERY_STRING"]) as file:
        yield file.read().encode()


def block(environ, start_response):
    with open(environ["QUERY_STRING"]) as file:
        file.read()
    start_response("200 OK", TEXT)
    return [b"released"]


def log(environ, start_response):
    start_response("200 OK", TEXT)
    said = "\n".join(LOG)
    del LOG[:]
    return [said.encode()]


def file(environ, start_response):
    start_response("200 OK", TEXT)
    opened = open(environ["QUERY_STRING"], "rb")
    opened.seek(10)

    close = opened.close
    wrapper = environ["wsgi.file_wrapper"](opened, 4096)

    def noted():
        close()
        LOG.append("file closed")

    wrapper.close = noted
    return wrapper


def zipped(environ, start_response):
    import gzip

    start_response("200 OK", TEXT)
    return environ["wsgi.file_wrapper"](gzip.open(environ["QUERY_STRING"], "rb"))


def memory_file(environ, start_response):
    start_response("200 OK", TEXT)
    return environ["wsgi.file_wrapper"](io.BytesIO(b"z" * 100000))


def temporary_file(environ, start_response):
    start_response("200 OK", TEXT)
    opened = tempfile.NamedTemporaryFile()
    opened.write(b"t" * 100000)
    opened.seek(0)
    return environ["wsgi.file_wrapper"](opened)


def endless(environ, start_response):
    start_response("200 OK", TEXT)
    try:
        while True:
            yield b"tick\n"
            time.sleep(0.005)
    except BaseException:
        # GeneratorExit; or where it waits in a way that the mode can interrupt.
        LOG.append("endless: generator closed")
        raise


def flood(environ, start_response):
    start_response("200 OK", TEXT)
    try:
        while True:
            yield b"x" * 50000
    finally:
        LOG.append("flood closed")


def write_forever(environ, start_response):
    write = start_response("200 OK", TEXT)
    try:
        while True:
            write(b"x" * 50000)
    except loomgate_worker.RequestCancelled:
        LOG.append("write_forever cancelled")
        raise


def read_all(environ, start_response):
    try:
        body = environ["wsgi.input"].read()
    except loomgate_worker.RequestCancelled:
        LOG.append("read cancelled")
        raise
    except OSError as e:
        body = ("OSError: %s" % e).encode()
    start_response("200 OK", TEXT)
    return [body]


def prints(environ, start_response):
    print("to stdout")
    print("to stderr", file=sys.stderr)
    environ["wsgi.errors"].write("to errors\n")
    print("x" * 40000)
    os.write(1, b"from below, no end")
    start_response("200 OK", TEXT)
    return [b"printed"]


def prints_much(environ, start_response):
    for number in range(20000):
        print("line %d" % number)
    start_response("200 OK", TEXT)
    return [b"printed"]


def grandchild(environ, start_response):
    """Leaves a process behind that keeps stdout open; its pid."""
    import subprocess

    child = subprocess.Popen(["sleep", "60"])
    print("left behind")
    start_response("200 OK", TEXT)
    return [str(child.pid).encode()]


def pid(environ, start_response):
    start_response("200 OK", TEXT)
    return [str(os.getpid()).encode()]


def sleep(environ, start_response):
    print("sleeping")
    time.sleep(60)
    start_response("200 OK", TEXT)
    return [b"slept"]


def read_in_thread(environ, start_response):
    found = []
    thread = threading.Thread(target=lambda: found.append(environ["wsgi.input"].read()))
    thread.start()
    thread.join()
    start_response("200 OK", TEXT)
    return [found[0]]


def forks(environ, start_response):
    child = os.fork()
    if child == 0:
        sys.exit(7)
    start_response("200 OK", TEXT)
    return [str(os.waitpid(child, 0)[1] >> 8).encode()]


def closes_all(environ, start_response):
    """As code that makes a daemon does."""
    os.closerange(3, 1024)
    start_response("200 OK", TEXT)
    return [b"never seen"]


def terminates(environ, start_response):
    """Ends a forked process and a started program by SIGTERM."""
    import multiprocessing
    import subprocess

    forked = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
    forked.start()
    forked.terminate()
    forked.join()
    started = subprocess.Popen(["sleep", "60"])
    started.terminate()
    start_response("200 OK", TEXT)
    return [("%d %d" % (forked.exitcode, started.wait())).encode()]


def kept_write(environ, start_response):
    """The first request leaves its write() to the second one, which must not get it into a response."""
    if "write" in KEPT:
        try:
            KEPT.pop("write")(b"stray")
            said = b"no error"
        except RuntimeError as e:
            said = str(e).encode()
        start_response("200 OK", TEXT)
        return [said]
    KEPT["write"] = start_response("200 OK", TEXT)
    return [b"kept"]


def application(environ, start_response):
    path = environ["PATH_INFO"].lstrip("/").replace("-", "_") or "hello"
    return globals()["environ_" if path == "environ" else path](environ, start_response)


checked = validator(application)


def factory():
    return application


not_callable = "text"
