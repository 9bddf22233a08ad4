"""Debian's python3-websockets: COUNT random messages to ADDRESS and back, in pieces too, compressed where the server agrees."""

import asyncio
import random
import sys

import websockets

LENGTHS = [0, 1, 125, 126, 127, 1000, 1024, 5000, 65535, 65536, 200000]
LETTERS = ["a", "b", "\u00e4", "\u03c0", "\U0001f600"]


async def talk(address, count):
    chance = random.Random(count)
    # Its own limit on the way of the handshake's header isn't what is looked at.
    async with websockets.connect(address, max_size=None, ping_interval=None) as socket:
        for number in range(count):
            length = chance.choice(LENGTHS)
            if chance.random() < 0.5:
                message = "".join(chance.choices(LETTERS, k=length // 4))
            else:
                message = chance.choice([b"\xfe\x00", chance.randbytes(7)]) * (length // 4)
            if chance.random() < 0.3 and len(message) > 2:
                cut = chance.randrange(1, len(message))
                await socket.send([message[:cut], message[cut:]])
            else:
                await socket.send(message)
            found = await asyncio.wait_for(socket.recv(), 60)
            if found != message:
                raise SystemExit("message %d of %d came back otherwise" % (number, len(message)))
        await (await socket.ping(b"there?"))
        await socket.close(3001, "done")
        print(count, socket.close_code, *[extension.name for extension in socket.extensions])


asyncio.run(talk(sys.argv[1], int(sys.argv[2])))
