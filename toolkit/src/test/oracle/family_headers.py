"""Headers: negotiation, caching, conditions, ranges, credentials, dates."""

from __future__ import annotations

import base64
import random
from typing import Any, Callable

from shared import case, text
from werkzeug.datastructures import (
    Accept,
    Authorization,
    CharsetAccept,
    LanguageAccept,
    MIMEAccept,
    RequestCacheControl,
    ResponseCacheControl,
    WWWAuthenticate,
)
from werkzeug.http import (
    http_date,
    parse_accept_header,
    parse_cache_control_header,
    parse_content_range_header,
    parse_date,
    parse_dict_header,
    parse_etags,
    parse_if_range_header,
    parse_list_header,
    parse_options_header,
    parse_range_header,
)
from werkzeug.sansio.utils import get_host, host_is_trusted

KINDS: dict[str, Any] = {
    "mime": MIMEAccept,
    "language": LanguageAccept,
    "charset": CharsetAccept,
    "plain": Accept,
}


def accept(case: Any) -> Any:
    parsed: Any = parse_accept_header(case["header"], KINDS[case["kind"]])
    return {
        "items": [[value, float(quality)] for value, quality in parsed],
        "best": parsed.best,
        "qualities": [float(parsed.quality(value)) for value in case["values"]],
        "contains": [value in parsed for value in case["values"]],
        "best_match": parsed.best_match(case["values"]),
        "header": str(parsed),
    }


def cache_control(case: Any) -> Any:
    request: Any = parse_cache_control_header(case, None, RequestCacheControl)
    response: Any = parse_cache_control_header(case, None, ResponseCacheControl)
    return {
        "directives": dict(request),
        "no_cache": request.no_cache,
        "no_store": request.no_store,
        "max_age": request.max_age,
        "s_maxage": response.s_maxage,
        "min_fresh": request.min_fresh,
        "header": str(request),
    }


def etags(case: Any) -> Any:
    parsed = parse_etags(case)
    # An empty tag is a null there.
    return {
        "strong": sorted(tag or "" for tag in parsed.as_set()),
        "all": sorted(tag or "" for tag in parsed.as_set(include_weak=True)),
        "star": parsed.star_tag,
        "empty": not parsed,
        "weakly_a": parsed.contains_weak("a"),
        "strongly_a": parsed.contains("a"),
    }


def timestamp(date: Any) -> Any:
    return None if date is None else int(date.timestamp())


def if_range(case: Any) -> Any:
    parsed = parse_if_range_header(case)
    return {"etag": parsed.etag, "date": timestamp(parsed.date)}


def ranges(case: Any) -> Any:
    parsed = parse_range_header(case["header"])
    if parsed is None:
        return None
    return {
        "units": parsed.units,
        "ranges": [list(each) for each in parsed.ranges],
        "header": parsed.to_header(),
        "parts": parsed.range_for_length(case["length"]),
        "content_range": parsed.to_content_range_header(case["length"]),
    }


def content_range(case: Any) -> Any:
    parsed = parse_content_range_header(case)
    if parsed is None:
        return None
    return {
        "units": parsed.units,
        "part": [parsed.start, parsed.stop],
        "length": parsed.length,
        "header": str(parsed),
    }


def date(case: Any) -> Any:
    parsed = parse_date(case)
    return {
        "timestamp": timestamp(parsed),
        "header": None if parsed is None else http_date(timestamp(parsed)),
    }


def credentials(kind: Any) -> Callable[[Any], Any]:
    def answer(case: Any) -> Any:
        parsed = kind.from_header(case)
        if parsed is None:
            return None
        return {
            "scheme": parsed.type,
            "token": parsed.token,
            "parameters": dict(parsed.parameters),
            "header": parsed.to_header(),
        }

    return answer


def trusted_host(case: Any) -> Any:
    # As the request's host gets there: a name that can't be one is none.
    host = get_host("http", case["host"], None)
    return host_is_trusted(host, case["trusted"]) if host else False


# fmt: off
ACCEPTS: dict[str, tuple[list[str], list[str]]] = {
    "mime": (
        ["text/html", "text/*", "*/*", "application/json", "text/html;level=1", "text/html;level=1;a=b", "text/html; a=b;level=1", "application/xhtml+xml", "application/xml", "*", "text", "*/html", "TEXT/HTML", "a/b/c", "image/*", '"text/html"', ""],
        ["text/html", "application/json", "text/plain", "text/html;level=1", "text/html;a=b;level=1", "*/*", "text/*", "image/png", "Text/HTML"],
    ),
    "language": (["en", "en-US", "en_us", "de", "de-DE", "*", "zh-Hans-CN", "EN-gb", "fr", "i-klingon", "d"], ["en-US", "en", "de", "de-AT", "zh-Hans", "fr_FR", "en-gb"]),
    "charset": (["utf-8", "UTF8", "iso-8859-1", "latin1", "*", "us-ascii", "ascii", "x-unknown", "utf-16"], ["utf-8", "latin-1", "ASCII", "x-UNKNOWN", "utf-7"]),
    "plain": (["gzip", "br", "identity", "*", "GZIP", "deflate", "x y", '"a,b"', "a;b=c"], ["gzip", "br", "identity", "zstd", "Deflate"]),
}
QUALITIES = ["", "", "", ";q=0", ";q=1", ";q=0.5", ";q=0.8", "; q=0.123", ";q=1.0", ";q=2", ";q=-1", ";q=x", ";Q=0.3", " ; q = 1", ";q=", ";q=\"0.4\"", ";q=0.5;x=y", ";q=.5", ";q=1.", ";q=+1", ";q=1e-1", ";q=00.7", ";q=\u0661"]


def random_accept(dice: random.Random) -> Any:
    kind = dice.choice(sorted(ACCEPTS))
    offered, wanted = ACCEPTS[kind]
    items = [dice.choice(offered) + dice.choice(QUALITIES) for _ in range(dice.randint(0, 5))]
    values = dice.sample(wanted, dice.randint(1, 4))
    return {"kind": kind, "header": dice.choice([",", ", ", " ,"]).join(items), "values": values}


LIST_ALPHABET = ["a", "b", ",", " ", '"', "\\", "=", "\t", "1", ";", "*", "'", "%41", "a=b", '"c, d"', "a*=UTF-8''%c3%a4", ", ", "no-cache", "max-age=5"]
ETAG_ALPHABET = ['"a"', '"b"', 'W/"a"', "w/\"c\"", "*", ",", ", ", " ", '"', "W/", "a", "b\\", '""', "\t", "W", "/", '"a,b"', '"\u00e4"']
RANGE_ALPHABET = ["bytes", "=", "0", "1", "5", "9", "10", "-", "-", ",", ", ", " ", "x", "items", "BYTES=", "bytes=", "bytes=0-", "5-9", "-5", "100", "+", "_"]
CONTENT_RANGE_ALPHABET = ["bytes", " ", "bytes ", "0", "1", "9", "10", "-", "/", "*", "0-9/10", "5-5/*", "*/10", "x", "  "]
AUTH_ALPHABET = ["Basic ", "Bearer ", "Digest ", "basic", "YTpi", "YQ==", "=", "a=b", ', ', 'realm="x y"', " ", "token68==", "nonce=abc", '"', "qop=auth", "\\", "YTpiOmM=", "4pyTOg==", "/w==", "Mutual-x "]
DATE_ALPHABET = ["Sun, ", "06", " Nov ", "1994", " ", "08:49:37", " GMT", "-", "Sunday, ", "94", "Feb", "31", "24:00:00", "Sun Nov  6 08:49:37 1994", "Mon, 20 Jan 2020 16:23:12", " +0100", ":"]


def random_range(dice: random.Random) -> Any:
    return {"header": text(dice, RANGE_ALPHABET, 8), "length": dice.choice([0, 1, 5, 10, 100, None])}


def random_date(dice: random.Random) -> Any:
    day = f"{dice.randint(0, 33):0{dice.choice([1, 2])}d}"
    month = dice.choice(["Jan", "feb", "MAR", "Apr", "Jun", "Sep", "Dec", "Foo"])
    year = dice.choice([str(dice.randint(1900, 2100)), f"{dice.randint(0, 99):02d}"])
    clock = f"{dice.randint(0, 25):02d}:{dice.randint(0, 61):02d}" + dice.choice([f":{dice.randint(0, 61):02d}"] * 5 + [""])
    zone = dice.choice([" GMT"] * 5 + [" +0000", " -0500", " +0130"])
    return dice.choice([f"Mon, {day} {month} {year} {clock}{zone}", f"Monday, {day}-{month}-{year} {clock}{zone}", f"Mon {month} {day:>2} {clock} {1900 + int(year[-2:])}"])


def random_live_date(dice: random.Random) -> Any:
    """Of any year that has four digits."""
    year = dice.choice([dice.randint(0, 9999), dice.randint(0, 100), 9999, 1582])
    return dice.choice([random_date(dice), f"Mon, {dice.randint(1, 31):02d} Feb {year:04d} 08:49:37 GMT", f"Mon Mar {dice.randint(1, 31):2d} 08:49:37 {year:04d}"])


def cases() -> None:
    dice = random.Random(5646)
    for kind, (offered, wanted) in ACCEPTS.items():
        for header in ["", "*", "*/*", *offered, ",".join(offered), ", ".join(f"{value};q=0.{i}" for i, value in enumerate(offered[:9])), ",".join(reversed(offered))]:
            case("accept", {"kind": kind, "header": header, "values": wanted})
        for quality in QUALITIES:
            case("accept", {"kind": kind, "header": f"{offered[0]}{quality}, {offered[1]};q=0.6", "values": wanted})
    for header in ["text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", "text/xml,application/xml,application/xhtml+xml,text/html;q=0.9,text/plain;q=0.8,image/png,*/*;q=0.5"]:
        case("accept", {"kind": "mime", "header": header, "values": ["application/json", "text/html", "image/png"]})
    for _ in range(300):
        case("accept", random_accept(dice))
    lists = ["", "a", "a, b", "a,,b", ",", '"a"', '"a,b", c', '"a', 'a"b,c"d', '"a\\"b"', '"a\\\\", b', "a b", '"a" b', "\\,a", '"\\', "a=b, c", 'a="b, c", d=e', "=a", "a=", "a = b", "a=b=c", 'a="b"c', "a*=UTF-8''%c3%a4", "a*=x''%41", "a*=b", "*=b", "a*=utf-8'en'%e2%82%ac, b", "A=1, a=2"]
    for header in lists + [text(dice, LIST_ALPHABET, 8) for _ in range(250)]:
        case("header.list", header)
        case("header.dict", header)
    controls = ["", "no-cache", "max-age=0", "max-age=3600, public", "no-store, no-cache, must-revalidate", "private=\"x, y\"", "max-age", "max-age=x", "max-age=\"5\"", "s-maxage=7, min-fresh=3", "NO-CACHE", "max-age=99999999999", "no-cache=x", "max-stale", "foo=bar"]
    for header in controls + [", ".join(dice.sample(controls[1:10], 3)) for _ in range(30)]:
        case("cache_control", header)
    for header in ["", "*", '"a"', 'W/"a"', '"a", "b"', 'a, b', '"a" "b"', '"a', 'W/a', ' "a" ', ' *', '"a,b"', '""', '*, "a"', '"a\\"', ",", "w/\"a\",a"] + [text(dice, ETAG_ALPHABET, 6) for _ in range(250)]:
        case("etags", header)
    for header in ["", '"a"', 'W/"a"', "a", "Sun, 06 Nov 1994 08:49:37 GMT", "x y", '"a', ' "a"']:
        case("if_range", header)
    for header in ["", "bytes", "bytes=", "bytes=0-", "bytes=0-0", "bytes=5-2", "bytes=-5", "bytes=-0", "bytes=-", "bytes=0-4,5-9", "bytes=0-4, -1", "bytes=-1,0-4", "bytes=5-9,0-4", "bytes=0-4,2-6", "bytes=a-b", "bytes=0-x", "bytes = 0 - 5", "Bytes=0-5", "items=1-2", "bytes=+1-2", "bytes=1_0-", "bytes=0-5;x", "bytes=--5", "bytes=5--1", "bytes=0-999", "bytes=-999", "bytes=10-", "bytes=9-", "=0-5", "bytes=0-1,", "bytes=,0-1", "bytes==0-1"]:
        for length in (0, 1, 10, None):
            case("range", {"header": header, "length": length})
    for _ in range(250):
        case("range", random_range(dice))
    for header in ["", "bytes 0-9/10", "bytes 0-9/*", "bytes */10", "bytes */*", "bytes 5-5/6", "bytes 5-4/10", "bytes 0-10/10", "bytes 10-11/10", "bytes 0-9", "0-9/10", "bytes  0-9/10", "items 0-9/10", "bytes x-9/10", "bytes 0-/10", "bytes -5/10", "bytes 0-9/x", "bytes 0-9/-1", "bytes=0-9/10", " bytes 0-9/10 ", "bytes 0 - 9 / 10"]:
        case("content_range", header)
    for _ in range(150):
        case("content_range", text(dice, CONTENT_RANGE_ALPHABET, 7))
    for header in ["", "foo", "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 20 Jan 2020 16:23:12 -0000", "Mon, 20 Jan 2020 16:23:12 -0500", "6 Nov 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49 GMT", "Sun, 31 Feb 2020 00:00:00 GMT", "Sun, 29 Feb 2020 00:00:00 GMT", "Sun, 29 Feb 2021 00:00:00 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 23:59:60 GMT", "0", "-1", "Fri, 31 Dec 9999 23:59:59 GMT", "Sat, 01 Jan 0100 00:00:00 GMT", "Sat, 01 Jan 10000 00:00:00 GMT", "Tue, 15 Mar 0044 00:00:00 GMT", "Sat, 01 Jan 0000 00:00:00 GMT"]:
        case("date", header)
    for _ in range(150):
        case("date", random_date(dice))
    logins = [base64.b64encode(login).decode() for login in (b"a:b", b":", b"user", b"u:p:q", "\u00e4:\u20ac".encode(), b"\xff:x", b"")]
    for header in ["", "Basic", "Basic ", *["Basic " + login for login in logins], "basic " + logins[0], "Basic  " + logins[0], "Basic !!!!", "Basic YQ", "Basic YQ=", "Basic Y Q==", "Bearer abc", "Bearer", "bearer abc==", "Bearer a=b", "Token x", 'Digest username="Mufasa", realm="a, b", nonce="x", uri="/", qop=auth, nc=00000001, response=abc', "Digest a", "Digest =", "negotiate-x a==b", "Custom a=\"b\\\"c\""]:
        case("authorization", header)
    for _ in range(150):
        case("authorization", text(dice, AUTH_ALPHABET, 6))
    for header in ["", "Basic realm=\"x\"", "Basic", 'Digest realm="a b", nonce=abc, qop="auth", algorithm=MD5', "Bearer realm=x, error=\"invalid_token\"", "Negotiate abc==", "digest realm=x", "NTLM", "Basic realm="]:
        case("www_authenticate", header)
    for _ in range(100):
        case("www_authenticate", text(dice, AUTH_ALPHABET, 6))
    for host in ["example.org", "example.org:80", "example.org:8080", "www.example.org", "badexample.org", "", "[::1]", "[::1]:81", "EXAMPLE.org", "a@example.org", "xn--4ca.org"]:
        for trusted in [["example.org"], [".example.org"], ["[::1]"], ["\u00e4.org", "other.net"], ["example.org:80"], [".org"]]:
            case("trusted_host", {"host": host, "trusted": trusted})
    for header in [
        "a; b*=utf-8''%c3%a4", "a; b*=UTF-8'de'x", "a; b*=latin-2''%e4", "a; b*=iso-8859-1''%e4", "a; b*=ascii''%e4x", "a; b*=''x", "a; b*='x", "a; b*=x", "a; b*=\"utf-8''%c3%a4\"", "a; b*0=x; b*1=y", "a; b*1=x; b*0=y", "a; b*0*=utf-8''%c3; b*1*=%a4", "a; b*0*=utf-8''%c3%a4; b*1=z",
        "a; b=1; b*0=2; b*1=3", "a; b*0=2; b=1", "a; b*=x; b=y", "a; b*a=x", "a; *=x", "a; *0=x", "a; b**=x", "a; b*0*0=x", "a; b*00=x; b*01=y", "a; b*0*=x''y; b*1*=%41", "a; b*0*=utf-8''%41; b*1*=iso-8859-1''%e4; b*2*=%e4", "a; b=%22x%22", "a; b*=utf-8''a'b",
    ]:
        case("options_extended", header)
    for _ in range(250):
        case("options_extended", random_extended(dice))


def random_extended(dice: random.Random) -> str:
    return "v" + "".join("; " + dice.choice("bc") + dice.choice(["", "*", "*0", "*1", "*0*", "*1*", "*x"]) + "=" + text(dice, ["utf-8''", "iso-8859-1''", "x''", "%c3%a4", "%e4", "'", "a", '"q"', "%22", "\\"], 4) for _ in range(dice.randint(1, 4)))


def options_extended(case: Any) -> Any:
    return list(parse_options_header(case))


ANSWERS: dict[str, Callable[[Any], Any]] = {
    "accept": accept,
    "header.list": parse_list_header,
    "header.dict": parse_dict_header,
    "options_extended": options_extended,
    "cache_control": cache_control,
    "etags": etags,
    "if_range": if_range,
    "range": ranges,
    "content_range": content_range,
    "date": date,
    "authorization": credentials(Authorization),
    "www_authenticate": credentials(WWWAuthenticate),
    "trusted_host": trusted_host,
}
RANDOM: dict[str, Callable[[random.Random], Any]] = {
    "accept": random_accept,
    "header.list": lambda dice: text(dice, LIST_ALPHABET, 12),
    "header.dict": lambda dice: text(dice, LIST_ALPHABET, 12),
    "options_extended": random_extended,
    "etags": lambda dice: text(dice, ETAG_ALPHABET, 10),
    "range": random_range,
    "content_range": lambda dice: text(dice, CONTENT_RANGE_ALPHABET, 7),
    "date": random_live_date,
    "authorization": lambda dice: text(dice, AUTH_ALPHABET, 6),
    "www_authenticate": lambda dice: text(dice, AUTH_ALPHABET, 6),
}
