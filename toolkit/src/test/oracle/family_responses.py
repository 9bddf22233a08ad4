"""Responses: errors, redirects, and what goes over the wire."""

from __future__ import annotations

import itertools
from typing import Any

from shared import called, case
from werkzeug import exceptions
from werkzeug.utils import redirect
from werkzeug.wrappers import Response


def exception(case: Any) -> Any:
    kind = getattr(exceptions, case["class"])
    return called(kind(**case.get("arguments", {})), case.get("method", "GET"))


def response(case: Any) -> Any:
    if "redirect" in case:
        made: Any = redirect(*case["redirect"])
    else:
        body: Any = case["body"]
        if case.get("streamed"):
            body = iter([body.encode()])
        made = Response(body, **case.get("arguments", {}))
    return called(made, case.get("method", "GET"))


# fmt: off
CLASSES = [
    "BadRequest", "Unauthorized", "Forbidden", "NotFound", "MethodNotAllowed", "NotAcceptable", "RequestTimeout", "Conflict", "Gone", "LengthRequired", "PreconditionFailed",
    "RequestEntityTooLarge", "RequestURITooLarge", "UnsupportedMediaType", "RequestedRangeNotSatisfiable", "ExpectationFailed", "ImATeapot", "MisdirectedRequest", "UnprocessableEntity",
    "Locked", "FailedDependency", "PreconditionRequired", "TooManyRequests", "RequestHeaderFieldsTooLarge", "UnavailableForLegalReasons", "InternalServerError", "NotImplemented",
    "BadGateway", "ServiceUnavailable", "GatewayTimeout", "HTTPVersionNotSupported", "BadRequestKeyError",
]


def cases() -> None:
    for name in CLASSES:
        case("exception", {"class": name})
        case("exception", {"class": name, "method": "HEAD"})
        if name != "BadRequestKeyError":
            for description in "not implemented", "", "a\nb", "<script>alert('x')</script> & \"y\"", "\u00e4\u20ac":
                case("exception", {"class": name, "arguments": {"description": description}})
    case("exception", {"class": "MethodNotAllowed", "arguments": {"valid_methods": ["GET", "HEAD"]}})
    case("exception", {"class": "TooManyRequests", "arguments": {"retry_after": 60}})
    case("exception", {"class": "ServiceUnavailable", "arguments": {"retry_after": 60}})
    case("exception", {"class": "RequestedRangeNotSatisfiable", "arguments": {"length": 10}})
    for status, method, streamed in itertools.product((200, 201, 204, 205, 304, 404, 500), ("GET", "HEAD", "POST"), (False, True)):
        case("response", {"body": "Hello w\u00f6rld!", "arguments": {"status": status}, "method": method, "streamed": streamed})
    for mimetype in ["text/html", "text/plain", "application/json", "image/png", "application/xml", "image/svg+xml", "application/javascript", "application/octet-stream", "text/css", "application/xhtml+xml", "application/sql", "font/woff2"]:
        case("response", {"body": "x", "arguments": {"mimetype": mimetype}})
    for content_type in "text/html", "text/html; charset=latin-1", "application/json":
        case("response", {"body": "x", "arguments": {"content_type": content_type}})
    headers = [["Allow", "GET"], ["Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"], ["Expires", "0"], ["Content-Location", "/\u00e4"], ["ETag", "\"x\""], ["Content-Encoding", "x"], ["Content-Language", "en"], ["Content-MD5", "x"], ["Content-Range", "x"], ["X-Other", "1"]]
    for status, method in itertools.product((200, 204, 304), ("GET", "HEAD")):
        case("response", {"body": "x", "arguments": {"status": status, "headers": headers}, "method": method})
    for target in ["/", "/x?y=z", "/\u00e4 b", "http://example.org/\u00e4?q=\u00f6#f", "http://\u00e4.org/", "//other/x", "?x=1", "<script>", "/a'b\"c&d", "http://u:p@h:80/x y", "/%41%zz", "#f", "HTTP://EXAMPLE.org/A"]:
        for code in 301, 302, 303, 307, 308:
            case("response", {"redirect": [target, code]})


ANSWERS = {"exception": exception, "response": response}
