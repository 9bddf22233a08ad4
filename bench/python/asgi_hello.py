HEADERS = [(b"content-type", b"text/plain"), (b"content-length", b"12")]


async def application(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": b"Hello world!"})
