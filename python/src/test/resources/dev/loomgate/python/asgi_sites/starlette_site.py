"""The same of Starlette alone, with its middleware for sessions and compression, and a mounted WSGI-like tree of routes."""

import asyncio
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse, JSONResponse, StreamingResponse
from starlette.routing import Route, WebSocketRoute

done = []
room = []


@asynccontextmanager
async def lifespan(app):
    app.state.greeting = "hello"
    yield


async def hello(request):
    words = [request.app.state.greeting, request.path_params["name"]]
    words *= 2 if request.query_params.get("twice") == "true" else 1
    return JSONResponse({"text": " ".join(words), "who": request.headers.get("x-user", "nobody")})


def blocking(request):
    return JSONResponse({"thread": True})


async def json(request):
    item = await request.json()
    return JSONResponse({"name": item["name"], "price": item["price"]})


async def form(request):
    async with request.form() as fields:
        file = fields["file"]
        return JSONResponse({"name": fields["name"], "file": file.filename, "bytes": len(await file.read())})


async def missing(request):
    raise HTTPException(404, "not here")


async def broken(request):
    raise ValueError("as it was told")


async def background(request):
    return JSONResponse({"done": list(done)}, background=BackgroundTask(done.append, "done"))


async def file(request):
    return FileResponse(__file__, media_type="text/plain")


async def stream(request):
    async def numbers():
        for number in range(100):
            yield f"{number}\n"
            await asyncio.sleep(0)

    return StreamingResponse(numbers(), media_type="text/plain")


async def chat(websocket):
    await websocket.accept()
    room.append(websocket)
    try:
        async for text in websocket.iter_text():
            await asyncio.gather(*(each.send_text(text) for each in room), return_exceptions=True)
    finally:
        room.remove(websocket)


application = Starlette(
    lifespan=lifespan,
    middleware=[Middleware(GZipMiddleware)],
    routes=[
        Route("/hello/{name}", hello),
        Route("/blocking", blocking),
        Route("/json", json, methods=["POST"]),
        Route("/form", form, methods=["POST"]),
        Route("/missing", missing),
        Route("/broken", broken),
        Route("/background", background),
        Route("/file", file),
        Route("/stream", stream),
        WebSocketRoute("/chat", chat),
    ],
)
