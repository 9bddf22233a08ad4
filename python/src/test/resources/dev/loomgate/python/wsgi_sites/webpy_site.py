"""A shop of web.py: classes by patterns, its own forms, templates and sessions."""

import json as encoding
import os
import time

import web

HERE = os.path.dirname(os.path.abspath(__file__))
web.config.debug = False

urls = (
    "/hello/(.+)", "Hello",
    "/json", "Json",
    "/form", "Form",
    "/login", "Login",
    "/me", "Me",
    "/link", "Link",
    "/file", "File",
    "/stream", "Stream",
    "/broken", "Broken",
)  # fmt: skip

app = web.application(urls, globals())
session = web.session.Session(app, web.session.DiskStore(os.path.join(HERE, "sessions")))
# Or the first request removes old sessions, and fails where another thread has just moved one.
session._last_cleanup_time = time.time()
page = web.template.Template("$def with (words, user)\n$words, $user\n")
login_form = web.form.Form(web.form.Textbox("user", web.form.notnull))


class Hello:
    def GET(self, name):
        words = ["hello", name] * (2 if web.input(twice="").twice == "true" else 1)
        web.header("Content-Type", "text/html; charset=utf-8")
        return page(" ".join(words), web.ctx.env.get("HTTP_X_USER", "nobody"))


class Json:
    def POST(self):
        item = encoding.loads(web.data())
        web.header("Content-Type", "application/json")
        return encoding.dumps({"name": item["name"], "price": item["price"]})


class Form:
    def POST(self):
        given = web.input(file={})
        return f"{given.name}: {given.file.filename} with {len(given.file.file.read())} bytes"


class Login:
    def POST(self):
        form = login_form()
        if not form.validates():
            raise web.badrequest()
        session.user = form.d.user
        raise web.seeother("/me")


class Me:
    def GET(self):
        if "user" not in session:
            raise web.forbidden("log in first")
        return session.user


class Link:
    def GET(self):
        return web.ctx.home + web.url("/hello/Ann", twice="true")


class File:
    def GET(self):
        path = os.path.join(HERE, "big.bin")
        web.header("Content-Type", "application/octet-stream")
        web.header("Content-Length", str(os.path.getsize(path)))
        return web.ctx.env["wsgi.file_wrapper"](open(path, "rb"))


class Stream:
    def GET(self):
        web.header("Content-Type", "text/plain")
        for number in range(100):
            yield f"{number}\n"


class Broken:
    def GET(self):
        raise ValueError("as it was told")


app.notfound = lambda: web.notfound("<h1>Nothing here</h1>")
application = app.wsgifunc()
