"""An ASGI application for the tests of connections that a worker keeps."""

import asyncio
import json
import resource
import time

held = []
limits = resource.getrlimit(resource.RLIMIT_NOFILE)


async def application(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        scope["state"]["mark"] = "from the lifespan"
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    if scope["type"] == "websocket":
        await websocket(receive, send)
        return
    path, body, fields = scope["path"], b"Hello world!\n", [(b"content-type", b"text/plain")]
    if path == "/scope":
        shown = {
            key: value for key, value in scope.items() if key not in ("headers", "raw_path", "query_string")
        }
        shown["headers"] = [[name.decode(), value.decode("latin-1")] for name, value in scope["headers"]]
        shown["raw_path"], shown["query_string"] = scope["raw_path"].decode(), scope["query_string"].decode()
        body = json.dumps(shown).encode()
    elif path == "/echo":
        body, more = b"", True
        while more:
            message = await receive()
            body += message["body"]
            more = message["more_body"]
    elif path == "/wait":
        held.append(asyncio.get_running_loop().create_future())
        await held[-1]
    elif path == "/release":
        for waiting in held:
            waiting.set_result(None)
        held.clear()
    elif path == "/disconnect":
        await receive()
        body = (await receive())["type"].encode()
    elif path == "/fail":
        raise ValueError("on purpose")
    elif path == "/much":
        body = b"x" * 60_000
    elif path == "/routed":
        scope["path_template"] = "/the route/{id}"
    elif path == "/long":
        body = b"x" * 200_000
    elif path == "/close":
        fields.append((b"connection", b"close"))
    elif path == "/block":
        time.sleep(0.5)
    await send({"type": "http.response.start", "status": 200, "headers": fields})
    if path == "/stream":
        for _ in range(3):
            await send({"type": "http.response.body", "body": b"part", "more_body": True})
        body = b""
    await send({"type": "http.response.body", "body": body})


async def websocket(receive, send):
    """Sends back what comes, and does what some texts say."""
    await receive()
    await send({"type": "websocket.accept"})
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        text = message.get("text")
        if text == "close":
            await send({"type": "websocket.close", "code": 4000})
            return
        elif text == "return":
            return
        elif text == "fail":
            raise ValueError("on purpose")
        elif text == "three":
            for number in "123":
                await send({"type": "websocket.send", "text": number})
        elif text == "long":
            await send({"type": "websocket.send", "text": "l" * 150_000})
        elif text == "much":
            for _ in range(200):
                await send({"type": "websocket.send", "bytes": b"m" * 10_000})
        elif text == "longest":
            await send({"type": "websocket.send", "bytes": b"l" * 2_000_000})
        elif text == "at once":
            await asyncio.gather(
                *(
                    send({"type": "websocket.send", "bytes": b"%02d" % number + b"a" * 60_000})
                    for number in range(20)
                )
            )
        elif text == "seldom":
            time.sleep(1.1)
            await send({**message, "type": "websocket.send"})
            time.sleep(1.1)
        elif text == "no more":
            resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
        elif text == "more":
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        elif text == "wait":
            held.append(asyncio.get_running_loop().create_future())
            await held[-1]
        elif text == "send and wait":
            for _ in range(2):
                held.append(asyncio.get_running_loop().create_future())
                await held[-1]
                await send({"type": "websocket.send", "text": "sent"})
        elif text == "surrogate":
            try:
                await send({"type": "websocket.send", "text": "\ud800"})
            except UnicodeEncodeError:
                await send({"type": "websocket.send", "text": "no text"})
        else:
            await send({**message, "type": "websocket.send"})
