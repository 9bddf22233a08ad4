"""What messages call a setting of the JVM's side.

A setting has the name that the Java library has for it, unless the program that uses the library calls it otherwise: a command
line has an option for each. The names come with the configuration.
"""

from __future__ import annotations

from typing import Dict

_names: Dict[str, str] = {}


def rename(names: Dict[str, str]) -> None:
    """From now on these settings have these names."""
    _names.update(names)


def name(setting: str) -> str:
    """What an operator knows it by."""
    return _names.get(setting, setting)
