"""What FastAPI's tutorial has: parameters, models, dependencies, forms, uploads, background tasks, files, streams, WebSockets."""

import asyncio
from typing import List

from fastapi import BackgroundTasks, Depends, FastAPI, File, Form, HTTPException, Request, UploadFile, WebSocket
from fastapi import WebSocketDisconnect
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import BaseModel


application = FastAPI()
done: List[str] = []
room: List[WebSocket] = []


@application.on_event("startup")
def begin():
    application.state.greeting = "hello"


class Item(BaseModel):
    name: str
    price: float


def user(request: Request) -> str:
    return request.headers.get("x-user", "nobody")


@application.get("/hello/{name}")
async def hello(name: str, request: Request, twice: bool = False, who: str = Depends(user)):
    return {"text": " ".join([request.app.state.greeting, name] * (2 if twice else 1)), "who": who}


@application.get("/blocking")
def blocking():
    return {"thread": True}


@application.post("/json")
async def json(item: Item):
    return {"name": item.name, "price": item.price}


@application.post("/form")
async def form(name: str = Form(...), file: UploadFile = File(...)):
    return {"name": name, "file": file.filename, "bytes": len(await file.read())}


@application.get("/missing")
async def missing():
    raise HTTPException(status_code=404, detail="not here")


@application.get("/broken")
async def broken():
    raise ValueError("as it was told")


@application.get("/background")
async def background(tasks: BackgroundTasks):
    tasks.add_task(done.append, "done")
    return {"done": list(done)}


@application.get("/file")
async def file():
    return FileResponse(__file__, media_type="text/plain")


@application.get("/stream")
async def stream():
    async def numbers():
        for number in range(100):
            yield f"{number}\n"
            await asyncio.sleep(0)

    return StreamingResponse(numbers(), media_type="text/plain")


@application.websocket("/chat")
async def chat(websocket: WebSocket):
    await websocket.accept()
    room.append(websocket)
    try:
        while True:
            text = await websocket.receive_text()
            await asyncio.gather(*(each.send_text(text) for each in room), return_exceptions=True)
    except WebSocketDisconnect:
        room.remove(websocket)
