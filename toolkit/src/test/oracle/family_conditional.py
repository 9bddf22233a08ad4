"""Conditional responses and ranges, and files."""

from __future__ import annotations

import io
import random
from typing import Any, cast

from shared import case, environ
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import http_date
from werkzeug.utils import send_file
from werkzeug.wrappers import Response

SHOWN = ["ETag", "Content-Range", "Accept-Ranges", "Content-Length", "Last-Modified"]
BODY = "0123456789"
EPOCH = 784111777


def conditional(case: Any) -> Any:
    response = Response(case["body"])
    for name, value in case["response"].items():
        response.headers[name] = value
    variables = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in case["request"].items()}
    made = environ({"REQUEST_METHOD": case["method"], **variables})
    answer: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        answer["code"] = int(status.split()[0])
        if answer["code"] < 400:
            # Of a response without a body, the length is not told.
            shown = SHOWN if answer["code"] != 304 else SHOWN[:1]
            answer["headers"] = {name: value for name, value in headers if name in shown}

    try:
        response.make_conditional(made, accept_ranges=True, complete_length=len(case["body"]))
    except RequestedRangeNotSatisfiable as e:
        return {"code": 416, "range": dict(e.get_headers()).get("Content-Range")}
    body = b"".join(response(made, cast(Any, start_response))).decode()
    if answer["code"] < 400:
        answer["body"] = body
    return answer


def disposition(case: Any) -> Any:
    data = io.BytesIO(b"")
    sent = send_file(
        data, environ({}), mimetype="x/y", as_attachment=case["attachment"], download_name=case["name"]
    )
    return sent.headers["Content-Disposition"]


# fmt: off
TAGS = ['"a"', 'W/"a"', '"b"', "*", '"b", "a"', 'W/"b", W/"a"', "a", '""', '"a"x']
DATES = [http_date(EPOCH), http_date(EPOCH - 1), http_date(EPOCH + 1), "x", "0"]
RANGES = ["bytes=0-", "bytes=0-0", "bytes=2-4", "bytes=9-", "bytes=10-", "bytes=-3", "bytes=-99", "bytes=-0", "bytes=0-99", "bytes=5-2", "bytes=", "x", "items=0-1", "bytes=0-1,3-4", "bytes=-1,0-0", "bytes=20-30,0-1", "bytes=20-,30-", "Bytes=1-2"]


def ask(request: dict[str, str], etag: str | None = '"a"', modified: bool = True, method: str = "GET", body: str = BODY) -> None:
    response = {}
    if etag is not None:
        response["ETag"] = etag
    if modified:
        response["Last-Modified"] = http_date(EPOCH)
    case("conditional", {"method": method, "body": body, "response": response, "request": request})


def random_conditions(dice: random.Random) -> Any:
    request = {}
    for name, values in {"If-Match": TAGS, "If-None-Match": TAGS, "If-Modified-Since": DATES, "If-Unmodified-Since": DATES, "Range": RANGES, "If-Range": TAGS[:3] + DATES}.items():
        if dice.random() < 0.3:
            request[name] = dice.choice(values)
    response = {}
    if dice.random() < 0.8:
        response["ETag"] = dice.choice(['"a"', '"a"', 'W/"a"'])
    if dice.random() < 0.7:
        response["Last-Modified"] = http_date(EPOCH)
    return {"method": dice.choice(["GET", "GET", "GET", "HEAD", "POST"]), "body": dice.choice([BODY, BODY, BODY, "", "x"]), "response": response, "request": request}


def random_live_conditions(dice: random.Random) -> Any:
    """With tags that can't be read."""
    made = random_conditions(dice)
    for name in "If-Match", "If-None-Match":
        if dice.random() < 0.2:
            made["request"][name] = dice.choice(['"other', "", '"a', 'W/"a', '"b" "c"', ",", '"a", "b', 'W/"b', '"b"; x'])
    return made


def cases() -> None:
    for method in "GET", "HEAD", "POST":
        ask({}, method=method)
        ask({}, None, False, method)
        for etag in '"a"', 'W/"a"', None:
            for tags in TAGS:
                ask({"If-Match": tags}, etag, True, method)
                ask({"If-None-Match": tags}, etag, True, method)
        for date in DATES:
            ask({"If-Modified-Since": date}, None, True, method)
            ask({"If-Modified-Since": date}, '"a"', True, method)
            ask({"If-Modified-Since": date}, '"a"', False, method)
            ask({"If-Unmodified-Since": date}, '"a"', True, method)
            ask({"If-Modified-Since": date, "If-None-Match": '"b"'}, '"a"', True, method)
            ask({"If-Modified-Since": date, "If-None-Match": '"b"'}, None, True, method)
        for wanted in RANGES:
            ask({"Range": wanted}, method=method)
    for tags in '"other', "", ",", '"a', '"a" "b"', '"a", "b', '"b", "a':
        for method in "GET", "HEAD":
            ask({"If-Match": tags}, method=method)
            ask({"If-None-Match": tags}, method=method)
            ask({"If-Match": tags, "Range": "bytes=0-1"}, method=method)
    for wanted in RANGES[:4]:
        for condition in TAGS[:3] + DATES:
            ask({"Range": wanted, "If-Range": condition})
            ask({"Range": wanted, "If-Range": condition}, None)
        ask({"Range": wanted, "If-None-Match": '"a"'})
        ask({"Range": wanted, "If-Match": '"b"'})
        ask({"Range": wanted}, body="")
    dice = random.Random(9110)
    for _ in range(300):
        case("conditional", random_conditions(dice))
    for name in ["a.txt", "a b.txt", "a\"b.txt", "a\\b", "\u00e4.txt", "na\u00efve \u30d5.txt", "a;b", "a%b", "\u20ac", "x'y(z)", "a,b=c", "\U0001f600.png"]:
        for attachment in False, True:
            case("disposition", {"name": name, "attachment": attachment})


ANSWERS = {"conditional": conditional, "disposition": disposition}
RANDOM = {"conditional": random_live_conditions}
