#!/usr/bin/env python3
"""Runs Tornado's own tests of handlers, routing and WebSockets against our adapter.

    VENV/bin/python python/src/test/suites/tornado_suites.py

VENV has a current tornado, which brings its tests, and uvicorn with websockets. The tests look into their applications, so these must
be in the tests' own process: the adapter runs there under uvicorn, in the place of Tornado's HTTPServer. What our server makes of
it is TornadoTest's matter. A test that fails and isn't in MISSES makes the exit status 1.
"""

import logging
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "main" / "python"))

import tornado.testing  # noqa: E402
import uvicorn  # noqa: E402

from loomgate_worker.tornado.adapter import Adapter  # noqa: E402

MODULES = ["web_test", "routing_test", "websocket_test"]

MISSES = {
    "test_status": "a reason of its own: ASGI has none, and neither has HTTP/2",
    "test_reason_xss": "the same",
    "test_header_injection": "the same",
    "test_raise_with_reason": "the same",
    "test_flow_control_fixed_body": "wants chunk_size of HTTPServer, which isn't there",
    "test_flow_control_compressed_body": "the same, and decompress_request",
    "test_flow_control_chunked_body": "the same",
    "test_early_return": "wants the connection closed after an answer ahead of the body: uvicorn's matter here, the server's elsewhere",
    "test_early_return_with_data": "the same",
    "test_server_ping": "wants pings from the handler: the server sends them",
    "test_client_ping": "wants on_ping",
    "test_manual_ping": "wants ping() and on_pong",
    "test_message_sizes": "wants the wire's bytes without compression, which uvicorn offers",
    "test_bad_websocket_version": "wants 426, for which websockets has 400; our server has 426",
}


class Server:
    """In the place of a tornado.httpserver.HTTPServer."""

    def __init__(self, test):
        self._loop = test.io_loop.asyncio_loop
        config = uvicorn.Config(
            Adapter(test._app),
            lifespan="off",
            log_config=None,
            http="h11",  # httptools knows no method OTHER
            ws="websockets",
            timeout_graceful_shutdown=1,
        )
        config.load()
        self._server = uvicorn.Server(config)
        self._server.lifespan = config.lifespan_class(config)

    def add_sockets(self, sockets):
        self._sockets = sockets
        self._loop.run_until_complete(self._server.startup(sockets=sockets))

    def stop(self):
        pass

    async def close_all_connections(self):
        await self._server.shutdown(sockets=self._sockets)


def main():
    tornado.testing.AsyncHTTPTestCase.get_http_server = lambda test: Server(test)
    for name in ("tornado.access", "uvicorn"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    suite = unittest.defaultTestLoader.loadTestsFromNames([f"tornado.test.{name}" for name in MODULES])
    result = unittest.TextTestRunner(verbosity=0).run(suite)
    failed = [test.id().rpartition(".")[2] for test, _ in result.failures + result.errors]
    for name in failed:
        print(f"{name}: {MISSES.get(name, 'NOT KNOWN')}")
    print(
        f"{result.testsRun - len(failed) - len(result.skipped)} of {result.testsRun}, {len(result.skipped)} skipped"
    )
    return int(not MISSES.keys() >= set(failed))


if __name__ == "__main__":
    sys.exit(main())
