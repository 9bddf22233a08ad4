"""Lets asyncio code of 2014 to 2019 run on today's Python (option `shim` of the boot configuration).

| old code | what became of it | here |
|---|---|---|
| `@asyncio.coroutine` | removed in 3.11 | as in 3.10, on top of `types.coroutine` |
| `asyncio.Task(generator)`, `ensure_future(generator)` | refused since 3.12 | generators count as coroutines again |
| `getattr(asyncio, "async")` | a keyword since 3.7 | `asyncio.ensure_future` |

A decorated function still returns a plain generator, for which `inspect.isgenerator` is true: old programs ask that.
Generators aren't registered as `collections.abc.Coroutine`, which would change `inspect.isawaitable` for everybody.
"""

from __future__ import annotations

import asyncio
import asyncio.coroutines
import collections.abc
import functools
import inspect
import types
from typing import Any, Callable


def install() -> None:
    """Adds what this Python lacks, and replaces nothing that it has. May be called again."""
    if not hasattr(asyncio, "coroutine"):
        setattr(asyncio, "coroutine", coroutine)
    if not hasattr(asyncio, "async"):
        setattr(asyncio, "async", asyncio.ensure_future)
    known = getattr(asyncio.coroutines, "_COROUTINE_TYPES", None)
    if isinstance(known, tuple) and types.GeneratorType not in known:
        setattr(asyncio.coroutines, "_COROUTINE_TYPES", known + (types.GeneratorType,))


def coroutine(function: Callable[..., Any]) -> Callable[..., Any]:
    """What `asyncio.coroutine` was: a generator function may be awaited; another function's result is awaited in it."""
    if inspect.iscoroutinefunction(function):
        return function
    generator = function if inspect.isgeneratorfunction(function) else _generator(function)
    marked: Callable[..., Any] = types.coroutine(generator)
    # What asyncio.iscoroutinefunction asks for, as long as it does.
    mark = getattr(asyncio.coroutines, "_is_coroutine", None)
    if mark is not None:
        setattr(marked, "_is_coroutine", mark)
    return marked


def _generator(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        if asyncio.isfuture(result) or inspect.isgenerator(result):
            result = yield from result
        elif isinstance(result, collections.abc.Awaitable):
            result = yield from result.__await__()
        return result

    return run
