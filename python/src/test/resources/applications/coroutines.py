"""Greenlets and the asyncio loop: what holds an application in the article's manner together."""
from __future__ import annotations

import asyncio
import contextvars
from typing import Any, Iterable, Iterator

import greenlet

variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="empty")
finished: list[Any] = []


def sleep(seconds: float) -> None:
    me = greenlet.getcurrent()
    asyncio.get_running_loop().call_later(seconds, me.switch)
    me.parent.switch()


def awaited(coroutine: Any) -> Any:
    """The article's way: a task that switches back when it is done."""
    me = greenlet.getcurrent()
    task = asyncio.get_running_loop().create_task(coroutine)
    task.add_done_callback(lambda _: me.switch())
    me.parent.switch()
    return task.result()


async def adding(one: int, other: int) -> int:
    await asyncio.sleep(0.01)
    return one + other


async def failing() -> None:
    await asyncio.sleep(0.01)
    raise ValueError("in a coroutine")


def slowly() -> Iterator[bytes]:
    for number in range(3):
        sleep(0.01)
        yield b"%d\n" % number


def failing_slowly() -> Iterator[bytes]:
    yield b"first\n"
    awaited(failing())


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    me = greenlet.getcurrent()
    if path == "/fail":
        awaited(failing())
    start_response("200 OK", [("Content-Type", "text/plain")])
    if path == "/sleep":
        sleep(0.05)
        body = "slept"
    elif path == "/await":
        body = str(awaited(adding(2, 3)))
    elif path == "/gather":
        body = str(awaited(gathered()))
    elif path == "/generator":
        return slowly()
    elif path == "/failing-generator":
        return failing_slowly()
    elif path == "/parent":
        body = f"{type(me).__mro__[-2].__name__} {me.parent is not None} {bool(me.parent)}"
    elif path == "/context":
        body = variable.get()
        variable.set("set by a request")
    elif path == "/stray":
        # A callback that switches to this greenlet when its request is long over.
        asyncio.get_running_loop().call_later(0.05, lambda: finished.append(me.switch() or me.dead))
        body = "leaving"
    elif path == "/stray-after":
        body = str(len(finished))
    elif path == "/input":
        body = environ["wsgi.input"].read().decode()
    elif path == "/input-after-sleep":
        sleep(0.01)
        body = environ["wsgi.input"].read().decode()
    else:
        body = "unknown"
    return [body.encode()]


async def gathered() -> list[int]:
    return list(await asyncio.gather(adding(1, 2), adding(3, 4)))
