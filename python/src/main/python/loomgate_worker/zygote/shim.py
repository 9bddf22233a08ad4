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

import collections.abc
import functools
import types
from typing import Any, Callable

from loomgate_worker.process import late


def install() -> None:
    """Has `asyncio` changed as soon as somebody imports it."""
    late.when_imported("asyncio", _change_if_its_own)


def _change_if_its_own(asyncio: Any) -> None:
    # A program may have an asyncio of its own.
    if hasattr(asyncio, "ensure_future") and hasattr(asyncio, "coroutines"):
        change(asyncio)


def change(asyncio: Any) -> None:
    """Adds what this Python lacks, and replaces nothing that it has. May be called again."""
    coroutine = _Coroutine(asyncio)
    if not hasattr(asyncio, "coroutine"):
        setattr(asyncio, "coroutine", coroutine.mark)
    if not hasattr(asyncio, "async"):
        setattr(asyncio, "async", asyncio.ensure_future)
    known = getattr(asyncio.coroutines, "_COROUTINE_TYPES", None)
    if isinstance(known, tuple) and types.GeneratorType not in known:
        setattr(asyncio.coroutines, "_COROUTINE_TYPES", known + (types.GeneratorType,))


class _Coroutine:
    """What `asyncio.coroutine` was: a generator function may be awaited; another function's result is awaited in it."""

    def __init__(self, asyncio: Any) -> None:
        self._asyncio = asyncio
        self._inspect = asyncio.coroutines.inspect

    def mark(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The decorator."""
        inspect = self._inspect
        if inspect.iscoroutinefunction(function):
            return function
        generator = function if inspect.isgeneratorfunction(function) else self._generator(function)
        marked: Callable[..., Any] = types.coroutine(generator)
        # What asyncio.iscoroutinefunction asks for, as long as it does.
        sign = getattr(self._asyncio.coroutines, "_is_coroutine", None)
        if sign is not None:
            setattr(marked, "_is_coroutine", sign)
        return marked

    def _generator(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            result = function(*args, **kwargs)
            if self._asyncio.isfuture(result) or isinstance(result, types.GeneratorType):
                result = yield from result
            elif isinstance(result, collections.abc.Awaitable):
                result = yield from result.__await__()
            return result

        return run
