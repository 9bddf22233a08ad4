"""What an ASGI application is, and its scopes; what it sends and receives is tested with a server (AsgiTest)."""

from __future__ import annotations

import functools
import sys
import unittest
from typing import Any, Dict

import surroundings  # noqa: F401  (the package's place)
from loomgate_worker.asgi import recognition, scope


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    pass


async def asgi_with_more(scope: Any, receive: Any, send: Any, more: int = 0) -> None:
    pass


async def wsgi_coroutine(environ: Any, start_response: Any) -> Any:
    pass


async def wsgi_coroutine_with_more(environ: Any, start_response: Any, more: int = 0) -> Any:
    pass


async def of_three(first: Any, second: Any, third: Any) -> Any:
    pass


@functools.wraps(wsgi_coroutine)
async def wrapping_wsgi(*args: Any, **kwargs: Any) -> Any:
    pass


@functools.wraps(asgi)
async def wrapping_asgi(*args: Any, **kwargs: Any) -> Any:
    pass


async def of_any(*args: Any) -> Any:
    pass


def wsgi(environ: Any, start_response: Any) -> Any:
    pass


class Route:
    def __init__(self, path: Any) -> None:
        self.path = path


class Instance:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        pass

    async def method(self, scope: Any, receive: Any, send: Any) -> None:
        pass


class WsgiInstance:
    def __call__(self, environ: Any, start_response: Any) -> Any:
        pass


class WsgiCoroutineInstance:
    async def __call__(self, environ: Any, start_response: Any) -> Any:
        pass

    async def method(self, environ: Any, start_response: Any) -> Any:
        pass


class OfTwo:
    def __init__(self, scope: Any) -> None:
        pass

    async def __call__(self, receive: Any, send: Any) -> None:
        pass


class Recognition(unittest.TestCase):
    def test_asgi(self) -> None:
        bound = functools.partial(asgi_with_more, more=1)
        known = (asgi, asgi_with_more, Instance(), Instance().method, OfTwo, bound, wrapping_asgi, of_any)
        for application in known:
            with self.subTest(application):
                self.assertIsNotNone(recognition.asgi(application))
                self.assertFalse(recognition.is_coroutine_of_wsgi(application))

    def test_wsgi(self) -> None:
        for application in (wsgi, WsgiInstance(), WsgiInstance, Instance, WsgiCoroutineInstance, len, 1):
            with self.subTest(application):
                self.assertIsNone(recognition.asgi(application))
                self.assertFalse(recognition.is_coroutine_of_wsgi(application))

    def test_coroutines_of_wsgi(self) -> None:
        partials = (
            functools.partial(of_three, 1),
            functools.partial(of_three, third=1),
            functools.partial(functools.partial(wsgi_coroutine_with_more, more=1)),
        )
        instance = WsgiCoroutineInstance()
        functions = (wsgi_coroutine, wsgi_coroutine_with_more, wrapping_wsgi, instance.method)
        for application in (*functions, instance, *partials):
            with self.subTest(application):
                self.assertTrue(recognition.is_coroutine_of_wsgi(application))
                self.assertIsNone(recognition.asgi(application))


class Scopes(unittest.TestCase):
    def http(self, **variables: str) -> Dict[str, Any]:
        environ = {
            "REQUEST_METHOD": "GET",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REQUEST_URI": "/",
            "PATH_INFO": "/",
        }
        environ.update(variables)
        return scope.http(environ, {})

    def test_paths(self) -> None:
        made = self.http(
            SCRIPT_NAME="/a", PATH_INFO="/\xc3\xa4 b/", REQUEST_URI="/a/%C3%A4%20b/?q", QUERY_STRING="q"
        )
        self.assertEqual(made["path"], "/a/\xe4 b/")
        self.assertEqual(made["root_path"], "/a")
        self.assertEqual(made["raw_path"], b"/a/%C3%A4%20b/")
        self.assertEqual(made["query_string"], b"q")

    def test_bytes_that_are_no_utf8(self) -> None:
        self.assertEqual(self.http(PATH_INFO="/\xc0")["path"], "/\ufffd")

    def test_raw_path_of_other_forms(self) -> None:
        self.assertEqual(self.http(REQUEST_URI="http://host/p%20q?x")["raw_path"], b"/p%20q")
        self.assertEqual(self.http(REQUEST_URI="http://host")["raw_path"], b"/")
        self.assertEqual(self.http(REQUEST_URI="*", PATH_INFO="/p q")["raw_path"], b"/p%20q")

    def test_fields(self) -> None:
        made = self.http(HTTP_ACCEPT_X="1", CONTENT_TYPE="", CONTENT_LENGTH="3", HTTP_HOST="h", HTTP_EMPTY="")
        self.assertEqual(
            made["headers"],
            [(b"host", b"h"), (b"accept-x", b"1"), (b"content-length", b"3"), (b"empty", b"")],
        )

    def test_versions(self) -> None:
        for protocol, version in (
            ("HTTP/1.0", "1.0"),
            ("HTTP/1.1", "1.1"),
            ("HTTP/2.0", "2"),
            ("HTTP/3", "3"),
        ):
            self.assertEqual(self.http(SERVER_PROTOCOL=protocol)["http_version"], version)

    def test_peers(self) -> None:
        made = self.http(SERVER_NAME="s", SERVER_PORT="80", REMOTE_ADDR="::1", REMOTE_PORT="5")
        self.assertEqual(made["server"], ("s", 80))
        self.assertEqual(made["client"], ("::1", 5))
        made = self.http(SERVER_NAME="", REMOTE_ADDR="")
        self.assertIsNone(made["server"])
        self.assertIsNone(made["client"])

    def test_tls(self) -> None:
        self.assertNotIn("tls", self.http()["extensions"])
        with_certificate = {
            "SSL_PROTOCOL": "TLSv1.2",
            "SSL_CIPHER": "ECDHE-RSA-AES128-GCM-SHA256",
            "SSL_CLIENT_CERT": "-----BEGIN",
            "SSL_CLIENT_S_DN": "CN=ann",
        }
        self.assertEqual(
            self.http(**with_certificate)["extensions"]["tls"],
            {
                "server_cert": None,
                "client_cert_chain": ["-----BEGIN"],
                "client_cert_name": "CN=ann",
                "client_cert_error": None,
                "tls_version": 0x0303,
                "cipher_suite": 0xC02F,
            },
        )
        # What isn't known, and no certificate.
        environ = {"SSL_PROTOCOL": "TLSv2", "SSL_CIPHER": "NEW", "SSL_CLIENT_CERT": "", "PATH_INFO": "/"}
        told = scope.websocket(environ, {})["extensions"]["tls"]
        self.assertEqual((told["tls_version"], told["cipher_suite"]), (None, None))
        self.assertEqual((told["client_cert_chain"], told["client_cert_name"]), ([], None))

    def test_websocket(self) -> None:
        environ = {"wsgi.url_scheme": "https", "HTTP_SEC_WEBSOCKET_PROTOCOL": "a, b", "PATH_INFO": "/"}
        made = scope.websocket(environ, {})
        self.assertEqual(
            (made["type"], made["scheme"], made["subprotocols"]), ("websocket", "wss", ["a", "b"])
        )
        self.assertNotIn("method", made)

    def test_route(self) -> None:
        self.assertIsNone(scope.route({}))
        self.assertIsNone(scope.route({"route": None, "path_template": None}))
        self.assertIsNone(scope.route({"route": Route(b"/bytes")}))
        self.assertEqual(
            scope.route({"route": Route("/user/{id}"), "root_path": "/of/a/proxy"}), "/user/{id}"
        )
        self.assertEqual(scope.route({"path_template": "/user/{id:int}"}), "/user/{id:int}")
        mounted = {"route": Route("/user/{id:int}"), "app_root_path": "/proxy", "root_path": "/proxy/shop"}
        self.assertEqual(scope.route({**mounted, "path_params": {"id": 7}}), "/shop/user/{id:int}")
        # A mount with a parameter: its path is no template.
        self.assertEqual(scope.route({**mounted, "path_params": {"i": "x", "id": 7}}), "/user/{id:int}")


if __name__ == "__main__":
    sys.exit(unittest.main())
