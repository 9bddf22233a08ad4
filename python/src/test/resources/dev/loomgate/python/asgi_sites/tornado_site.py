"""The same of Tornado: handlers with coroutines and without, and the chat of its documents with a WebSocketHandler."""

import os

import tornado.escape
import tornado.gen
import tornado.ioloop
import tornado.web
import tornado.websocket

done = []


class Hello(tornado.web.RequestHandler):
    def get(self, name):
        words = ["hello", name] * (2 if self.get_argument("twice", "") == "true" else 1)
        self.write({"text": " ".join(words), "who": self.request.headers.get("X-User", "nobody")})


class Blocking(tornado.web.RequestHandler):
    async def get(self):
        self.write(await tornado.ioloop.IOLoop.current().run_in_executor(None, lambda: {"thread": True}))


class Json(tornado.web.RequestHandler):
    def post(self):
        item = tornado.escape.json_decode(self.request.body)
        self.write({"name": item["name"], "price": item["price"]})


class Form(tornado.web.RequestHandler):
    def post(self):
        file = self.request.files["file"][0]
        self.write({"name": self.get_argument("name"), "file": file.filename, "bytes": len(file.body)})


class Missing(tornado.web.RequestHandler):
    def get(self):
        raise tornado.web.HTTPError(404, "not here")


class Broken(tornado.web.RequestHandler):
    def get(self):
        raise ValueError("as it was told")


class Background(tornado.web.RequestHandler):
    def get(self):
        self.write({"done": list(done)})

    def on_finish(self):
        tornado.ioloop.IOLoop.current().add_callback(done.append, "done")


class Stream(tornado.web.RequestHandler):
    @tornado.gen.coroutine
    def get(self):
        self.set_header("Content-Type", "text/plain")
        for number in range(100):
            self.write(f"{number}\n")
            yield self.flush()


class Chat(tornado.websocket.WebSocketHandler):
    room = set()

    def open(self):
        self.room.add(self)

    def on_message(self, message):
        for each in self.room:
            each.write_message(message)

    def on_close(self):
        self.room.remove(self)


class File(tornado.web.StaticFileHandler):
    def get_content_type(self):
        return "text/plain"


application = tornado.web.Application(
    [
        (r"/hello/(.+)", Hello),
        (r"/blocking", Blocking),
        (r"/json", Json),
        (r"/form", Form),
        (r"/missing", Missing),
        (r"/broken", Broken),
        (r"/background", Background),
        (r"/stream", Stream),
        (r"/chat", Chat),
        (r"/file()", File, {"path": __file__}),
    ]
)
