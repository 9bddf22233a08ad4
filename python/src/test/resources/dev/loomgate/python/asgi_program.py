"""An ASGI application that does what the path says; what becomes of it goes to the file NOTES."""

from __future__ import annotations

import asyncio
import gc
import json
import os


greeted = []
streams = []


def note(text):
    with open(os.environ["NOTES"], "a") as notes:
        notes.write(text + "\n")


async def lifespan(scope, receive, send):
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            if os.environ.get("REFUSES"):
                await send({"type": "lifespan.startup.failed", "message": os.environ["REFUSES"]})
                return
            scope["state"]["since"] = "startup"
            scope["state"]["seen"] = []
            note("startup")
            await send({"type": "lifespan.startup.complete"})
        else:
            note("shutdown")
            await send({"type": "lifespan.shutdown.complete"})
            return


async def body_of(receive):
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError("the body has not come whole")
        parts.append(message["body"])
        if not message["more_body"]:
            return b"".join(parts)


async def start(send, status=200, headers=()):
    fields = list(headers)
    if not any(name == b"content-type" for name, _ in fields):
        fields.append((b"content-type", b"application/octet-stream"))
    await send({"type": "http.response.start", "status": status, "headers": fields})


async def answer(send, body, status=200, headers=()):
    await start(send, status, headers)
    await send({"type": "http.response.body", "body": body})


async def with_trailers(scope, send, how):
    """A body of so many bytes, and then: "two" messages, "none" at all, one with a "wrong" field, or a body once more ("again")."""
    length, _, kind = how.partition("-")
    offered = "http.response.trailers" in scope["extensions"]
    fields = [(b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200, "headers": fields, "trailers": offered})
    await send({"type": "http.response.body", "body": b"x" * int(length)})
    if not offered or kind == "none":
        return
    if kind == "again":
        await send({"type": "http.response.body", "body": b"more"})
    if kind == "wrong":
        await send({"type": "http.response.trailers", "headers": [(b"content-length", b"5")]})
        return
    first = [(b"server-timing", b"total;dur=1")]
    await send({"type": "http.response.trailers", "headers": first, "more_trailers": kind == "two"})
    if kind == "two":
        await send({"type": "http.response.trailers", "headers": [(b"x-checksum", b"abc")]})


async def stream_watched(receive, send, event):
    """Streams events from a generator, as frameworks do: another task listens, and says when the client has disconnected."""
    gone = asyncio.Event()

    async def listen():
        while (await receive())["type"] != "http.disconnect":
            pass
        gone.set()

    async def events():
        try:
            while not gone.is_set():
                yield event
                await asyncio.sleep(0)
            note("the generator was told")
        except GeneratorExit:
            note("the generator was left")

    await start(send)
    listening = asyncio.get_running_loop().create_task(listen())
    try:
        async for each in events():
            await send({"type": "http.response.body", "body": each, "more_body": True})
        await send({"type": "http.response.body"})
    except OSError as e:
        note(f"send raised {type(e).__name__}")
        raise
    finally:
        await listening


async def http(scope, receive, send):
    path = scope["path"]
    query = scope["query_string"].decode()
    if path == "/scope":
        shown = json.dumps(scope, default=lambda octets: octets.decode("latin-1"), sort_keys=True)
        await answer(send, shown.encode(), headers=[(b"content-type", b"application/json")])
    elif path == "/echo":
        await answer(send, await body_of(receive))
    elif path == "/trailers":
        await with_trailers(scope, send, query)
    elif path == "/copy":
        await start(send)
        while True:
            message = await receive()
            await send({"type": "http.response.body", "body": message["body"], "more_body": True})
            if not message["more_body"]:
                await send({"type": "http.response.body"})
                return
    elif path == "/status":
        await answer(send, b"", int(query))
    elif path == "/twice":
        await answer(send, b"twice", headers=[(b"x-a", b"1"), (b"x-a", b"2"), (b"transfer-encoding", b"chunked")])
    elif path == "/sleep":
        await asyncio.sleep(float(query))
        await answer(send, b"slept")
    elif path == "/endless":
        await start(send)
        try:
            while True:
                await send({"type": "http.response.body", "body": bytes(65536), "more_body": True})
        except OSError as e:
            note(f"send raised {type(e).__name__}")
            raise
    elif path == "/watched":
        await stream_watched(receive, send, bytes(int(query)))
    elif path == "/disconnected":
        note("began")
        await receive()
        message = await receive()
        note("received " + message["type"])
    elif path == "/events":
        await start(send, headers=[(b"content-type", b"text/event-stream")])
        await send({"type": "http.response.body", "body": b"data: begun\n\n", "more_body": True})
        streams.append(1)
        while (await receive())["type"] != "http.disconnect":
            pass
        await send({"type": "http.response.body", "body": b"data: ended\n\n"})
    elif path == "/ticks":
        await start(send, headers=[(b"content-type", b"text/event-stream")])
        while True:
            await send({"type": "http.response.body", "body": b"data: tick\n\n", "more_body": True})
            await asyncio.sleep(0.1)
    elif path == "/state-of-worker":
        gc.collect()
        with open("/proc/self/statm") as memory:
            pages = int(memory.read().split()[1])
        await answer(send, f"{len(asyncio.all_tasks())} {pages * os.sysconf('SC_PAGE_SIZE')}".encode())
    elif path == "/stuck":
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError:
            note("cancelled")
            raise
    elif path == "/file":
        await start(send, headers=[(b"content-type", b"text/plain")])
        await send({"type": "http.response.pathsend", "path": query})
    elif path == "/raise":
        raise ValueError("as it was told")
    elif path == "/raise-late":
        await start(send)
        await send({"type": "http.response.body", "body": b"some", "more_body": True})
        raise ValueError("as it was told")
    elif path == "/nothing":
        return
    elif path == "/bad-head":
        await answer(send, b"", headers=[(b"x-a", b"1\r\nx-b: 2")])
    elif path == "/state":
        state = scope["state"]
        state["seen"].append(1)
        state["own"] = True
        await answer(send, f"{state['since']} {len(state['seen'])} {sorted(state)}".encode())
    elif path == "/background":
        await answer(send, b"answered")
        await asyncio.sleep(0.05)
        note("after the answer")
    elif path == "/streams":
        await answer(send, f"{len(streams)} streams".encode())
    elif path == "/asks_on":
        await answer(send, b"answered")
        greeted.clear()
        while not greeted:
            await receive()
        note("asked on")
    else:
        greeted.append(1)
        await answer(send, b"hello")


async def websocket(scope, receive, send):
    path = scope["path"]
    assert (await receive())["type"] == "websocket.connect"
    if path == "/denied":
        await send({"type": "websocket.close"})
        return
    if path == "/denied-with":
        head = {"type": "websocket.http.response.start", "status": 401, "headers": [(b"x-why", b"because"), (b"content-type", b"text/plain")]}
        await send(head)
        await send({"type": "websocket.http.response.body", "body": b"not you"})
        return
    if path == "/raise":
        raise ValueError("as it was told")
    offered = scope["subprotocols"]
    accept = {"type": "websocket.accept", "headers": [(b"x-path", path.encode())]}
    if offered:
        accept["subprotocol"] = offered[-1]
    await send(accept)
    if path == "/pushed":
        for number in range(1000):
            await send({"type": "websocket.send", "text": f"{number} " + "x" * 1000})
        await send({"type": "websocket.close", "code": 1000})
        return
    if path == "/raise-later":
        raise ValueError("as it was told")
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            note(f"disconnect {message['code']} {message['reason']}".rstrip())
            return
        if message.get("text") == "close":
            await send({"type": "websocket.close", "code": 4001, "reason": "as asked"})
        elif message.get("text") is not None:
            await send({"type": "websocket.send", "text": message["text"]})
        else:
            await send({"type": "websocket.send", "bytes": message["bytes"]})


async def application(scope, receive, send):
    await {"lifespan": lifespan, "http": http, "websocket": websocket}[scope["type"]](scope, receive, send)


async def plain(scope, receive, send):
    """Knows nothing of lifespans."""
    assert scope["type"] == "http"
    await http(scope, receive, send)


class OfTwo:
    """As in ASGI 2."""

    def __init__(self, scope):
        self.scope = scope

    async def __call__(self, receive, send):
        await application(self.scope, receive, send)
