"""What an ASGI site does: a page, a body that is sent back, a wait, and a room whose WebSockets get what one of them says."""

import asyncio

TEXT = (b"content-type", b"text/plain")
PAGE = b"Hello world!" + b"x" * (10_000 - 12)
room = set()


async def application(scope, receive, send):
    if scope["type"] == "websocket":
        await talk(receive, send)
        return
    path = scope["path"]
    if path == "/page":
        body = PAGE
    elif path == "/wait":
        await asyncio.sleep(0.01)
        body = b"Hello world!"
    elif scope["method"] == "POST":
        body = await whole_body(receive)
    else:
        body = b"Hello world!"
    headers = [TEXT, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def whole_body(receive):
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def talk(receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    room.add(send)
    try:
        while True:
            message = await receive()
            if message["type"] != "websocket.receive":
                return
            for listener in room.copy():
                try:
                    await listener({"type": "websocket.send", "text": message["text"]})
                except (OSError, RuntimeError):
                    pass  # it has just gone
    finally:
        room.discard(send)
