"""Times Werkzeug's router: `werkzeug_routes.py FILE ROUNDS` prints its version and that of Python, then a line for each round with
nanoseconds for a path that matches and for one that doesn't.

FILE has a line each: `rule /repos/<name>`, `hit /repos/Bob`, `miss /unknown`.
"""

from __future__ import annotations

import platform
import sys
import time
from importlib.metadata import version

from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, MapAdapter, Rule


def nanos(adapter: MapAdapter, paths: list[str]) -> float:
    started = time.perf_counter_ns()
    for path in paths:
        try:
            adapter.match(path, "GET")
        except NotFound:
            pass
    return (time.perf_counter_ns() - started) / len(paths)


def main(file: str, rounds: int) -> None:
    lines: dict[str, list[str]] = {"rule": [], "hit": [], "miss": []}
    with open(file, encoding="utf-8") as given:
        for line in given:
            kind, text = line.rstrip("\n").split(" ", 1)
            lines[kind].append(text)
    adapter = Map([Rule(rule, endpoint=str(i), methods=["GET"]) for i, rule in enumerate(lines["rule"])]).bind(
        "localhost"
    )
    nanos(adapter, lines["hit"])
    print(version("werkzeug"), platform.python_version())
    for _ in range(rounds):
        print(nanos(adapter, lines["hit"]), nanos(adapter, lines["miss"]))


main(sys.argv[1], int(sys.argv[2]))
