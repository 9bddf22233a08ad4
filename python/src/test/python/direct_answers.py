"""What the functions of direct mode make of many packets and heads, for the JVM's tests, which know what it would have made of them.

    python3 direct_answers.py COUNT

On stdout: for each plain packet `P`, the packet, and its variables (`KEY\\0VALUE\\0` each); for each head that is sent `R`, the head, the body and
what is sent. Each of them after its length, as a u32.
"""

from __future__ import annotations

import os
import random
import shutil
import socket
import sys
from typing import Any, List

from direct_packets import PLAIN, SENT, Limits, accelerator, built, mutated_heads, mutated_packets, packet
from surroundings import MAIN


def write(kind: bytes, *parts: bytes) -> None:
    sys.stdout.buffer.write(kind + b"".join(len(part).to_bytes(4, "little") + part for part in parts))


def answer(module: Any, count: int) -> None:
    chance = random.Random(7)
    client, server = socket.socketpair()
    packets = [packet(changes, body) for changes, body, _ in PLAIN.values()]
    for data in packets + list(mutated_packets(chance, count)):
        client.sendall(data)
        _, _, environ, _ = module.read(server.fileno(), {}, *Limits())
        if environ is not None:
            write(
                b"P", data, "".join(f"{key}\0{value}\0" for key, value in environ.items()).encode("latin-1")
            )
    for head in SENT + list(mutated_heads(chance, count)):
        client, server = socket.socketpair()
        if module.reply(server.fileno(), head, b"abc"):
            server.detach()
            write(b"R", head, b"abc", received(client))


def received(client: socket.socket) -> bytes:
    parts: List[bytes] = []
    while not parts or parts[-1]:
        parts.append(client.recv(65536))
    return b"".join(parts)


if __name__ == "__main__":
    directory = built()
    answer(accelerator(directory), int(sys.argv[1]))
    shutil.rmtree(directory)
    if os.path.exists(os.path.join(MAIN, "loomgate_worker/direct/packet.py")):
        from loomgate_worker.direct import packet as pure  # type: ignore[attr-defined]

        answer(pure, int(sys.argv[1]))
