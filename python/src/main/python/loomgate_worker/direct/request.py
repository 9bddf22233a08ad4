"""Reads HTTP requests, and writes responses, on connections that go on (decision 097), in pure Python.

`read_http` gives a tuple:

- `(None, None, None)`: there is nothing to be read yet;
- `(b"", None, None)`: the client has ended its side, or the connection;
- `(data, None, None)`: what has been read isn't surely a plain request;
- `(data, None, b"")`: it is, but the rest of its body is still to come;
- `(head, scope, body)`: it is, whole, with the scope that ASGI has of it.

Plain is what `server.http` in the JVM would take as it is, and what needs nothing else of the JVM's. An accelerator may take
the place of these functions (native.py).
"""

from __future__ import annotations

import re
import socket
import time
from email.utils import formatdate
from typing import Any, Dict, List, Optional, Tuple, Union
from urllib.parse import unquote_to_bytes

from loomgate_worker.direct import packet
from loomgate_worker.process.descriptors import borrowed

Read = Tuple[Optional[bytes], Optional[Dict[str, Any]], Optional[bytes]]

_ROOM = packet.READ_BYTES - 1
_MOST_FIELDS = 256
_MOST_REPLY_BYTES = 96 * 1024

_HEAD = re.compile(
    rb"(GET|PUT|POST|PATCH|DELETE|OPTIONS) (/[!-\"$-~]*) HTTP/1\.1\r\n"
    rb"((?:[!#$%&'*+\-.^`|~0-9A-Za-z]+:[\t -~\x80-\xff]*\r\n)+)\r\n"
)
_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f][0-9A-Fa-f])|%00")
_HOST = re.compile(rb"([A-Za-z0-9._-]+)(?::[0-9]*)?\Z")
_LENGTH = re.compile(rb"(?:0|[1-9][0-9]{0,17})\Z")
_BLANKS = b" \t"

_NEVER = frozenset((b"te", b"proxy", b"expect", b"upgrade", b"transfer-encoding"))
_ONCE = frozenset((b"host", b"cookie", b"content-type", b"content-length"))


def read_http(
    descriptor: int,
    before: bytes,
    base: Dict[str, Any],
    port: int,
    max_head_bytes: int,
    max_field_count: int,
    max_body_bytes: int,
    max_target_bytes: int,
) -> Read:
    """Reads once, without waiting.

    :param before: what has been read of this request already
    :param base: what all scopes have
    :param port: the server's own
    """
    try:
        data = _recv(descriptor, packet.READ_BYTES - len(before))
    except BlockingIOError:
        return None, None, None
    except (ConnectionError, TimeoutError):
        data = b""
    if not data:
        return b"", None, None
    data = before + data
    return parse(data, base, port, max_head_bytes, max_field_count, max_body_bytes, max_target_bytes)


def _recv(descriptor: int, count: int) -> bytes:
    with borrowed(descriptor) as connection:
        return connection.recv(count, socket.MSG_DONTWAIT)


def parse(
    data: bytes,
    base: Dict[str, Any],
    port: int,
    max_head_bytes: int,
    max_field_count: int,
    max_body_bytes: int,
    max_target_bytes: int,
) -> Read:
    """What `read_http` says of these bytes."""
    not_plain = data, None, None
    found = _HEAD.match(data)
    if found is None or found.end() > max_head_bytes or len(data) > _ROOM:
        return not_plain
    method, target, lines = found.groups()
    raw_path, _, query = target.partition(b"?")
    if len(target) > max_target_bytes or _BAD_ESCAPE.search(raw_path):
        return not_plain
    fields = _fields(lines.split(b"\r\n")[:-1])
    if fields is None or len(fields) > min(max_field_count, _MOST_FIELDS):
        return not_plain
    said = dict(fields)
    host = _HOST.match(said.get(b"host", b""))
    length = said.get(b"content-length", b"0")
    if host is None or _LENGTH.match(length) is None or 0 < max_body_bytes < int(length):
        return not_plain
    missing = int(length) - (len(data) - found.end())
    if missing:
        # More than that is another request, or what the JVM knows.
        return (data, None, b"") if missing > 0 and found.end() + int(length) <= _ROOM else not_plain
    try:
        path = unquote_to_bytes(raw_path).decode("utf-8")
    except UnicodeDecodeError:
        return not_plain
    scope = base.copy()
    scope["path"] = path
    scope["method"] = method.decode("ascii")
    scope["raw_path"] = raw_path
    scope["query_string"] = query
    fields.sort(key=_host_first)
    scope["headers"] = fields
    scope["server"] = (host.group(1).decode("ascii"), port)
    return data[: found.end()], scope, data[found.end() :]


def _host_first(field: Tuple[bytes, bytes]) -> bool:
    return field[0] != b"host"


def _fields(lines: List[bytes]) -> Optional[List[Tuple[bytes, bytes]]]:
    """Names in small letters; None if one of them is the JVM's matter, or comes again where it mustn't."""
    fields: List[Tuple[bytes, bytes]] = []
    seen = set()
    for line in lines:
        name, _, value = line.partition(b":")
        name, value = name.lower(), value.strip(_BLANKS)
        if name in _NEVER or (name == b"connection" and value.lower() != b"keep-alive"):
            return None
        if name in _ONCE:
            if name in seen:
                return None
            seen.add(name)
        fields.append((name, value))
    return fields


def reply_http(descriptor: int, head: bytes, body: bytes) -> Union[bool, bytes]:
    """Writes a whole response, after which the connection goes on.

    :param head: as `start_response` makes it: status, name, value, name, value, ... with line feeds between
    :return: True if the client has it, or has gone; False if the JVM must decide: then nothing has happened; else what the
        socket hasn't taken yet
    """
    data = formatted(head, body)
    if data is None:
        return False
    try:
        with borrowed(descriptor) as connection:
            sent = connection.send(data, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
    except BlockingIOError:
        return data
    except (ConnectionError, TimeoutError):
        return True
    return sent == len(data) or data[sent:]


def formatted(head: bytes, body: bytes) -> Optional[bytes]:
    """The bytes of the response; None if it isn't plain."""
    if head[:3] == b"426" or len(head) + len(body) > _MOST_REPLY_BYTES:
        return None
    data = packet.response_head(head, len(body))
    if data is None:
        return None
    parts = head.split(b"\n")
    own = b""
    names = {name.lower() for name in parts[1::2]}
    if b"connection" in names and _wants_close(parts):
        return None
    if b"date" not in names:
        own += b"Date: %b\r\n" % date().encode("ascii")
    if b"server" not in names:
        own += b"Server: loomgate\r\n"
    data = data[:-2] + own + b"\r\n"
    return data + body if len(data) <= _MOST_REPLY_BYTES - len(body) else None


def _wants_close(parts: List[bytes]) -> bool:
    return any(
        name.lower() == b"connection" and value.lower() == b"close"
        for name, value in zip(parts[1::2], parts[2::2])
    )


def date() -> str:
    """Of this second, as the kernel's coarse clock has it, which the accelerator asks."""
    return formatdate(time.clock_gettime_ns(_COARSE) // 1_000_000_000, usegmt=True)


_COARSE = 5  # CLOCK_REALTIME_COARSE of Linux
