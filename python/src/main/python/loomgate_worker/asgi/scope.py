"""ASGI's scopes, made of the variables that a request comes with."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple
from urllib.parse import quote

from loomgate_worker.asgi import tls
from loomgate_worker.wire.exchange import FIELDS
from loomgate_worker.wire.request_ids import KEY

Fields = List[Tuple[bytes, bytes]]

_LIFESPAN = {"version": "3.0", "spec_version": "2.0"}
_VERSIONS = {"HTTP/1.1": "1.1", "HTTP/2.0": "2", "HTTP/3.0": "3"}
_OF_WEBSOCKETS = {"http": "ws", "https": "wss"}
_PREFIX = "HTTP_"
_VARIABLES = {"CONTENT_TYPE": b"content-type", "CONTENT_LENGTH": b"content-length"}

_names: Dict[str, bytes] = dict(_VARIABLES)
_MOST_NAMES = 1024


def lifespan(state: Dict[str, Any]) -> Dict[str, Any]:
    """The scope of a worker's life."""
    return {"type": "lifespan", "asgi": dict(_LIFESPAN), "state": state}


def http(
    environ: Dict[str, Any], state: Dict[str, Any], takes_hints: bool = False, takes_trailers: bool = False
) -> Dict[str, Any]:
    """The scope of a request.

    :param takes_hints: whether its client may be sent early hints
    :param takes_trailers: whether its client may be sent fields after the content
    """
    extensions: Dict[str, Any] = {"http.response.pathsend": {}}
    if takes_hints:
        extensions["http.response.early_hint"] = {}
    if takes_trailers:
        extensions["http.response.trailers"] = {}
    scope = _common("http", environ, state, extensions)
    scope["method"] = environ["REQUEST_METHOD"]
    scope["scheme"] = environ.get("wsgi.url_scheme", "http")
    return scope


def websocket(environ: Dict[str, Any], state: Dict[str, Any]) -> Dict[str, Any]:
    """The scope of a WebSocket."""
    scope = _common("websocket", environ, state, {"websocket.http.response": {}})
    scheme = environ.get("wsgi.url_scheme", "http")
    scope["scheme"] = _OF_WEBSOCKETS.get(scheme, scheme)
    offered = b",".join(value for name, value in scope["headers"] if name == b"sec-websocket-protocol")
    scope["subprotocols"] = [name.strip() for name in offered.decode("latin-1").split(",") if name.strip()]
    return scope


def route(scope: Dict[str, Any]) -> Optional[str]:
    """The template by which the program has routed a request, `/user/{id}`; None where it has left none in the scope.

    Litestar leaves it as `path_template`, and FastAPI its route, an object with a `path`. What is mounted has routes of its
    own: Starlette says where (`app_root_path`), though by the path, which is no template where the mount has parameters.
    """
    template = scope.get("path_template")
    if isinstance(template, str):
        return template
    template = getattr(scope.get("route"), "path", None)
    if not isinstance(template, str):
        return None
    above, root = scope.get("app_root_path"), scope.get("root_path")
    if isinstance(above, str) and isinstance(root, str) and root.startswith(above):
        names = scope.get("path_params") or ()
        if all(f"{{{name}}}" in template or f"{{{name}:" in template for name in names):
            return root[len(above) :] + template
    return template


# What each request's time is spent in. Hence it calls little.
def _common(
    kind: str, environ: Dict[str, Any], state: Dict[str, Any], extensions: Dict[str, Any]
) -> Dict[str, Any]:
    if tls.MARK in environ:
        extensions["tls"] = tls.extension(environ)
    get = environ.get
    root, path = get("SCRIPT_NAME", ""), get("PATH_INFO", "")
    if root:
        path = root + path
        root = _decoded(root)
    if not path.isascii():
        path = _decoded(path)
    uri, protocol = get("REQUEST_URI", ""), get("SERVER_PROTOCOL", "")
    name, port = get("SERVER_NAME", ""), get("SERVER_PORT", "")
    address, client_port = get("REMOTE_ADDR", ""), get("REMOTE_PORT", "")
    scope = {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": "2.5"},
        "http_version": _VERSIONS.get(protocol) or _version(protocol),
        "path": path,
        "raw_path": uri.encode("latin-1") if uri[:1] == "/" and "?" not in uri else _raw_path(uri, path),
        "query_string": get("QUERY_STRING", "").encode("latin-1"),
        "root_path": root,
        "headers": environ.pop(FIELDS, None) or _fields(environ),
        "server": (name, int(port)) if port.isdigit() else (name, None) if name else None,
        "client": (address, int(client_port) if client_port.isdigit() else 0) if address else None,
        "state": state.copy(),
        "extensions": extensions,
    }
    if KEY in environ:
        scope[KEY] = environ[KEY]
    return scope


def _decoded(text: str) -> str:
    return text.encode("latin-1").decode("utf-8", "replace")


def _version(protocol: str) -> str:
    version = protocol[5:] if protocol.startswith("HTTP/") else "1.1"
    return version[:-2] if version in ("2.0", "3.0") else version


def _raw_path(uri: str, path: str) -> bytes:
    """The path as the client has sent it, without what it asks for."""
    if not uri.startswith("/"):
        # http://host/path, or nothing
        _, found, rest = uri.partition("://")
        slash = rest.find("/")
        if not found or slash < 0:
            return quote(path).encode("ascii")
        uri = rest[slash:]
    return uri.partition("?")[0].encode("latin-1")


def _fields(environ: Dict[str, str]) -> Fields:
    """The fields that variables are made of."""
    fields: Fields = []
    names = _names
    for key, value in environ.items():
        name = names.get(key)
        if name is None:
            if not key.startswith(_PREFIX):
                continue
            name = key[len(_PREFIX) :].replace("_", "-").lower().encode("latin-1")
            if len(names) < _MOST_NAMES:
                names[key] = name
        if name == b"host":
            fields.insert(0, (name, value.encode("latin-1")))
        elif value or key not in _VARIABLES:
            # What a proxy gives for a field that isn't there is empty.
            fields.append((name, value.encode("latin-1")))
    return fields
