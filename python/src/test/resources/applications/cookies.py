"""Cookies, there and back."""
from __future__ import annotations

from http.cookies import SimpleCookie
from typing import Any, Iterable


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    cookies: SimpleCookie[str] = SimpleCookie(environ.get("HTTP_COOKIE", ""))
    headers = [("Content-Type", "text/plain")]
    path = environ["PATH_INFO"]
    if path == "/set":
        headers += [
            ("Set-Cookie", "a=1; Path=/; HttpOnly"),
            ("Set-Cookie", "b=2; Path=/; Max-Age=1000"),
            ("set-cookie", 'c="x y"; Path=/; SameSite=Lax'),
        ]
    elif path == "/unset":
        headers.append(("Set-Cookie", "a=; Path=/; Max-Age=0"))
    start_response("200 OK", headers)
    return [", ".join(f"{name}={morsel.value}" for name, morsel in sorted(cookies.items())).encode()]
