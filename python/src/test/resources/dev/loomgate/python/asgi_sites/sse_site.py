"""Server-sent events by sse-starlette, as its documents write them; `/streams` says whose are open and how others have ended."""

import asyncio

from sse_starlette.sse import EventSourceResponse
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

streams = {"open": [], "ended": []}


async def counted(request, number=0):
    while not await request.is_disconnected():
        yield {"event": "number", "id": str(number), "data": f"{number}"}
        number += 1
        await asyncio.sleep(0.02)


async def quiet(request):
    yield "only this"
    await asyncio.Event().wait()


async def noted(name, events):
    """The same events, with a note of how they have ended."""
    streams["open"].append(name)
    how = "by itself"
    try:
        async for event in events:
            yield event
    except asyncio.CancelledError:
        how = "cancelled"
        raise
    finally:
        streams["open"].remove(name)
        streams["ended"].append(f"{name}: {how}")


async def numbers(request):
    return EventSourceResponse(noted(request.query_params["name"], counted(request)))


async def one(request):
    return EventSourceResponse(noted(request.query_params["name"], quiet(request)), ping=1)


async def three(request):
    return EventSourceResponse(({"data": f"{number}"} for number in range(3)))


async def said(request):
    return JSONResponse(streams)


application = Starlette(
    routes=[
        Route("/numbers", numbers),
        Route("/one", one),
        Route("/three", three),
        Route("/streams", said),
    ]
)
