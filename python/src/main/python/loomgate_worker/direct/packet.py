"""Takes a connection, reads a uwsgi packet, and writes a response, in pure Python.

`take` and `read` give a tuple:

- `(descriptor, None, None, None)`: there is nothing to be read yet;
- `(descriptor, data, None, None)`: what has been read isn't surely a plain packet with its whole body;
- `(descriptor, packet, environ, body)`: it is.

Plain is what `server.cgi` in the JVM would show the program exactly as it came: each variable once, no control characters,
nothing that a rule changes or refuses. See `_is_plain`. An accelerator may take the place of these functions (native.py).
"""

from __future__ import annotations

import os
import re
import select
import socket
from typing import Any, Dict, List, Optional, Set, Tuple

Taken = Tuple[int, Optional[bytes], Optional[Dict[str, Any]], Optional[bytes]]

READ_BYTES = 128 * 1024
"""What is taken at once: the largest packet, and a body of 64 KiB with it. One thread reads at a time."""

_HEADER_BYTES = 4
_METHODS = frozenset(("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"))
_NO_EMPTY_ONE = ("CONTENT_TYPE", "CONTENT_LENGTH", "REMOTE_ADDR", "REMOTE_PORT")
_CONTENT_FIELDS = ("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH")
_MOST_DIGITS = 18

_NAME = re.compile(r"[A-Z][!-~]*\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_FIELD_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")
_STATUS = re.compile(rb"[2-5][0-9][0-9] [\t -~\x80-\xff]+\Z")

_WITHOUT_LENGTH = (b"204", b"304")
_RESET_CONTENT = b"205"
_OF_THE_CONNECTION = frozenset(
    (b"te", b"trailer", b"upgrade", b"connection", b"keep-alive", b"proxy-connection", b"transfer-encoding")
)
_CONTENT_LENGTH = b"content-length"
_CONTROLS = bytes(c for c in range(0x20) if c not in b"\t\n") + b"\x7f"

_MOST_KEPT = 1000
"""Names and statuses that have been found right are remembered, so many of each."""

_names: Set[str] = set()
_fields: Set[bytes] = set()
_statuses: Set[bytes] = set()

_buffer = bytearray(READ_BYTES)
_view = memoryview(_buffer)


_sockets: Dict[int, Any] = {}
"""The listening sockets, by their descriptors."""


def take(
    listener: int,
    base: Dict[str, Any],
    max_header_bytes: int,
    max_header_count: int,
    max_body_bytes: int,
) -> Optional[Taken]:
    """The next connection; None if none waits. `OSError` if none can be taken, for want of descriptors."""
    try:
        # Without Python's own accept(), which asks the kernel for what is known.
        descriptor, _ = (_sockets.get(listener) or _socket(listener))._accept()
    except (BlockingIOError, ConnectionAbortedError):
        return None
    return read(descriptor, base, max_header_bytes, max_header_count, max_body_bytes)


def _socket(listener: int) -> Any:
    made = _sockets[listener] = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, fileno=listener)
    return made


def read(
    descriptor: int,
    base: Dict[str, Any],
    max_header_bytes: int,
    max_header_count: int,
    max_body_bytes: int,
) -> Taken:
    """Reads once, without waiting."""
    try:
        data = _read_now(descriptor)
    except BlockingIOError:
        return descriptor, None, None, None
    except ConnectionError:
        # The JVM meets it again.
        return descriptor, b"", None, None
    environ, start = parse(data, max_header_bytes, max_header_count, max_body_bytes)
    if environ is None:
        return descriptor, data, None, None
    environ.update(base)
    if start == len(data):
        return descriptor, data, environ, b""
    return descriptor, data[:start], environ, data[start:]


def with_variable(packet: bytes, name: str, value: str) -> bytes:
    """A packet, without its body, with one variable more: the first, since the end of a long one may be cut off. Its length must
    have room for that.
    """
    variable = b"".join(
        len(text).to_bytes(2, "little") + text for text in (name.encode("ascii"), value.encode("ascii"))
    )
    size = len(packet) - _HEADER_BYTES + len(variable)
    return b"\0" + size.to_bytes(2, "little") + packet[3:_HEADER_BYTES] + variable + packet[_HEADER_BYTES:]


def parse(
    data: bytes, max_header_bytes: int, max_header_count: int, max_body_bytes: int
) -> Tuple[Optional[Dict[str, Any]], int]:
    """The variables of a plain packet and where its body starts; `(None, 0)` of any other."""
    if len(data) <= _HEADER_BYTES:
        return None, 0
    size = data[1] | data[2] << 8
    end = _HEADER_BYTES + size
    if data[0] or data[3] or not 0 < size <= max_header_bytes or len(data) < end:
        return None, 0
    text = data[:end].decode("latin-1")
    environ: Dict[str, Any] = {}
    count = 0
    at = _HEADER_BYTES
    try:
        while at < end:
            name = at + 2
            value = name + 2 + (data[at] | data[at + 1] << 8)
            at = value + (data[value - 2] | data[value - 1] << 8)
            environ[text[name : value - 2]] = text[value:at]
            count += 1
    except IndexError:
        return None, 0
    if at != end or count != len(environ) or count > max_header_count:
        return None, 0
    if not _is_plain(environ):
        return None, 0
    # From here on the environ is changed: what is refused below is thrown away with it.
    length = environ.get("CONTENT_LENGTH")
    body = 0
    if length:
        if len(length) > _MOST_DIGITS or not length.isascii() or not length.isdigit():
            return None, 0
        body = int(length)
        if 0 < max_body_bytes < body:
            return None, 0
    if len(data) != end + body:
        return None, 0
    for key in _NO_EMPTY_ONE:
        if environ.get(key) == "":
            del environ[key]
    for key in _CONTENT_FIELDS:
        if key in environ:
            del environ[key]
    https = environ.get("HTTPS")
    is_https = https in ("on", "1") if https else environ.get("REQUEST_SCHEME") == "https"
    environ["wsgi.url_scheme"] = "https" if is_https else "http"
    if not environ["SERVER_NAME"]:
        # As nginx's is that has no server_name.
        environ["SERVER_NAME"] = "localhost"
    if "SCRIPT_NAME" not in environ:
        environ["SCRIPT_NAME"] = ""
    return environ, end


def _is_plain(environ: Dict[str, str]) -> bool:
    if not environ.keys() <= _names and not all(map(_is_name, environ)):
        return False
    values = "".join(environ.values())
    # The first is the quicker one, and says no to much that is right.
    if not values.isprintable() and _CONTROL.search(values):
        return False
    get = environ.get
    if get("REQUEST_METHOD") not in _METHODS or "HTTP_TRANSFER_ENCODING" in environ:
        return False
    if environ.get("HTTP_UPGRADE"):
        # It may ask for a WebSocket, which the JVM has to do with.
        return False
    if get("PATH_INFO", "")[:1] != "/" or get("SCRIPT_NAME", "")[:1] not in "/":
        return False
    return (
        "QUERY_STRING" in environ
        and "SERVER_NAME" in environ
        and bool(get("SERVER_PROTOCOL") and get("SERVER_PORT"))
    )


def _is_name(name: str) -> bool:
    if name in _names:
        return True
    if _NAME.match(name) is None:
        return False
    if len(_names) < _MOST_KEPT:
        _names.add(name)
    return True


def reply(descriptor: int, head: bytes, body: bytes) -> bool:
    """Writes a whole response and closes the connection.

    :param head: as `start_response` makes it: status, name, value, name, value, ... with line feeds between
    :return: False if it isn't plain, or might not fit into the socket's buffer: then nothing has happened
    """
    data = formatted(head, body)
    if data is None:
        return False
    try:
        sent = os.write(descriptor, data)
        while sent < len(data):
            # It fits, by the socket's own measure. Should the kernel be of another mind, the client is waited for.
            select.select((), (descriptor,), ())
            sent += os.write(descriptor, data[sent:])
    except (BrokenPipeError, ConnectionError):
        pass  # nobody is left to answer
    finally:
        os.close(descriptor)
    return True


def formatted(head: bytes, body: bytes) -> Optional[bytes]:
    """The bytes of the response; None if it isn't plain."""
    begin = response_head(head, len(body))
    if begin is None or len(begin) + len(body) > _most_bytes:
        return None
    return begin + body


def response_head(head: bytes, body: int) -> Optional[bytes]:
    """The bytes of a response's head, with a Content-Length and the empty line; None if it isn't plain.

    :param body: how many bytes follow it
    """
    if len(head.translate(None, _CONTROLS)) != len(head):
        return None
    status, *fields = head.split(b"\n")
    has_length = True
    if status not in _statuses:
        if not _is_status(status):
            return None
        if status[:3] in _WITHOUT_LENGTH:
            has_length = False
            if body:
                return None
    if len(fields) % 2:
        return None
    names = fields[::2]
    if not _fields.issuperset(names):
        kept = _kept(fields, body if has_length else -1)
        if kept is None:
            return None
        fields = kept
    lines = [b"HTTP/1.1 ", status]
    for i in range(0, len(fields), 2):
        lines += (b"\r\n", fields[i], b": ", fields[i + 1])
    lines.append(b"\r\nContent-Length: %d\r\n\r\n" % body if has_length else b"\r\n\r\n")
    return b"".join(lines)


def head_figures(head: bytes, content: int) -> Tuple[int, int]:
    """The bytes that `reply` has written for a head, and the fields in them.

    :param content: the bytes of the body
    """
    status, *fields = head.split(b"\n")
    size, count = len(b"HTTP/1.1 ") + len(status) + 2 * len(b"\r\n"), 0
    has_length = status[:3] in _WITHOUT_LENGTH
    for i in range(0, len(fields) - 1, 2):
        lower = fields[i].lower()
        if lower not in _OF_THE_CONNECTION:
            has_length = has_length or lower == _CONTENT_LENGTH
            size += len(fields[i]) + len(b": ") + len(fields[i + 1]) + len(b"\r\n")
            count += 1
    if not has_length:
        size += len(b"Content-Length: %d\r\n" % content)
        count += 1
    return size, count


def _is_status(status: bytes) -> bool:
    if _STATUS.match(status) is None or status[:3] == _RESET_CONTENT:
        return False
    if len(_statuses) < _MOST_KEPT and status[:3] not in _WITHOUT_LENGTH:
        _statuses.add(status)
    return True


def _kept(fields: List[bytes], length: int) -> Optional[List[bytes]]:
    """The fields without those that are the connection's; None if they aren't plain.

    :param length: what a Content-Length has to say; -1 if there may be none
    """
    kept: List[bytes] = []
    has_length = False
    for i in range(0, len(fields), 2):
        name = fields[i]
        if name not in _fields:
            lower = name.lower()
            if lower == _CONTENT_LENGTH:
                if has_length or fields[i + 1] != b"%d" % length:
                    return None
                has_length = True
                continue
            if lower in _OF_THE_CONNECTION:
                continue
            if _FIELD_NAME.match(name) is None:
                return None
            if len(_fields) < _MOST_KEPT:
                _fields.add(name)
        kept += fields[i : i + 2]
    return kept


def _buffer_bytes() -> int:
    """What an empty connection takes at once, whatever the client does: half of its buffer, for the kernel's own part."""
    ends = socket.socketpair()
    with ends[0], ends[1]:
        return ends[0].getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) // 2 - 64


_most_bytes = min(96 * 1024, _buffer_bytes())


def _read_without_waiting(descriptor: int) -> bytes:
    count = _preadv(descriptor, (_buffer,), -1, _nowait)
    return bytes(_view[:count])


def _read_non_blocking(descriptor: int) -> bytes:
    os.set_blocking(descriptor, False)
    return os.read(descriptor, READ_BYTES)


def _reading() -> Any:
    """How to read from a connection that blocks: in one system call, where the kernel can (Linux 6.5)."""
    ends = socket.socketpair()
    with ends[0], ends[1]:
        try:
            os.preadv(ends[0].fileno(), [_buffer], -1, os.RWF_NOWAIT)
        except BlockingIOError:
            return _read_without_waiting
        except (OSError, AttributeError):
            pass
    return _read_non_blocking


_preadv: Any = getattr(os, "preadv", None)
_nowait: int = getattr(os, "RWF_NOWAIT", 0)
_read_now = _reading()
