"""Requests: queries, forms, cookies, URLs."""

from __future__ import annotations

import base64
import io
import itertools
import random
from typing import Any

from shared import case, environ, pairs, text, texts
from werkzeug.http import dump_cookie, parse_cookie, parse_options_header
from werkzeug.urls import iri_to_uri, uri_to_iri
from werkzeug.wrappers import Request


def args(case: Any) -> Any:
    return pairs(Request(environ({"QUERY_STRING": case})).args)


def cookie_parse(case: Any) -> Any:
    return pairs(parse_cookie(case))


def cookie_dump(case: Any) -> Any:
    return dump_cookie(**case, sync_expires=False)


def form(case: Any) -> Any:
    body = base64.b64decode(case["body"])
    request = Request(
        environ(
            {
                "REQUEST_METHOD": "POST",
                "CONTENT_TYPE": case["type"],
                "CONTENT_LENGTH": str(len(body)),
                "wsgi.input": io.BytesIO(body),
            }
        )
    )
    return {"form": pairs(request.form), "mimetype": request.mimetype}


def url(case: Any) -> Any:
    request = Request(environ(case))
    return {
        "url": request.url,
        "base_url": request.base_url,
        "root_url": request.root_url,
        "host_url": request.host_url,
        "host": request.host,
        "path": request.path,
        "script_root": request.script_root,
    }


def iri(case: Any) -> Any:
    answer: dict[str, Any] = {}
    converters: dict[str, Any] = {"to_uri": iri_to_uri, "to_iri": uri_to_iri}
    for name, convert in converters.items():
        try:
            answer[name] = convert(case)
        except ValueError:
            answer[name] = None
    return answer


def options_header(case: Any) -> Any:
    value, options = parse_options_header(case)
    return [value, options]


# fmt: off
QUERY_ALPHABET = ["a", "b", "=", "&", "+", "%", "%41", "%C3%A4", "%FF", "%C3", ";", "1", " "]
COOKIE_ALPHABET = ["a", "b", "=", ";", " ", "\"", "\\", "\\101", ",", "\t", "1", "$", "\u00c3\u00a4"]
OPTIONS_ALPHABET = ["a", "b", "=", ";", " ", "\"", "\\", "\t", "1", ",", "c=d", "; e=\"f\""]

QUERIES = [
    "", "a=1", "a=1&b=2", "a=1&a=2", "a", "a=", "=a", "=", "&", "&&a=1&&", "a=1;b=2", "a==", "a=b=c", "a+b=c+d", "a%20b=c%2Bd", "%C3%A4=%E2%82%AC",
    "a=%FF", "a=%C3", "a=%C3%28", "a=%E2%82", "a=%ED%A0%80", "a=%F0%9F%98%80", "a=%zz", "a=%", "a=%1", "a=%41%", "a=%2", "a=%c3%a4", "a=%00", "a=%26&b=%3D",
    "\u00c3\u00a4=\u00e2\u0082\u00ac", "name=Bob", "name=World%21", "a=\u00c3\u00a4%C3%A4", "a=%F5%80%80%80", "a=%C0%80", "a=%E0%80%80", "a=%FFx%FE", "a=%F0%9F%98", "x[]=1&x[]=2",
    "a=1&b", "b&a=1", "a%3Db=c", "a=%25", "a=%2525", "a=%e4", "a=b%0Ac", "a=+", "+=a", "a=%2B+%20",
]


def queries_and_forms() -> None:
    dice = random.Random(20)
    random_ones = list(texts(dice, QUERY_ALPHABET, 250, 12))
    for query in QUERIES + random_ones:
        case("args", query)
        body = base64.b64encode(query.encode("latin-1")).decode()
        case("form", {"type": "application/x-www-form-urlencoded", "body": body})
    # Raw bytes: UTF-8, and such that are none.
    for raw in [b"a=\xc3\xa4", b"\xc3\xa4=1", b"a=\xff", b"\xff=1&b=2", b"a=\xe4&b=2", b"a=\xc3", b"a=%C3\xa4", b"a=\xed\xa0\x80", b"a=\xc0\x80", b"a=\xf0\x9f\x98\x80"]:
        case("form", {"type": "application/x-www-form-urlencoded", "body": base64.b64encode(raw).decode()})
    body = base64.b64encode(b"a=1&b=2").decode()
    for kind in [
        "application/x-www-form-urlencoded; charset=utf-8", "Application/X-WWW-Form-Urlencoded", "text/plain", "", "application/x-url-encoded",
        " application/x-www-form-urlencoded ;x=y", "application/json", ";", "application/x-www-form-urlencoded;", "TEXT/HTML; charset=\"utf-8\"",
    ]:
        case("form", {"type": kind, "body": body})


def cookies() -> None:
    headers = [
        "", "a=1", "a=1; b=2", "a=1;b=2", "a = 1", " a=1 ", "a", "a;b", "a;b=1", "=1", "=__Host-x=bad", "a==1", "a=1=2", "a=\"1\"", "a=\"1;2\"; b=3", "a=\"1\\\"2\"",
        "a=\"\\303\\244\"", "a=\"\\054\\073\"", "a=\"x", "a=x\"", "a=\"x\"y; b=1", "a=1; a=2", "a=1,b=2", "$Version=1; a=b", "a=\u00c3\u00a4", "\u00c3\u00a4=1", "a=%20", "a b=1",
        "a\t=\t1", ";;a=1;;", "a=1;", "a=\"\"", "a=\"", "a=\"\\", "a=\"\\\"", "a=\"\\400\"", "a=\"\\377\"", "a=1 2", "a=\"1 2\"", "a=b c; d=e", "a=b\"c; d=e", "a=;b=", "a=\"a\\b\"", "a=x;=y;b=z", "a: b; c=d",
    ]
    dice = random.Random(6265)
    for header in headers + list(texts(dice, COOKIE_ALPHABET, 250, 12)):
        case("cookie.parse", header)
    for value in ["", "1", "a b", "a,b", "a;b", "a\"b", "a\\b", "\u00e4", "\U0001f600", "a=b", "a\tb", "a\nb", "\x7f", "\x00", "!#$%&'()*+-./:<=>?@[]^`{|}~", "x" * 50, "a\"\\;,b"]:
        case("cookie.dump", {"key": "k", "value": value})
    options: Any
    for options in [
        {"max_age": 60}, {"max_age": 0, "expires": 0}, {"expires": 784111777}, {"path": None}, {"path": "/a b"}, {"path": "/\u00e4;x"}, {"path": "/a%20b"}, {"domain": "example.com"},
        {"domain": ".example.com"}, {"domain": "example.com:80"}, {"domain": "\u00e4.com"}, {"secure": True}, {"httponly": True}, {"secure": True, "httponly": True, "samesite": "lax"},
        {"samesite": "Strict"}, {"samesite": "none", "secure": True}, {"partitioned": True}, {"max_age": 5, "path": "/x", "domain": "a.b", "secure": True, "httponly": True, "samesite": "Lax", "partitioned": True},
    ]:
        case("cookie.dump", {"key": "k", "value": "v", **options})


IRIS = [
    "", "/", "/a", "/a b", "/\u00e4", "/%C3%A4", "/%c3%a4", "/%FF", "/%2F", "/%2f%20", "/a%00b", "http://example.org", "http://example.org/", "http://\u00e4.org/\u00e4?\u00e4=\u00e4#\u00e4", "http://xn--4ca.org/",
    "http://user:pass@host:8080/x?y#z", "http://us%40er:pa%3Ass@host/", "http://host/?a=%26&b=%3D&c=%2B", "http://host/%3Fx%23y", "http://host/?q=a b", "http://host/#a%20b", "mailto:a@b", "//host/x", "?q=1", "#f", "a:b", "http:x", "ftp://h/x y",
    "http://[::1]:80/x", "http://HOST/Path", "/path;p=1?q=(1)!*'", "/a[b]{c}|\\^`", "/%", "/%z", "/%1", "http://h/\U0001f600", "/a?b?c", "/a#b#c", "http://h?q", "http://h#f", "/%7F%20%25", "/%e2%82%ac%e2%82",
]


def urls() -> None:
    for iri in IRIS:
        case("iri", iri)
    for host, script, path, query in itertools.product(
        ("example.org", "example.org:80", "example.org:8080", "bad host", ""), ("", "/app", "/\u00c3\u00a4"), ("/", "/a b", "/\u00c3\u00a4/%41", "//x", "/a%2Fb?c"), ("", "a=1&b=%C3%A4", "q=\u00c3\u00a4 b&x=%26")
    ):
        case("url", {"HTTP_HOST": host, "SCRIPT_NAME": script, "PATH_INFO": path, "QUERY_STRING": query})
    for name, port, scheme in [("localhost", "80", "http"), ("localhost", "443", "https"), ("h", "8443", "https"), ("::1", "80", "http"), ("::1", "81", "http")]:
        case("url", {"SERVER_NAME": name, "SERVER_PORT": port, "wsgi.url_scheme": scheme})


def option_headers() -> None:
    headers = [
        "", "text/html", "text/html; charset=utf-8", "text/html;charset=utf-8", "Text/HTML ; Charset=\"UTF-8\"", "a; b=c; d=\"e;f\"; g=h", "a; b", "a; b; c=d", "a; =b", "a; b=", "a; b=\"", "a; b=\"c", "a; b=\"c\\\"d\"",
        "a; b=\"c\\\\d\"", "a; b=\"c\\xd\"", "a; b = c", "a;;b=c", "; b=c", "a; b=c d", "a; b=\"c\" d; e=f", "a; b=c; b=d", "multipart/form-data; boundary=----x", "multipart/form-data; boundary=\"a b\"", "a; b=\u00e4", "a\t;\tb=c", "a; B=C",
        "a; b='c'", "a, b; c=d", "a; b=c,d", "a; b=\"%22\"", "a; b=\"\"; c=\"d\"", "a; b=\"c\"e=f; g=h", "a; b=c;", "a;b=c;d=e",
    ]
    dice = random.Random(9110)
    for header in headers + list(texts(dice, OPTIONS_ALPHABET, 250, 10)):
        case("options_header", header)


def cases() -> None:
    queries_and_forms()
    cookies()
    urls()
    option_headers()


def random_form(dice: random.Random) -> Any:
    # Some with raw bytes, among them such that are no UTF-8.
    alphabet = QUERY_ALPHABET
    if dice.random() < 0.1:
        alphabet = [*QUERY_ALPHABET, "\u00c3\u00a4", "\u00f0\u009f\u0098\u0080", dice.choice(["\u00ff", "\u00c3", "\u00a4", ""])]
    body = base64.b64encode(text(dice, alphabet, 20).encode("latin-1")).decode()
    return {"type": "application/x-www-form-urlencoded", "body": body}


def random_url(dice: random.Random) -> Any:
    hosts = ["example.org", "example.org:80", "h:8080", "a b", "[::1]", "[::1]:81", "EXAMPLE.org", "x:0", "x:65536", ""]
    path = ["a", "/", "//", "%41", "%2F", "\u00c3\u00a4", " ", "?", ";", "=", "+", "&", "%"]
    return {
        "HTTP_HOST": dice.choice(hosts),
        "SCRIPT_NAME": dice.choice(["", "/app", "/a b", "/\u00c3\u00a4"]),
        "PATH_INFO": "/" + text(dice, path, 8),
        "QUERY_STRING": text(dice, [*path, *QUERY_ALPHABET], 8),
        "wsgi.url_scheme": dice.choice(["http", "https"]),
    }


ANSWERS = {
    "args": args,
    "args.plain": args,
    "cookie.parse": cookie_parse,
    "cookie.dump": cookie_dump,
    "form": form,
    "url": url,
    "iri": iri,
    "options_header": options_header,
}
# What Werkzeug has always answered alike: of the others, 2.2 has something else to say.
PLAIN_ALPHABET = ["a", "b", "=", "&", "+", "%41", "%C3%A4", "1", "%26"]
RANDOM = {
    "args.plain": lambda dice: text(dice, PLAIN_ALPHABET, 20),
    "args": lambda dice: text(dice, QUERY_ALPHABET, 20),
    "cookie.parse": lambda dice: text(dice, COOKIE_ALPHABET, 20),
    "form": random_form,
    "url": random_url,
    "options_header": lambda dice: text(dice, OPTIONS_ALPHABET, 20),
}
