"""A WSGI program, in whose workers threads receive, by loops of their own. What they hear is in the cache.

GET /channels, /heard/WORKER, /say/TEXT, /send/CHANNEL/TEXT, /leave/CHANNEL, /counts
"""

import asyncio
import json
import threading
import traceback

import loomgate_channels
import uwsgi

layer = loomgate_channels.ChannelLayer(capacity=3)


async def listen(worker):
    own, idle = await layer.new_channel(), await layer.new_channel()
    await layer.group_add("room", own)
    uwsgi.cache_update(f"channels-{worker}", f"{own} {idle}")
    heard = []
    while True:
        heard.append((await layer.receive(own))["text"])
        uwsgi.cache_update(f"heard-{worker}", " ".join(heard))


def run():
    try:
        asyncio.run(listen(uwsgi.worker_id()))
    except Exception:
        traceback.print_exc()


def start():
    threading.Thread(target=run, daemon=True).start()


uwsgi.post_fork_hook = start


def answer(what, *parts):
    if what in ("channels", "heard"):
        return (uwsgi.cache_get(f"{what}-{parts[0]}") or b"").decode()
    if what == "say":
        return asyncio.run(layer.group_send("room", {"text": parts[0]}))
    if what == "send":
        return asyncio.run(layer.send(parts[0], {"text": parts[1]}))
    if what == "leave":
        return asyncio.run(layer.group_discard("room", parts[0]))
    return asyncio.run(layer.counts())


def application(environ, start_response):
    try:
        said = answer(*environ["PATH_INFO"].strip("/").split("/"))
    except Exception as e:
        said = f"{type(e).__name__}: {e}"
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(said).encode()]
