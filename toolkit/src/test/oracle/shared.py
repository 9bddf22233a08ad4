"""What the families share: the list of cases, environs, and values that survive JSON."""

from __future__ import annotations

import io
import random
from typing import Any, Iterator
from uuid import UUID

CASES: list[tuple[str, Any]] = []


def case(family: str, value: Any) -> None:
    CASES.append((family, value))


def texts(dice: random.Random, alphabet: list[str], count: int, longest: int) -> Iterator[str]:
    for _ in range(count):
        yield text(dice, alphabet, longest)


def text(dice: random.Random, alphabet: list[str], longest: int) -> str:
    return "".join(dice.choice(alphabet) for _ in range(dice.randint(0, longest)))


def tagged(value: Any) -> Any:
    """A value with its type, as JSON would lose it."""
    if isinstance(value, UUID):
        return {"uuid": str(value)}
    if isinstance(value, bool):
        return {"bool": value}
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, float):
        return {"float": repr(value)}
    return {"str": value}


def untagged(value: Any) -> Any:
    kinds: dict[str, Any] = {"uuid": UUID, "int": int, "float": float, "str": str, "bool": bool, "list": list}
    if isinstance(value, dict):
        ((kind, content),) = value.items()
        return kinds[kind](content)
    return value


def environ(extra: dict[str, Any]) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.input_terminated": True,
        **extra,
    }


def pairs(multi: Any) -> list[Any]:
    return list(multi.items(multi=True))


def called(application: Any, method: str = "GET") -> dict[str, Any]:
    answer: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        answer["code"] = int(status.split()[0])
        answer["headers"] = headers

    chunks = application(environ({"REQUEST_METHOD": method}), start_response)
    answer["body"] = b"".join(chunks).decode("utf-8")
    return answer
