"""What is in the response's head: order, repetition, case, size, and what must not be there."""
from __future__ import annotations

from typing import Any, Iterable

PLAIN = ("Content-Type", "text/plain")
HEADS: dict[str, tuple[Any, Any]] = {
    "/repeated": ("200 OK", [PLAIN, ("X-A", "1"), ("X-B", "2"), ("X-A", "3"), ("x-a", "4")]),
    "/case": ("200 OK", [("cOnTeNt-TyPe", "text/plain"), ("x-lower", "a"), ("X-UPPER", "b")]),
    "/empty-value": ("200 OK", [PLAIN, ("X-Empty", "")]),
    "/spaces": ("200 OK", [PLAIN, ("X-Spaces", "  two before, two after  ")]),
    "/latin-1": ("200 OK", [PLAIN, ("X-Name", "caf\xe9")]),
    "/no-headers": ("200 OK", []),
    "/no-reason": ("200 ", [PLAIN]),
    "/only-code": ("200", [PLAIN]),
    "/own-reason": ("299 Well, Nearly: fine", [PLAIN]),
    "/teapot": ("418 I'm a teapot", [PLAIN]),
    "/large": ("200 OK", [PLAIN, ("X-Large", "x" * 6000)]),
    "/many": ("200 OK", [PLAIN] + [(f"X-Number-{number}", str(number)) for number in range(60)]),
    "/server": ("200 OK", [PLAIN, ("Server", "mine"), ("X-Powered-By", "python")]),
    "/hop-by-hop": ("200 OK", [PLAIN, ("Keep-Alive", "timeout=5"), ("X-After", "1")]),
    "/newline": ("200 OK", [PLAIN, ("X-Split", "a\r\nX-Injected: b")]),
    "/newline-in-name": ("200 OK", [PLAIN, ("X-Split: a\r\nX-Injected", "b")]),
    "/newline-in-status": ("200 OK\r\nX-Injected: b", [PLAIN]),
    "/colon-in-name": ("200 OK", [PLAIN, ("X:Y", "z")]),
    "/wide-character": ("200 OK", [PLAIN, ("X-Name", "\u0142")]),
    "/number": ("200 OK", [PLAIN, ("X-Number", 5)]),
    "/bytes": ("200 OK", [PLAIN, (b"X-Bytes", b"5")]),
    "/bytes-status": (b"200 OK", [PLAIN]),
    "/tuple-of-headers": ("200 OK", (PLAIN, ("X-A", "1"))),
    "/triple": ("200 OK", [PLAIN, ("X-A", "1", "2")]),
    "/list-as-header": ("200 OK", [PLAIN, ["X-A", "1"]]),
    "/status-number": (200, [PLAIN]),
    "/status-word": ("fine", [PLAIN]),
    "/status-100": ("100 Continue", [PLAIN]),
}


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    status, headers = HEADS[environ["PATH_INFO"]]
    start_response(status, headers)
    return [b"the body\n"]
