"""Microseconds of direct mode's reading and answering, less what the system calls cost.

    python3 bench_direct.py [DIRECTORY]    DIRECTORY: with the accelerator; built for this where it isn't given

What is measured: `read` of a packet of 26 variables, as nginx and a browser send them, into an environ of 34 variables; and `reply` with a
head of two fields and 13 bytes. The same bytes, received into a buffer or sent and closed without any work, are subtracted.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
from time import process_time
from typing import Any, Callable, Tuple

from bench_worker import ENVIRON
from direct_packets import Limits, accelerator, block, built, framed
from surroundings import MAIN

PACKET = framed(
    block((key.encode(), value.encode()) for key, value in ENVIRON.items() if key != "wsgi.url_scheme")
)
BASE = {
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": False,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.file_wrapper": object,
    "wsgi.input_terminated": True,
}
HEAD = b"200 OK\nContent-Type\ntext/plain\nContent-Length\n13"
BODY = b"Hello world!\n"
REPLY = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello world!\n"
TIMES = 20_000
ROUNDS = 9


def measured(function: Callable[[], None]) -> float:
    """Microseconds of processor time of a call: of the best round, since other work on the machine only adds."""
    best = 1e9
    for _ in range(ROUNDS):
        start = process_time()
        for _ in range(TIMES):
            function()
        best = min(best, process_time() - start)
    return best / TIMES * 1e6


def measure(module: Any) -> Tuple[float, float]:
    """Of `read` and of `reply`."""
    client, server = socket.socketpair()
    descriptor, buffer, limits = server.fileno(), bytearray(65536), Limits()
    send, receive, read, answer = client.send, server.recv_into, module.read, module.reply

    def received() -> None:
        send(PACKET)
        receive(buffer)

    def taken() -> None:
        send(PACKET)
        read(descriptor, BASE, *limits)

    def connected() -> int:
        # One end is left, which takes what is sent: no second process is needed to connect.
        return os.dup(descriptor)

    def sent() -> None:
        number = connected()
        os.write(number, REPLY)
        os.close(number)
        client.recv_into(buffer)

    def replied() -> None:
        assert answer(connected(), HEAD, BODY)
        client.recv_into(buffer)

    taken()
    return measured(taken) - measured(received), measured(replied) - measured(sent)


def show(name: str, module: Any) -> None:
    read, answer = measure(module)
    print(f"{name:12} read {read:5.2f}, reply {answer:5.2f} microseconds (Python {sys.version.split()[0]})")


if __name__ == "__main__":
    made = None if len(sys.argv) > 1 else built()
    show("accelerator", accelerator(made or sys.argv[1]))
    if made is not None:
        shutil.rmtree(made)
    if os.path.exists(os.path.join(MAIN, "loomgate_worker/direct/packet.py")):
        from loomgate_worker.direct import packet  # type: ignore[attr-defined]

        show("Python", packet)
