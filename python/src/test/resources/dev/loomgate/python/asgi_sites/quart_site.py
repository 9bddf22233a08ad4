"""The same of Quart."""

import asyncio

from quart import Quart, abort, jsonify, request, send_file, websocket

application = Quart(__name__)
done = []
room = []


@application.before_serving
async def begin():
    application.config["GREETING"] = "hello"


@application.get("/hello/<name>")
async def hello(name):
    words = [application.config["GREETING"], name] * (2 if request.args.get("twice") == "true" else 1)
    return jsonify(text=" ".join(words), who=request.headers.get("x-user", "nobody"))


@application.get("/blocking")
def blocking():
    return jsonify(thread=True)


@application.post("/json")
async def json():
    item = await request.get_json()
    return jsonify(name=item["name"], price=item["price"])


@application.post("/form")
async def form():
    fields, files = await request.form, await request.files
    return jsonify(name=fields["name"], file=files["file"].filename, bytes=len(files["file"].read()))


@application.get("/missing")
async def missing():
    abort(404)


@application.get("/broken")
async def broken():
    raise ValueError("as it was told")


@application.get("/background")
async def background():
    application.add_background_task(note)
    return jsonify(done=list(done))


async def note():
    done.append("done")


@application.get("/file")
async def file():
    return await send_file(__file__, mimetype="text/plain")


@application.get("/stream")
async def stream():
    async def numbers():
        for number in range(100):
            yield f"{number}\n".encode()
            await asyncio.sleep(0)

    return numbers(), 200, {"Content-Type": "text/plain"}


@application.websocket("/chat")
async def chat():
    me = websocket._get_current_object()
    room.append(me)
    try:
        while True:
            text = await websocket.receive()
            await asyncio.gather(*(each.send(text) for each in room), return_exceptions=True)
    finally:
        room.remove(me)
