"""Which callables are ASGI applications, and which are WSGI's."""

from __future__ import annotations

import functools
import inspect
from typing import Any, Awaitable, Callable, Optional

Asgi = Callable[..., Awaitable[None]]

_THREE = 3
_TWO = 2


def asgi(application: Any) -> Optional[Asgi]:
    """The application as one of ASGI 3; None if it looks like one of WSGI.

    ASGI's are coroutine functions of three parameters, objects whose `__call__` is one, and, of ASGI 2, what gives such a
    coroutine function of two parameters for a scope.
    """
    if _is_coroutine_function(application, _THREE):
        found: Asgi = application
        return found
    call = getattr(type(application), "__call__", None)
    if not inspect.isclass(application) and _is_coroutine_function(call, 1 + _THREE):
        return application  # type: ignore[no-any-return]
    if inspect.isclass(application) and _is_coroutine_function(vars(application).get("__call__"), 1 + _TWO):
        return insisted(application)
    return None


def insisted(application: Any) -> Asgi:
    """The same where it is said to be one: of ASGI 2 if it takes the scope alone."""
    if _parameters(application) != 1:
        found: Asgi = application
        return found

    async def of_two(scope: Any, receive: Any, send: Any) -> None:
        await application(scope)(receive, send)

    return of_two


def _is_coroutine_function(found: Any, parameters: int) -> bool:
    while isinstance(found, functools.partial):
        parameters += len(found.args)
        found = found.func
    if inspect.ismethod(found):
        parameters += 1
        found = found.__func__
    # Also what asgiref marks as one.
    marked = inspect.iscoroutinefunction(found) or hasattr(found, "_is_coroutine_mark")
    return marked and _takes(found, parameters)


def _takes(function: Any, count: int) -> bool:
    try:
        inspect.signature(function, follow_wrapped=False).bind(*range(count))
    except (TypeError, ValueError):
        return False
    return True


def _parameters(application: Any) -> int:
    """How many it must be given at least; -1 if nobody knows."""
    try:
        parameters = inspect.signature(application).parameters.values()
    except (TypeError, ValueError):
        return -1
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    if any(each.kind == inspect.Parameter.VAR_POSITIONAL for each in parameters):
        return -1
    return sum(each.kind in positional and each.default is inspect.Parameter.empty for each in parameters)
