"""Middleware: which application answers, and what it sees."""

from __future__ import annotations

import itertools
import random
from typing import Any

from shared import case, environ
from werkzeug.middleware.dispatcher import DispatcherMiddleware

WORDS = ["/a", "/b", "/a/b", "/", "a", "b", "//", "/ab", "/\u00c3\u00a4"]
MOUNTS = [[], ["/a"], ["/a", "/a/b"], ["/a/b", "/b"], ["/a", "/\u00c3\u00a4", "/a/b/c"]]


def dispatcher(case: Any) -> Any:
    seen: dict[str, str] = {}

    def application(name: str) -> Any:
        def call(environ: Any, start_response: Any) -> list[bytes]:
            seen.update({key: environ[key] for key in ("SCRIPT_NAME", "PATH_INFO")}, app=name)
            return []

        return call

    mounts = {prefix: application(prefix) for prefix in case["mounts"]}
    DispatcherMiddleware(application("other"), mounts)(environ(case["environ"]), lambda *_: lambda _: None)
    return seen


def random_mounts(dice: random.Random) -> Any:
    prefixes = {"/" + "/".join(dice.choice("abc") for _ in range(dice.randint(1, 3))) for _ in range(4)}
    path = "".join(dice.choice(WORDS) for _ in range(dice.randint(1, 4)))
    script = dice.choice(["", "/app"])
    return {"mounts": sorted(prefixes), "environ": {"PATH_INFO": "/" + path, "SCRIPT_NAME": script}}


def cases() -> None:
    paths = [
        "",
        "/",
        "/a",
        "/a/",
        "/a/b",
        "/a/b/",
        "/a/b/c",
        "/a/b/c/d",
        "/ab",
        "/a//b",
        "//a",
        "/b/a",
        "/\u00c3\u00a4/x",
        "/A",
    ]
    for mounts, path, script in itertools.product(MOUNTS, paths, ("", "/app")):
        case("dispatcher", {"mounts": mounts, "environ": {"PATH_INFO": path, "SCRIPT_NAME": script}})
    dice = random.Random(3333)
    for _ in range(100):
        case("dispatcher", random_mounts(dice))


ANSWERS = {"dispatcher": dispatcher}
RANDOM = {"dispatcher": random_mounts}
