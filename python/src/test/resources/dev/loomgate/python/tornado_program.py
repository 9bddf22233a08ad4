"""A Tornado application whose handlers do what their names say; what becomes of them goes to the file NOTES."""

import asyncio
import hashlib
import os

import tornado.iostream
import tornado.routing
import tornado.web
import tornado.websocket
from tornado.httputil import HTTPHeaders, ResponseStartLine

HERE = os.path.dirname(os.path.abspath(__file__))


def note(text):
    with open(os.environ["NOTES"], "a") as notes:
        notes.write(text + "\n")


class Request(tornado.web.RequestHandler):
    def get(self):
        request = self.request
        self.write(
            {
                "method": request.method,
                "uri": request.uri,
                "path": request.path,
                "version": request.version,
                "protocol": request.protocol,
                "host": request.host,
                "remote_ip": request.remote_ip,
                "full_url": request.full_url(),
                "two": request.headers.get_list("X-Two"),
                "arguments": self.get_arguments("a"),
                "reversed": self.reverse_url("item", "7 & 8"),
                "static": self.static_url("tornado_program.py"),
                "context": str(request.connection.context),
            }
        )


class Item(tornado.web.RequestHandler):
    def get(self, name):
        self.write(self.decode_argument(name))


class Login(tornado.web.RequestHandler):
    def get_current_user(self):
        return self.get_secure_cookie("user")

    @tornado.web.authenticated
    def get(self):
        self.write(self.current_user)

    def post(self):
        self.set_secure_cookie("user", self.get_body_argument("user"))
        self.set_cookie("seen", "yes")
        self.redirect(self.get_argument("next", "/login"))


class Upload(tornado.web.RequestHandler):
    """Counts as fast as it is told: `piece` bytes are read at a time, and the handler waits after each."""

    async def prepare(self):
        self.digest = hashlib.sha256()
        self.pieces = 0
        limit = self.get_query_argument("limit", "")
        if limit:
            self.request.connection.set_max_body_size(int(limit))
        if self.get_query_argument("timeout", ""):
            self.request.connection.set_body_timeout(0.2)
        await asyncio.sleep(0)
        if self.get_query_argument("refuse", ""):
            raise tornado.web.HTTPError(413)

    async def data_received(self, chunk):
        self.digest.update(chunk)
        self.pieces += 1
        await asyncio.sleep(0.001)

    def post(self):
        self.write({"sha256": self.digest.hexdigest(), "pieces": self.pieces > 2})

    def on_connection_close(self):
        note("upload: on_connection_close")
        super().on_connection_close()


Upload = tornado.web.stream_request_body(Upload)


class Endless(tornado.web.RequestHandler):
    async def get(self):
        sent = 0
        try:
            while True:
                self.write(b"x" * 65536)
                await self.flush()
                sent += 65536
                if sent % (1 << 20) == 0:
                    note(f"endless: {sent >> 20} MiB")
        except tornado.iostream.StreamClosedError:
            note(f"endless: StreamClosedError, {self.request.connection.stream.closed()}")


class Waits(tornado.web.RequestHandler):
    """Long polling: what there is goes at once, the rest when there is more to say."""

    def on_connection_close(self):
        note("waits: on_connection_close")
        self.gone.set()

    async def get(self):
        self.gone = asyncio.Event()
        self.write("so far nothing")
        await self.flush()
        note("waits: flushed")
        await self.gone.wait()


class Later(tornado.web.RequestHandler):
    async def get(self):
        self.finish("done")
        await asyncio.sleep(0.05)
        note("later: went on")


class Stuck(tornado.web.RequestHandler):
    async def get(self):
        try:
            await asyncio.Event().wait()
        finally:
            note("stuck: cancelled")


class Callback(tornado.web.RequestHandler):
    """It answers when its task has ended."""

    def get(self):
        self._auto_finish = False
        asyncio.get_event_loop().call_later(0.05, self.finish, "from a callback")


class FailsToInitialize(tornado.web.RequestHandler):
    def initialize(self):
        raise ValueError("in initialize()")


class Fails(tornado.web.RequestHandler):
    def get(self, how):
        if how == "status":
            raise tornado.web.HTTPError(int(self.get_argument("status")), reason="Not As It Was")
        self.write("some of it")
        if how == "late":
            self.flush()
        raise ValueError("as it was told")

    def post(self, length):
        """Says another length than it has."""
        self.set_header("Content-Length", length)
        self.write("four")

    def write_error(self, status_code, **how):
        self.finish(f"page of {status_code}")


class Talk(tornado.websocket.WebSocketHandler):
    async def prepare(self):
        await asyncio.sleep(0)
        if self.get_argument("deny", ""):
            raise tornado.web.HTTPError(401)
        self.set_cookie("seen", "yes")
        self.set_header("X-Path", self.request.path)

    def select_subprotocol(self, subprotocols):
        return "b" if "b" in subprotocols else None

    @property
    def max_message_size(self):
        return int(self.get_argument("size", "1000000"))

    async def open(self):
        await asyncio.sleep(0)
        note(f"talk: open, {self.selected_subprotocol}")
        try:
            self.set_status(503)
        except RuntimeError as e:
            note(f"talk: {e}")
        if self.get_argument("fail", ""):
            raise ValueError("in open()")

    async def on_message(self, message):
        if message == "close":
            self.close(4001, "as asked")
        elif message == "raise":
            raise ValueError("as it was told")
        elif message == "ping":
            self.ping(b"x")
            await self.write_message("pinged")
        elif message == "many":
            for number in range(1000):
                await self.write_message(f"{number} {'x' * 1000}")
        elif message == "json":
            self.write_message({"a": 1})
        else:
            await self.write_message(message, binary=isinstance(message, bytes))

    def on_close(self):
        note(f"talk: close {self.close_code} {self.close_reason}")
        try:
            self.write_message("too late")
        except tornado.websocket.WebSocketClosedError:
            note("talk: WebSocketClosedError")


application = tornado.web.Application(
    [
        (r"/request", Request),
        tornado.web.url(r"/item/(.*)", Item, name="item"),
        (r"/login", Login),
        (r"/upload", Upload),
        (r"/endless", Endless),
        (r"/waits", Waits),
        (r"/later", Later),
        (r"/stuck", Stuck),
        (r"/callback", Callback),
        (r"/initialize", FailsToInitialize),
        (r"/fails/(.*)", Fails),
        (r"/talk", Talk),
    ],
    static_path=HERE,
    cookie_secret="of the test",
    login_url="/login-page",
    compress_response=True,
)


class Delegate(tornado.httputil.HTTPMessageDelegate):
    """What answers without a handler, as Tornado's documents on routing have it."""

    def __init__(self, connection):
        self.connection = connection

    def finish(self):
        headers = HTTPHeaders({"Content-Type": "text/plain", "Content-Length": "8"})
        self.connection.write_headers(ResponseStartLine("HTTP/1.1", 200, "OK"), headers, b"from del")
        self.connection.write(b"")
        self.connection.finish()


class Own(tornado.routing.Router):
    def find_handler(self, request, **kwargs):
        return Delegate(request.connection)


router = tornado.routing.RuleRouter(
    [
        tornado.routing.Rule(tornado.routing.PathMatches("/own.*"), Own()),
        tornado.routing.Rule(tornado.routing.PathMatches("/item/.*"), application),
    ]
)


def make_app():
    return application
