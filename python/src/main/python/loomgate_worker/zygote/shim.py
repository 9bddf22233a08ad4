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
import sys
import types
from typing import Any, Callable, Optional, Sequence


def install() -> None:
    """Has `asyncio` changed as soon as somebody imports it."""
    sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds what the other finders find, and changes asyncio when it is loaded."""

    def find_spec(self, name: str, path: Optional[Sequence[str]] = None, target: Any = None) -> Any:
        if name != "asyncio":
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec = find(name, path, target) if finder is not self and find is not None else None
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = _Loader(spec.loader)
                return spec
        return None


class _Loader:
    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def create_module(self, spec: Any) -> Any:
        create = getattr(self._loader, "create_module", None)
        return create(spec) if create is not None else None

    def exec_module(self, module: types.ModuleType) -> None:
        spec: Any = module.__spec__
        spec.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        # A program may have an asyncio of its own.
        if hasattr(module, "ensure_future") and hasattr(module, "coroutines"):
            change(module)


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
