"""Applications whose heads, bodies, inputs and files have unusual shapes, one a path."""

import array
import csv
import ctypes
import gzip
import io
import json
import mmap
import os
import shutil
import socket
import subprocess
import tempfile

import uwsgi

TEXT = [("Content-Type", "text/plain")]
LOG = []
LINES = b"".join(b"%07d\n" % n for n in range(20000))
FLOOD = {}


def log(environ, start_response):
    noted, LOG[:] = list(LOG), []
    start_response("200 OK", TEXT)
    return ["\n".join(noted).encode()]


# ---- heads


def head(environ, start_response):
    """`/head?HOW,BYTES,BODY`: a head that is too large, or not, by one of three ways."""
    how, size, body = environ["QUERY_STRING"].split(",")
    size, body = int(size), b"b" * int(body)
    status, headers = "200 OK", list(TEXT)
    if how == "many":
        headers += [("Set-Cookie", "c%06d=v" % n) for n in range(size // 21)]
    elif how == "reason":
        status = "200 " + "R" * size
    else:
        headers.append(("X-Large", "x" * size))
    if how == "late":
        return late_head(status, headers, body, start_response)
    write = start_response(status, headers)
    if how == "write":
        write(body)
        return []
    if how == "generator":
        return (part for part in (body[:1], body[1:]))
    return [body]


def late_head(status, headers, body, start_response):
    start_response(status, headers)
    yield body


def error_page(environ, start_response):
    """What a framework does with an exception: another head."""
    try:
        start_response("200 OK", [("X", "x" * 2000000)])
    except ValueError as e:
        start_response("500 Mine", TEXT)
        return [str(e).encode()]


def log_variables(environ, start_response):
    uwsgi.set_logvar("name", "v" * int(environ["QUERY_STRING"]))
    start_response("200 OK", TEXT)
    return [b"ok"]


def huge_exception(environ, start_response):
    raise RuntimeError("\U0001f4a5" * 3000000 + "the end")


def environ_size(environ, start_response):
    start_response("200 OK", TEXT)
    return [str(len(environ["HTTP_COOKIE"])).encode()]


# ---- iterables


class Counted:
    """Notes each call of __iter__."""

    def __iter__(self):
        LOG.append("iter")
        return self.iterator()

    def close(self):
        LOG.append("closed")


class Itself(Counted):
    """The class-style application of PEP 3333 whose instance is its own iterator."""

    def __init__(self, start):
        self.start, self.left = start, 2

    def iterator(self):
        self.start("200 OK", TEXT)
        return self

    def __next__(self):
        if not self.left:
            raise StopIteration
        self.left -= 1
        return b"part"


class OnlyNext:
    """An iterator that isn't iterable, which `for` does with, too."""

    def __init__(self):
        self.parts = [b"a", b"b"]

    def __next__(self):
        if not self.parts:
            raise StopIteration
        return self.parts.pop(0)


class Gives(Counted):
    def __init__(self, what):
        self.iterator = what


class Indexed:
    def __getitem__(self, at):
        return (b"one", b"two")[at]


class Sized(Gives):
    def __len__(self):
        return 1


ITERABLES = {
    "itself": lambda start: Itself(start),
    "lazy": lambda start: Gives(lambda: late_head("200 OK", TEXT, b"late", start)),
    "list-iterator": lambda start: Gives(lambda: iter([b"a", b"b"])),
    "only-next": lambda start: Gives(OnlyNext),
    "sized": lambda start: Sized(lambda: iter((b"x", b"y"))),
    "indexed": lambda start: Indexed(),
    "dict-values": lambda start: {1: b"v", 2: b"w"}.values(),
    "set": lambda start: {b"only"},
    "range-map": lambda start: map(lambda n: b"%d" % n, range(3)),
    "tuple": lambda start: (b"t", b"u"),
}


def iterable(environ, start_response):
    how = environ["QUERY_STRING"]
    if how not in ("itself", "lazy"):
        start_response("200 OK", TEXT)
    return ITERABLES[how](start_response)


# ---- chunks


def memory_map():
    memory = mmap.mmap(-1, 4)
    memory.write(b"mmap")
    return memory


CHUNKS = {
    "bytearray": lambda: bytearray(b"abc"),
    "view": lambda: memoryview(b"abc"),
    "view-of-ints": lambda: memoryview(b"abcdefgh").cast("I"),
    "view-apart": lambda: memoryview(b"a.b.c.")[::2],
    "array": lambda: array.array("B", b"abc"),
    "array-of-ints": lambda: array.array("H", [0x6261, 0x6463]),
    "mmap": memory_map,
    "ctypes": lambda: (ctypes.c_char * 3)(*b"abc"),
    "text": lambda: "\u00e4",
    "empty": lambda: bytearray(),
    "none": lambda: None,
    "number": lambda: 5,
    "zero": lambda: 0,
    "list": lambda: [b"abc"],
}


def chunk(environ, start_response):
    """`/chunk?WHAT,WHERE`."""
    what, where = environ["QUERY_STRING"].split(",")
    write = start_response("200 OK", TEXT)
    part = CHUNKS[what]()
    if where == "write":
        write(part)
        return []
    return {
        "bare": lambda: part,
        "list": lambda: [part, b"!"],
        "generator": lambda: (p for p in (part, b"!")),
    }[where]()


# ---- wsgi.input


class Refused(Exception):
    pass


def refusals(stream):
    """What a stream that can only be read says to everything else."""
    said = []
    for name, arguments in (
        ("seek", (0,)),
        ("tell", ()),
        ("truncate", ()),
        ("write", (b"x",)),
        ("writelines", ([b"x"],)),
        ("fileno", ()),
        ("detach", ()),
        ("read", ("x",)),
    ):
        try:
            getattr(stream, name)(*arguments)
            said.append(name + " works")
        except Exception as e:
            said.append("%s %s" % (name, type(e).__name__))
    return said


def close_twice(stream):
    first = stream.read(3)
    stream.close()
    stream.close()
    said = [first.decode(), stream.closed]
    for name in (
        "read",
        "readline",
        "read1",
        "readlines",
        "readable",
        "seekable",
        "writable",
        "seek",
        "__enter__",
        "__next__",
    ):
        try:
            getattr(stream, name)()
            said.append(name + " works")
        except (ValueError, TypeError) as e:
            said.append(type(e).__name__)
    return said


def with_block(stream):
    with stream as same:
        count = len(same.read())
    return [count, stream.closed, same is stream]


def reads_into(stream):
    one, two = bytearray(1000), array.array("I", bytes(400))
    counts = [stream.readinto(one), stream.readinto(two)]
    some = stream.readinto1(bytearray(10))
    return counts + [
        bytes(one[:8]).decode(),
        0 < some <= 10,
        some + sum(map(len, iter(lambda: stream.read(4000), b""))),
    ]


def by_read1(stream):
    return sum(map(len, iter(lambda: stream.read1(100), b""))), len(stream.read1()), len(stream.read1(0))


INPUTS = {
    "kind": lambda f: [
        isinstance(f, io.BufferedIOBase),
        f.readable(),
        f.writable(),
        f.seekable(),
        f.isatty(),
        f.closed,
        hasattr(f, "getvalue"),
        hasattr(f, "getbuffer"),
        f.flush() is None,
    ],
    "refusals": refusals,
    "close": close_twice,
    "with": with_block,
    "text": lambda f: sum(1 for _ in io.TextIOWrapper(f, "ascii", newline="")),
    "csv": lambda f: sum(int(row[0]) for row in csv.reader(io.TextIOWrapper(f, "ascii", newline=""))),
    "buffered": lambda f: (lambda b: [b.peek(4)[:4].decode(), len(b.readline()), len(b.read())])(
        io.BufferedReader(f)
    ),
    "readinto": reads_into,
    "read1": by_read1,
    "copy": lambda f: (lambda to: [shutil.copyfileobj(f, to), len(to.getvalue())])(io.BytesIO()),
    "lines": lambda f: [next(f).decode(), sum(1 for _ in f), f.read().decode(), f.readline().decode()],
    "readlines": lambda f: [len(f.readlines(20)), len(f.readlines()), len(f.readlines())],
    "sizes": lambda f: [
        len(f.read(0)),
        len(f.read(3)),
        len(f.readline(2)),
        len(f.readline(0)),
        len(f.read(None)),
        len(f.read()),
    ],
}


def input_(environ, start_response):
    found = INPUTS[environ["QUERY_STRING"]](environ["wsgi.input"])
    start_response("200 OK", TEXT)
    return [json.dumps(found).encode()]


# ---- wsgi.file_wrapper


class OnlyRead:
    def __init__(self):
        self.file = io.BytesIO(LINES)

    def read(self, size):
        assert size > 0
        return self.file.read(size)


class Counting(io.BytesIO):
    def close(self):
        LOG.append("closed")
        super().close()


class Upper(io.BufferedReader):
    def read(self, size=-1):
        return super().read(size).replace(b"0", b"o")


class UpperFile(io.FileIO):
    def read(self, size=-1):
        return super().read(size).replace(b"0", b"o")


class UpperRaw(io.FileIO):
    def readinto(self, buffer):
        count = super().readinto(buffer)
        buffer[:count] = bytes(buffer[:count]).replace(b"0", b"o")
        return count


def written(file, at=0):
    file.write(LINES)
    file.seek(at)
    return file


def plain(opened=open, *arguments):
    with tempfile.NamedTemporaryFile(delete=False) as made:
        made.write(LINES)
    try:
        return opened(made.name, *arguments)
    finally:
        os.unlink(made.name)


def with_own_read(file):
    original = file.read
    file.read = lambda size: original(size).replace(b"0", b"o")
    return file


def zipped():
    data = io.BytesIO()
    with gzip.open(data, "wb") as file:
        file.write(LINES)
    data.seek(0)
    return gzip.open(data)


def zipped_on_disk():
    """A GzipFile that has a descriptor, of a file that is large enough."""
    with tempfile.NamedTemporaryFile(delete=False, suffix=".gz") as made, gzip.open(made, "wb", 0) as file:
        file.write(LINES)
    try:
        return gzip.open(made.name)
    finally:
        os.unlink(made.name)


def of_socket():
    ours, theirs = socket.socketpair()
    with theirs:
        theirs.sendall(LINES[:100000])
    with ours:
        return ours.makefile("rb")


def of_pipe():
    with tempfile.NamedTemporaryFile(delete=False) as made:
        made.write(LINES)
    return subprocess.Popen(["sh", "-c", 'cat "$0"; rm "$0"', made.name], stdout=subprocess.PIPE).stdout


FILES = {
    "plain": lambda: plain(open, "rb"),
    "unbuffered": lambda: plain(open, "rb", 0),
    "read-write": lambda: plain(open, "r+b"),
    "named": lambda: written(tempfile.NamedTemporaryFile()),
    "offset": lambda: written(tempfile.TemporaryFile(), 8000),
    "only-read": OnlyRead,
    "memory": lambda: Counting(LINES),
    "zipped": zipped,
    "zipped-on-disk": zipped_on_disk,
    "upper": lambda: Upper(plain(open, "rb", 0)),
    "upper-file": lambda: plain(UpperFile, "rb"),
    "upper-raw": lambda: io.BufferedReader(plain(UpperRaw, "rb")),
    "own-read": lambda: with_own_read(plain(open, "rb")),
    "own-read-named": lambda: with_own_read(written(tempfile.NamedTemporaryFile())),
    "text": lambda: plain(open, "r"),
    "string": lambda: io.StringIO(LINES.decode()),
    "spooled": lambda: written(tempfile.SpooledTemporaryFile(1000000)),
    "rolled": lambda: written(tempfile.SpooledTemporaryFile(10)),
    "socket": of_socket,
    "pipe": of_pipe,
    "write-only": lambda: plain(open, "ab"),
    "proc": lambda: open("/proc/self/status", "rb"),
}
BLOCKS = {"": (), "none": (None,), "zero": (0,), "negative": (-1,), "one": (4096,)}


def file(environ, start_response):
    """`/file?WHAT,BLOCK,HOW`."""
    what, block, how = environ["QUERY_STRING"].split(",")
    start_response("200 OK", TEXT)
    wrapper = environ["wsgi.file_wrapper"](FILES[what](), *BLOCKS[block])
    return {
        "": lambda: wrapper,
        "inside": lambda: (part for part in (b"<", wrapper, b">")),
        "listed": lambda: iter([wrapper]),
        "from": lambda: from_it(wrapper),
        "wrapped": lambda: Gives(lambda: iter(wrapper)),
    }[how]()


def from_it(wrapper):
    yield from wrapper


def application(environ, start_response):
    name = environ["PATH_INFO"].lstrip("/").replace("-", "_")
    return globals()["input_" if name == "input" else name](environ, start_response)
