"""Reads and writes the plain messages of a WebSocket that is lent to the worker (decision 115), in pure Python.

`read_messages` gives a tuple:

- `(None, b"", True)`: there is nothing to be read yet;
- `(messages, rest, True)`: text as `str`, the others as `bytes`; `rest` begins the next one;
- `(messages, rest, False)`: `rest` begins with what isn't plain, or the client has ended its side behind it.

An accelerator may take the place of these functions (native.py).

::

    +-----+------+--------+------+--------+---------------------+----------+-----------------+
    |  1  |  000 | op 1,2 |   MASK 1      | length 7, 7+16 or   | key 32   | masked payload  |     RFC 6455 section 5.2
    +-----+------+--------+------+--------+---------------------+----------+-----------------+
"""

from __future__ import annotations

import errno
import socket
import struct
from typing import List, Optional, Tuple, Union

from loomgate_worker.process.descriptors import borrowed

Message = Union[str, bytes]
Read = Tuple[Optional[List[Message]], bytes, bool]

READ_BYTES = 128 * 1024
MOST_BYTES = 64 * 1024
"""Of a message, where the server's own limit isn't smaller: what is longer isn't plain."""

_TEXT = 0x81
_BINARY = 0x82
_KEY_BYTES = 4
_SHORT = struct.Struct(">BBH")
_LONG = struct.Struct(">BBQ")


def read_messages(descriptor: int, before: bytes, most: int) -> Read:
    """Reads once, without waiting.

    :param before: `rest` of the time before
    :param most: bytes of a message; at most `MOST_BYTES`
    """
    try:
        with borrowed(descriptor) as connection:
            data = connection.recv(READ_BYTES - len(before), socket.MSG_DONTWAIT)
    except BlockingIOError:
        return None, b"", True
    except (ConnectionError, TimeoutError):
        data = b""
    if not data:
        return [], before, False
    return parse(before + data, most)


def parse(data: bytes, most: int) -> Read:
    """What `read_messages` says of these bytes."""
    messages: List[Message] = []
    at, count = 0, len(data)
    while at < count:
        if data[at] not in (_TEXT, _BINARY):
            return messages, data[at:], False
        if count - at < 2:
            break
        length, begin = data[at + 1] - 0x80, at + 2
        if length < 0:
            return messages, data[at:], False
        if length > 125:
            size = 2 if length == 126 else 8
            if count - begin < size:
                break
            length = int.from_bytes(data[begin : begin + size], "big")
            begin += size
            if length < (126 if size == 2 else 0x10000):
                return messages, data[at:], False
        if length > most:
            return messages, data[at:], False
        end = begin + _KEY_BYTES + length
        if end > count:
            break
        payload = _unmasked(data, begin, length)
        if data[at] == _TEXT:
            try:
                messages.append(payload.decode("utf-8"))
            except UnicodeDecodeError:
                return messages, data[at:], False
        else:
            messages.append(payload)
        at = end
    return messages, data[at:], True


def _unmasked(data: bytes, at: int, length: int) -> bytes:
    key = data[at : at + _KEY_BYTES]
    masked = int.from_bytes(data[at + _KEY_BYTES : at + _KEY_BYTES + length], "little")
    stream = int.from_bytes((key * (length // _KEY_BYTES + 1))[:length], "little")
    return (masked ^ stream).to_bytes(length, "little")


def frame(message: Message) -> bytes:
    """The frame that the client gets. Text must have no lone surrogates, which raise UnicodeEncodeError."""
    if isinstance(message, str):
        first, payload = _TEXT, message.encode("utf-8")
    else:
        first, payload = _BINARY, message
    length = len(payload)
    if length < 126:
        return bytes((first, length)) + payload
    if length < 0x10000:
        return _SHORT.pack(first, 126, length) + payload
    return _LONG.pack(first, 127, length) + payload


def write(descriptor: int, data: bytes) -> int:
    """Writes without waiting: how much the socket has taken; -1 if the client has gone."""
    try:
        with borrowed(descriptor) as connection:
            return connection.send(data, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
    except BlockingIOError:
        return 0
    except OSError as e:
        if e.errno in (errno.ENOBUFS, errno.ENOMEM):
            return 0
        return -1
