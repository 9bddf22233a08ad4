"""Messages of a channel layer as bytes: JSON, which may come from another server, and whose reading runs nothing.

The first byte says what follows, in UTF-8 (lone surrogates as they are)::

    j   JSON
    b   JSON of a message with bytes somewhere in it: each string that is a value begins with s (text) or b (bytes, in Base64)
"""

from __future__ import annotations

import binascii
import json
from typing import Any, Dict

_LEAST_INT, _MOST_INT = -(2**63), 2**63 - 1
_PLAIN = frozenset((str, bool, type(None), float))


class TooLarge(ValueError):
    """A message has too many bytes."""


class Malformed(ValueError):
    """What isn't a message."""


def encode(message: Dict[str, Any], most: int) -> bytes:
    """Raises `TypeError` or `OverflowError` for what no message may have in it, `TooLarge` for too many bytes."""
    try:
        kind = b"j"
        if _checked(message, "the message"):
            kind, message = b"b", _marked(message)
        text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        raise ValueError("the message is nested too deeply") from None
    data = kind + text.encode("utf-8", "surrogatepass")
    if len(data) > most:
        raise TooLarge(f"a message of {len(data)} bytes, over {most} (max_message_bytes)")
    return data


def decode(data: bytes) -> Dict[str, Any]:
    """Raises `Malformed` for what isn't a message."""
    try:
        message = json.loads(data[1:].decode("utf-8", "surrogatepass"))
        if data[:1] == b"b":
            message = _unmarked(message)
        elif data[:1] != b"j":
            raise ValueError(f"its kind is {data[:1]!r}")
        if not isinstance(message, dict):
            raise ValueError(f"it is a {type(message).__name__} and no dict")
        return message
    except (ValueError, RecursionError) as e:
        raise Malformed(f"what has come is no message: {e}") from None


def _checked(value: Any, where: str) -> bool:
    """Whether there are bytes in it."""
    if type(value) in _PLAIN:
        return False
    if isinstance(value, dict):
        found = False
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"{where} has a key of type {type(key).__name__}, keys are str: {key!r}")
            if type(item) not in _PLAIN:
                found |= _checked(item, f"{where}[{key!r}]")
        return found
    if isinstance(value, (list, tuple)):
        found = False
        for number, item in enumerate(value):
            if type(item) not in _PLAIN:
                found |= _checked(item, f"{where}[{number}]")
        return found
    if isinstance(value, int):
        if not _LEAST_INT <= value <= _MOST_INT:
            raise OverflowError(f"{where} is an int of more than 64 bits")
        return False
    if isinstance(value, (bytes, bytearray)):
        return True
    if isinstance(value, (str, float)):
        return False
    raise TypeError(
        f"{where} is a {type(value).__name__}: a message has None, bool, int, float, str, bytes, list and dict"
    )


def _marked(value: Any) -> Any:
    if isinstance(value, str):
        return "s" + value
    if isinstance(value, (bytes, bytearray)):
        return "b" + binascii.b2a_base64(value, newline=False).decode()
    if isinstance(value, dict):
        return {key: _marked(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_marked(item) for item in value]
    return value


def _unmarked(value: Any) -> Any:
    if isinstance(value, str):
        if value[:1] == "s":
            return value[1:]
        if value[:1] == "b":
            return binascii.a2b_base64(value[1:])
        raise ValueError("a string without a mark")
    if isinstance(value, dict):
        return {key: _unmarked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_unmarked(item) for item in value]
    return value
