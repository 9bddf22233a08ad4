"""Asks real Werkzeug what it answers: nobody types an expected value by hand.

    python3 oracle.py record ../resources/vectors    # with Werkzeug 3.1 on PYTHONPATH
    python3 oracle.py random SEED COUNT FAMILY...    # COUNT cases for each family, to standard output

`record` writes the cases of each family, those that are written down and those of a fixed seed, to <family>.jsonl as
{"input": ..., "answer": ...}, after a first line that names the versions. `random` writes {"family": ..., "input": ...,
"answer": ...} after such a line: what a live run compares.

A family is a module of its own with its ANSWERS, its cases() and its RANDOM.
"""

from __future__ import annotations

import json
import pathlib
import platform
import random
import sys
import warnings
from importlib import metadata
from typing import Any, Callable, TextIO

import family_conditional
import family_files
import family_headers
import family_middleware
import family_multipart
import family_proxies
import family_requests
import family_responses
import family_routing
import family_routing_build
import family_routing_more
import family_routing_random
import shared
import werkzeug

MODULES: list[Any] = [
    family_routing,
    family_routing_build,
    family_routing_more,
    family_routing_random,
    family_requests,
    family_responses,
    family_conditional,
    family_headers,
    family_middleware,
    family_multipart,
    family_proxies,
    family_files,
]


def collected(name: str) -> dict[str, Callable[[Any], Any]]:
    return {family: made for module in MODULES for family, made in getattr(module, name, {}).items()}


def versions() -> dict[str, str]:
    # The one that was imported: another one may be installed.
    root = pathlib.Path(werkzeug.__file__).parent.parent
    known = "unknown"
    for distribution in metadata.distributions(path=[str(root)]):
        if distribution.metadata["Name"].lower() == "werkzeug":
            known = distribution.version
    return {"werkzeug": known, "python": platform.python_version()}


def record(directory: pathlib.Path) -> None:
    answers = collected("ANSWERS")
    outputs: dict[str, TextIO] = {}
    for module in MODULES:
        module.cases()
    known: set[tuple[str, str]] = set()
    for family, asked in shared.CASES:
        if (family, json.dumps(asked)) in known:
            continue
        known.add((family, json.dumps(asked)))
        if family not in outputs:
            outputs[family] = open(directory / f"{family}.jsonl", "w", encoding="utf-8")
            print(json.dumps(versions()), file=outputs[family])
        print(json.dumps({"input": asked, "answer": answers[family](asked)}), file=outputs[family])
    for output in outputs.values():
        output.close()


def write_random(seed: int, count: int, families: list[str]) -> None:
    answers, makers = collected("ANSWERS"), collected("RANDOM")
    print(json.dumps(versions()))
    for family in families or sorted(makers):
        # A family's cases don't depend on which other families are asked.
        dice = random.Random(f"{seed} {family}")
        for _ in range(count):
            asked = makers[family](dice)
            print(json.dumps({"family": family, "input": asked, "answer": answers[family](asked)}))


def main() -> None:
    warnings.simplefilter("ignore")
    if len(sys.argv) == 3 and sys.argv[1] == "record":
        record(pathlib.Path(sys.argv[2]))
    elif len(sys.argv) >= 4 and sys.argv[1] == "random":
        write_random(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
