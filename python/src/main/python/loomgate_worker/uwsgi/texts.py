"""Text and bytes, as the `uwsgi` module's functions take them."""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional, Union

Text = Union[str, bytes]

Call = Callable[..., Any]
"""Calls the JVM: its name for the call, the arguments."""


def text(value: Optional[Text]) -> str:
    """A name; empty for None."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, str):
        return value
    raise TypeError(f"a str or bytes is needed, not {type(value).__name__}")


def octets(value: Text, what: str) -> bytes:
    """What is kept as it is.

    :param what: for the message, `a value of the cache`
    """
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape")
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    raise TypeError(f"{what} is a str or bytes, not {type(value).__name__}")


def public(functions: object) -> Dict[str, Callable[..., Any]]:
    """The public methods of an object, by their names: they are functions of the module."""
    return {name: getattr(functions, name) for name in dir(functions) if not name.startswith("_")}
