"""Which callables are ASGI applications, and which are WSGI's.

WSGI's may be coroutine functions as well, of two parameters: `async def application(environ, start_response)`. Of those that take
two or three, WSGI's are the ones that need no third.
"""

from __future__ import annotations

import functools
import inspect
from typing import Any, Awaitable, Callable, Dict, Optional

Asgi = Callable[..., Awaitable[None]]

_THREE = 3
_TWO = 2
_FOUR = 4


def asgi(application: Any) -> Optional[Asgi]:
    """The application as one of ASGI 3; None if it looks like one of WSGI.

    ASGI's are coroutine functions of three parameters, objects whose `__call__` is one, and, of ASGI 2, what gives such a
    coroutine function of two parameters for a scope.
    """
    if _is_coroutine_function(application, _THREE):
        found: Asgi = application
        return found
    call = getattr(type(application), "__call__", None)
    if not inspect.isclass(application):
        return application if _is_coroutine_function(call, _THREE, 1) else None
    if _takes(application, 1, {}) and _is_coroutine_function(vars(application).get("__call__"), _TWO, 1):
        return insisted(application)
    return None


def is_coroutine_of_wsgi(application: Any) -> bool:
    """Whether it is `async def application(environ, start_response)`, or an instance whose `__call__` is."""
    return _is_coroutine_function(application, _TWO) or (
        not inspect.isclass(application)
        and _is_coroutine_function(getattr(type(application), "__call__", None), _TWO, 1)
    )


def insisted(application: Any) -> Asgi:
    """The same where it is said to be one: of ASGI 2 if it takes the scope alone."""
    if _parameters(application) != 1:
        found: Asgi = application
        return found

    async def of_two(scope: Any, receive: Any, send: Any) -> None:
        await application(scope)(receive, send)

    return of_two


def _is_coroutine_function(found: Any, wanted: int, bound: int = 0) -> bool:
    """:param wanted: how many arguments the server would give it
    :param bound: how many come before those"""
    keywords: Dict[str, Any] = {}
    while isinstance(found, functools.partial):
        bound += len(found.args)
        keywords = {**found.keywords, **keywords}
        found = found.func
    if inspect.ismethod(found):
        bound += 1
        found = found.__func__
    # Also what asgiref marks as one.
    marked = inspect.iscoroutinefunction(found) or hasattr(found, "_is_coroutine_mark")
    return marked and _takes_alone(found, wanted, bound, keywords)


def _takes_alone(function: Any, wanted: int, bound: int, keywords: Dict[str, Any]) -> bool:
    """Whether it is made for so many of two or three arguments."""
    two, three, four = (_takes(function, bound + count, keywords) for count in (_TWO, _THREE, _FOUR))
    if two and three and four:
        # Any number: it passes them on.
        inner = getattr(function, "__wrapped__", None)
        if inner is not None:
            return _takes_alone(inner, wanted, bound, keywords)
        two = False
    return two if wanted == _TWO else three and not two


def _takes(function: Any, count: int, keywords: Dict[str, Any]) -> bool:
    try:
        inspect.signature(function, follow_wrapped=False).bind(*range(count), **keywords)
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
