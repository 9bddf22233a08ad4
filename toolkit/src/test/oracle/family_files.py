"""SharedDataMiddleware: which files are sent, and how."""

from __future__ import annotations

import os
import pathlib
import random
import tempfile
from typing import Any

from shared import case, environ
from werkzeug.middleware.shared_data import SharedDataMiddleware

# Fri, 20 Nov 2026 12:00:00 GMT
TIME = 1795176000
FILES = {
    "public/a.txt": "0123456789",
    "public/app.js": "let a = 1;",
    "public/style.css": "p {}",
    "public/page.html": "<p>page",
    "public/data.json": "{}",
    "public/picture.svg": "<svg/>",
    "public/noext": "?",
    "public/sp ace.txt": "space",
    "public/\u00e4.txt": "umlaut",
    "public/sub/b.txt": "b",
    "public/sub/index.html": "index",
    "public/.hidden": "hidden",
    "public-secret/a.txt": "secret",
    "secret.txt": "secret",
}
PATHS = [
    "/",
    "/a.txt",
    "/static",
    "/static/",
    "/static/a.txt",
    "/static/app.js",
    "/static/style.css",
    "/static/page.html",
    "/static/data.json",
    "/static/picture.svg",
    "/static/noext",
    "/static/sp ace.txt",
    "/static/\u00c3\u00a4.txt",
    "/static/\u00e4.txt",
    "/static/sub/b.txt",
    "/static/sub",
    "/static/sub/",
    "/static/sub/x",
    "/static/none",
    "/static/A.TXT",
    "/static/a.txt/",
    "/static/a.txt/x",
    "/static/../secret.txt",
    "/static/..",
    "/static/../public/a.txt",
    "/static/sub/../a.txt",
    "/static/sub/../../secret.txt",
    "/static/./a.txt",
    "/static//a.txt",
    "/static//etc/passwd",
    "/static/..\\secret.txt",
    "/static/%2e%2e/secret.txt",
    "/static-secret/a.txt",
    "/statica.txt",
    "/static/.hidden",
    "//static/a.txt",
    "/x/static/a.txt",
]
PREFIXES = ["/static/"] * 8 + ["/static", "/", "/x/static/", "/static-secret/"]
DATES = [
    "Fri, 20 Nov 2026 12:00:00 GMT",
    "Fri, 20 Nov 2026 11:59:59 GMT",
    "Fri, 20 Nov 2026 12:00:01 GMT",
    "Friday, 20-Nov-26 12:00:00 GMT",
    "yesterday",
    "",
]


def static_files(case: Any) -> Any:
    answer: dict[str, Any] = {}

    def application(environ: Any, start_response: Any) -> list[bytes]:
        answer["application"] = environ["PATH_INFO"]
        return []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        answer["code"] = int(status.split()[0])
        for name, value in headers:
            # The others are dates of now, and a tag of another make.
            if name in ("Content-Type", "Content-Length", "Last-Modified"):
                answer[name] = value

    with tempfile.TemporaryDirectory() as directory:
        for name, content in FILES.items():
            path = pathlib.Path(directory, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
            os.utime(path, (TIME, TIME))
        exports: Any = {"/static": os.path.join(directory, "public")}
        shared = SharedDataMiddleware(application, exports)
        body = shared(environ(case["environ"]), start_response)
        if "code" in answer:
            answer["body"] = b"".join(body).decode()
    return answer


def random_file(dice: random.Random) -> Any:
    parts = [
        "a.txt",
        "sub",
        "b.txt",
        "..",
        "public",
        "secret.txt",
        "",
        "public-secret",
        "index.html",
        "static",
    ]
    path = "/static/" + "/".join(dice.choice(parts) for _ in range(dice.randint(1, 4)))
    return {"environ": {"PATH_INFO": path}}


def random_request(dice: random.Random) -> Any:
    """What the live run asks: more names, and conditions."""
    parts = [
        "a.txt",
        "sub",
        "b.txt",
        "index.html",
        "page.html",
        "style.css",
        "noext",
        "sp ace.txt",
        "\u00c3\u00a4.txt",
        "..",
        ".",
        "",
        "public",
        "public-secret",
        "secret.txt",
        "..\\secret.txt",
        "%2e%2e",
        "A.TXT",
    ]
    count = 1 if dice.random() < 0.4 else dice.randint(2, 5)
    asked = {"PATH_INFO": dice.choice(PREFIXES) + "/".join(dice.choice(parts) for _ in range(count))}
    if dice.random() < 0.5:
        asked["HTTP_IF_MODIFIED_SINCE"] = dice.choice(DATES)
    if dice.random() < 0.3:
        asked["HTTP_IF_NONE_MATCH"] = dice.choice(['"x"', 'W/"x"', "*", '"x", "y"', "x", ""])
    return {"environ": asked}


def cases() -> None:
    for path in PATHS:
        case("static_files", {"environ": {"PATH_INFO": path}})
    for date in DATES:
        case("static_files", {"environ": {"PATH_INFO": "/static/a.txt", "HTTP_IF_MODIFIED_SINCE": date}})
        for tags in ('"x"', 'W/"x"', "*", '"x", "y"'):
            conditions = {"HTTP_IF_NONE_MATCH": tags, "HTTP_IF_MODIFIED_SINCE": date}
            case("static_files", {"environ": {"PATH_INFO": "/static/a.txt", **conditions}})
    dice = random.Random(2026)
    for _ in range(150):
        case("static_files", random_file(dice))


ANSWERS = {"static_files": static_files}
RANDOM = {"static_files": random_request}
