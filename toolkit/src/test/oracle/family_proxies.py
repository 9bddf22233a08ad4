"""ProxyFix: whom it believes what."""

from __future__ import annotations

import itertools
import random
from typing import Any

from shared import case, environ
from werkzeug.middleware.proxy_fix import ProxyFix

SEEN = ("REMOTE_ADDR", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME", "wsgi.url_scheme")
PARTS = ("for", "proto", "host", "port", "prefix")
VALUES: dict[str, list[str]] = {
    "for": ["192.168.0.1", "2001:db8::1", "[2001:db8::1]:81", "unknown", "10.0.0.1", '"192.0.2.1"', ""],
    "proto": ["https", "http", ""],
    "host": ["example.com", "example.com:8443", "[2003:db8::1]", "[2003:db8::1]:80", ""],
    "port": ["8080", "443", "80", ""],
    "prefix": ["/foo", "/a/b", "/\u00c3\u00a4", ""],
}
WRONG: dict[str, list[str]] = {
    "for": ['"', '", 192.0.2.1', 'a", "b, c', '"a, b", c', "a,,b", ",", "a b, c", "\ta\t,\tb\t"],
    "proto": ["HTTPS", "ftp", "https, x"],
    "host": ["a:b", "a:", ":80", "a:99999", "a b"],
    "port": ["x", "99999", "-1"],
    "prefix": ["foo", "/foo/", "/", "//"],
}
BEFORE: list[dict[str, str]] = [
    {"REMOTE_ADDR": "192.168.0.2"},
    {"REMOTE_ADDR": "192.168.0.2", "HTTP_HOST": "localhost"},
    {"REMOTE_ADDR": "192.168.0.2", "HTTP_HOST": "localhost:81", "SCRIPT_NAME": "/app"},
    {"HTTP_HOST": "[::1]"},
]


def proxy_fix(case: Any) -> Any:
    seen: dict[str, str] = {}

    def application(environ: Any, start_response: Any) -> list[bytes]:
        seen.update({key: environ[key] for key in SEEN if key in environ})
        return []

    counts = {f"x_{part}": case["trusted"].get(part, 0) for part in PARTS}
    ProxyFix(application, **counts)(environ(case["environ"]), lambda *_: lambda _: None)
    return seen


def header(part: str) -> str:
    return f"HTTP_X_FORWARDED_{part.upper()}"


def random_fix(dice: random.Random) -> Any:
    before = dict(dice.choice(BEFORE))
    for part in PARTS:
        if dice.random() < 0.7:
            values = [dice.choice(VALUES[part]) for _ in range(dice.randint(1, 3))]
            before[header(part)] = dice.choice([",", ", ", " , "]).join(values)
    return {"trusted": {part: dice.randint(0, 2) for part in PARTS}, "environ": before}


def cases() -> None:
    for part, before, trusted in itertools.product(PARTS, BEFORE, (0, 1, 2)):
        for value in VALUES[part]:
            case("proxy_fix", {"trusted": {part: trusted}, "environ": {**before, header(part): value}})
        for first, second in itertools.islice(itertools.product(VALUES[part], repeat=2), 0, None, 5):
            listed = {**before, header(part): f"{first}, {second}"}
            case("proxy_fix", {"trusted": {part: trusted}, "environ": listed})
    for part, trusted in itertools.product(PARTS, (1, 2)):
        for value in WRONG[part]:
            case("proxy_fix", {"trusted": {part: trusted}, "environ": {**BEFORE[1], header(part): value}})
    dice = random.Random(7239)
    for _ in range(250):
        case("proxy_fix", random_fix(dice))


ANSWERS = {"proxy_fix": proxy_fix}
RANDOM = {"proxy_fix": random_fix}
