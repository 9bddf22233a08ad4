"""Says what is wrong with a status or header that start_response was given."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Callable, Optional

from loomgate_worker.process import settings

joined: Callable[[Any, Any], Optional[bytes]] = lambda status, headers: None
"""The head of a plain status and a plain list of headers, status and fields with line feeds between; None of others. The accelerator's,
if there is one (`direct.functions`)."""

_BEFORE_LENGTH = len(b"\nContent-Length\n")


def content_length(head: bytes) -> Optional[int]:
    """The Content-Length that the application has given, as the head is sent to the JVM."""
    at = head.find(b"\nContent-Length\n") + _BEFORE_LENGTH
    # Names are behind the first line feed, the third one, and so on. What is behind another is a value.
    if at >= _BEFORE_LENGTH and head.count(b"\n", 0, at) % 2 == 0:
        end = head.find(b"\n", at)
        value = head[at:] if end < 0 else head[at:end]
        if value.isdigit():
            return int(value)
    parts = head.split(b"\n")
    for name, value in zip(parts[1::2], parts[2::2]):
        if len(name) == 14 and name.lower() == b"content-length" and value.isdigit():
            return int(value)
    return None


def _is_whole(head: bytes, chunk: bytes) -> bool:
    return content_length(head) == len(chunk)


is_whole: Callable[[bytes, bytes], bool] = _is_whole
"""Whether the application has given a Content-Length, and it is this chunk's. The accelerator's, if there is one."""


def with_reason(head: bytes) -> bytes:
    """A head whose status has no reason, with the usual one, as uWSGI sends it."""
    try:
        reason = HTTPStatus(int(head[:3])).phrase
    except ValueError:
        return head
    return b"%s %s%s" % (head[:3], reason.encode(), head[3:].lstrip(b" "))


def too_large(size: int, limit: int) -> Exception:
    """The exception for a head that is over the limit."""
    return ValueError(
        f"start_response: the response's head (status and headers) has {size} bytes, over {limit}"
        f" ({settings.name('maxResponseHeadBytes')})"
    )


def head_error(status: Any, headers: Any) -> Exception:
    """The exception that tells the application's author which part is wrong. Only called when one is."""
    if not isinstance(status, str):
        return TypeError(
            f"start_response: the status is a {type(status).__name__}, not a str: {status!r:.80}"
        )
    if not status[:3].isdigit() or status[3:4] not in " ":
        return ValueError(
            f"start_response: the status isn't three digits, a space and a reason: {status!r:.80}"
        )
    problem = _text_problem(status)
    if problem:
        return ValueError(f"start_response: the status {problem}: {status!r:.80}")
    try:
        pairs = list(headers)
    except TypeError:
        return TypeError(f"start_response: the headers are a {type(headers).__name__}, not a list of tuples")
    for pair in pairs:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            return TypeError(f"start_response: a header isn't a tuple (name, value): {pair!r:.80}")
        for what, part in zip(("name", "value"), pair):
            if not isinstance(part, str):
                return TypeError(
                    f"start_response: the {what} of the header {pair[0]!r:.80} is a {type(part).__name__}, not a str:"
                    f" {part!r:.80}"
                )
            problem = _text_problem(part)
            if problem:
                return ValueError(
                    f"start_response: the {what} of the header {pair[0]!r:.80} {problem}: {part!r:.80}"
                )
    return ValueError(f"start_response: the headers aren't a list of tuples (name, value): {headers!r:.80}")


def _text_problem(text: str) -> str:
    for character in "\n\r\0":
        if character in text:
            return f"contains {character!r}"
    try:
        text.encode("latin-1")
    except UnicodeEncodeError as e:
        return f"has a character outside of latin-1 ({text[e.start]!r}; PEP 3333)"
    return ""
