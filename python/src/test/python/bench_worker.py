"""Microseconds of worker code per request, without sockets: bytes go in, bytes come out.

    python3 bench_worker.py [REQUESTS]

What is measured, in mode `sync`: taking the frames apart, the environ (27 variables as nginx and a browser send them),
a trivial application with two headers, the response's frame, and the mark of what has begun; 32 requests a read.
In mode `tasks` the same of an ASGI application, with the fields apart; its loop is uvloop's if that can be imported.
"""

from __future__ import annotations

import marshal
import os
import socket
import sys
import tempfile
from time import process_time
from typing import Any, Callable, Dict, Iterable, List, Type, TypeVar

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../main/python"))

from loomgate_worker.modes.runner import Runner  # noqa: E402
from loomgate_worker.modes.sync import Sync  # noqa: E402
from loomgate_worker.modes.tasks import Tasks  # noqa: E402
from loomgate_worker.wire import frames  # noqa: E402
from loomgate_worker.wire.exchange import FIELDS  # noqa: E402
from loomgate_worker.wire.scoreboard import BYTES, Scoreboard  # noqa: E402
from loomgate_worker.wire.links import Link, Links  # noqa: E402

BATCH = 32
ENVIRON = {
    "QUERY_STRING": "",
    "REQUEST_METHOD": "GET",
    "CONTENT_TYPE": "",
    "CONTENT_LENGTH": "",
    "REQUEST_URI": "/",
    "PATH_INFO": "/",
    "SCRIPT_NAME": "",
    "DOCUMENT_ROOT": "/var/www/html",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "REQUEST_SCHEME": "http",
    "REMOTE_ADDR": "127.0.0.1",
    "REMOTE_PORT": "54321",
    "SERVER_PORT": "8080",
    "SERVER_NAME": "localhost",
    "HTTP_HOST": "localhost:8080",
    "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "HTTP_ACCEPT": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "HTTP_ACCEPT_LANGUAGE": "en-US,en;q=0.5",
    "HTTP_ACCEPT_ENCODING": "gzip, deflate, br, zstd",
    "HTTP_CONNECTION": "keep-alive",
    "HTTP_COOKIE": "session=0123456789abcdef0123456789abcdef",
    "HTTP_UPGRADE_INSECURE_REQUESTS": "1",
    "HTTP_SEC_FETCH_DEST": "document",
    "HTTP_SEC_FETCH_MODE": "navigate",
    "HTTP_SEC_FETCH_SITE": "none",
    "HTTP_PRIORITY": "u=0, i",
    "wsgi.url_scheme": "http",
}


def application(environ: Any, start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "13")])
    return [b"Hello world!\n"]


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"13")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"Hello world!\n"})


Mode = TypeVar("Mode", bound=Runner)


def worker(mode: Type[Mode], its: Callable[..., Any]) -> Mode:
    """A worker with connections that nobody uses."""
    ends = socket.socketpair()
    boot = {
        "window": 262144,
        "max_response_head": 524288,
        "request_ids": None,
        "processes": 1,
        "version": "0",
        "threads": 1,
        "thread_stack": 0,
        "python_loop": "auto",
        "file_wrapper": True,
    }
    with tempfile.TemporaryFile() as file:
        file.write(bytes(BYTES))
        file.flush()
        links = Links(ends[0], Link(ends[0]), Link(ends[1]))
        return mode(its, links, Scoreboard(os.dup(file.fileno())), boot)


def short(text: str) -> bytes:
    return b"z" + bytes([len(text)]) + text.encode()


def encoded(environ: Dict[str, str]) -> bytes:
    """An environ of short ASCII texts as the JVM writes it: `marshal` without references."""
    return b"{" + b"".join(short(key) + short(value) for key, value in environ.items()) + b"0"


def apart(environ: Dict[str, str]) -> bytes:
    """The same with the fields apart."""
    variables = {key: value for key, value in environ.items() if key[:5] != "HTTP_" and value}
    fields = [
        (key[5:].lower().replace("_", "-").encode(), value.encode())
        for key, value in environ.items()
        if key[:5] == "HTTP_"
    ]
    return encoded(variables)[:-1] + short(FIELDS) + marshal.dumps(fields, 2) + b"0"


def batches(environ: bytes) -> List[bytes]:
    """A hundred times so many REQUEST frames."""
    payload = frames.U32.pack(len(environ)) + environ
    return [
        b"".join(
            frames.frame(frames.REQUEST, frames.COMPLETE, number, payload)
            for number in range(first, first + BATCH)
        )
        for first in range(1, 100 * BATCH, BATCH)
    ]


def sync() -> Callable[[bytes], int]:
    """Answers a batch; the bytes that come of it."""
    runner = worker(Sync, application)
    # Always within "under a millisecond since the last send": what a send costs is the socket's.
    runner._outlet.last_send = 1e18
    intake, held = runner._intake, runner._outlet.held

    def answer(data: bytes) -> int:
        intake.buffer[: len(data)] = data
        intake.parse(len(data))
        runner.serve_pending()
        count = len(b"".join(held))
        held.clear()
        return count

    return answer


def tasks() -> Callable[[bytes], int]:
    """The same in tasks."""
    runner = worker(Tasks, asgi)
    intake, held, loop = runner._intake, runner._out, runner.loop
    runner._flushing = True  # nothing is sent

    def answer(data: bytes) -> int:
        intake.buffer[: len(data)] = data
        intake.parse(len(data))
        loop.call_soon(loop.stop)
        loop.run_forever()
        count = len(b"".join(held))
        held.clear()
        return count

    return answer


def measure(answer: Callable[[bytes], int], reads: List[bytes], requests: int) -> float:
    """Microseconds of processor time per request: what else the machine does isn't counted."""
    rounds = max(requests // BATCH, 1)
    count = 0
    start = process_time()
    for number in range(rounds):
        count += answer(reads[number % 100])
    seconds = process_time() - start
    assert count > rounds * BATCH * 13
    return seconds / (rounds * BATCH) * 1e6


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    for name, answer, reads in (
        ("sync", sync(), batches(encoded(ENVIRON))),
        ("tasks", tasks(), batches(apart(ENVIRON))),
    ):
        measure(answer, reads, number // 10)
        best = min(measure(answer, reads, number) for _ in range(5))
        print(
            f"{best:.2f} microseconds of worker code per request (Python {sys.version.split()[0]}, mode {name})"
        )
