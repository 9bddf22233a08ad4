"""Microseconds of processor time that a worker takes for a request over keep-alive HTTP, without a JVM.

    python3 bench_keeper.py [CONNECTIONS] [REQUESTS]      the load is wrk's where that is installed, else a loop's of this process

One worker answers a hello of ASGI; its loop is uvloop's if that can be imported. The time is that of the worker's process.
"""

from __future__ import annotations

import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from typing import Any, Dict

from direct_packets import built
from direct_requests import request
from standin import Zygote
from surroundings import MAIN
from test_keeper import DIRECT, HTTP

REQUEST = request(
    b"GET /hello HTTP/1.1", b"User-Agent: bench\r\nAccept: */*\r\n", host=b"Host: 127.0.0.1:8000\r\n"
)
SECONDS = 5


def processor_seconds(pid: int) -> float:
    """What a process has taken so far."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ask(address: Any, connections: int, requests: int) -> int:
    """Has all connections answered again and again; how many answers there were."""
    poll, by_number = select.epoll(), {}
    for _ in range(connections):
        client = socket.create_connection(address)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        by_number[client.fileno()] = client
        poll.register(client, select.EPOLLIN)
        client.send(REQUEST)
    answers = 0
    while answers < requests:
        for number, _ in poll.poll():
            by_number[number].recv(65536)
            by_number[number].send(REQUEST)
            answers += 1
    for client in by_number.values():
        client.close()
    return answers


def wrk(address: Any, connections: int) -> int:
    """The same by wrk."""
    url = f"http://{address[0]}:{address[1]}/hello"
    said = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}", url], stdout=subprocess.PIPE, check=True
    ).stdout.decode()
    print(said)
    return int(said.partition(" requests in ")[0].split()[-1])


def main(connections: int, requests: int) -> None:
    directory = tempfile.mkdtemp(prefix="bench-keeper-")
    made = built()
    shutil.copytree(os.path.join(MAIN, "loomgate_worker"), os.path.join(directory, "loomgate_worker"))
    for name in os.listdir(made):
        shutil.move(os.path.join(made, name), os.path.join(directory, "loomgate_worker/direct"))
    # Nobody goes on with what would be handed over.
    http = {**HTTP, "requests": 10_000, "records": False, "routes": False}
    direct = {**DIRECT, "details": False, "http": http}
    boot: Dict[str, Any] = {"direct": direct, "accelerate": True}
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    listener.setblocking(False)
    with Zygote(
        "keeping", listeners=[listener], package=directory, **{**boot, "python_loop": "auto"}
    ) as zygote:
        worker = zygote.unready()
        worker.control()
        worker.accept()
        before, begun = processor_seconds(worker.pid), time.monotonic()
        if shutil.which("wrk"):
            answers = wrk(listener.getsockname(), connections)
        else:
            answers = ask(listener.getsockname(), connections, requests)
        took, wall = processor_seconds(worker.pid) - before, time.monotonic() - begun
    print(f"{took / answers * 1e6:.2f} us a request, {answers / wall:.0f} requests/s, {answers} in all")
    shutil.rmtree(made)
    shutil.rmtree(directory)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 64, int(sys.argv[2]) if len(sys.argv) > 2 else 200_000)
