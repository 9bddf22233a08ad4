"""A shop of CherryPy, deployed as its documents do under uWSGI: a tree of objects, its tools for sessions, JSON and files."""

import os

import cherrypy
from cherrypy.lib.static import serve_file

HERE = os.path.dirname(os.path.abspath(__file__))
SESSIONS = os.path.join(HERE, "sessions")
os.makedirs(SESSIONS, exist_ok=True)


def not_found(status, message, traceback, version):
    return f"<h1>Nothing here: {status}</h1>"


@cherrypy.popargs("name")
class Hello:
    @cherrypy.expose
    @cherrypy.tools.allow(methods=["GET", "HEAD"])
    def index(self, name, twice=""):
        words = ["hello", name] * (2 if twice == "true" else 1)
        return f"{' '.join(words)}, {cherrypy.request.headers.get('X-User', 'nobody')}"


class Shop:
    hello = Hello()

    @cherrypy.expose
    @cherrypy.tools.json_in()
    @cherrypy.tools.json_out()
    def json(self):
        item = cherrypy.request.json
        return {"name": item["name"], "price": item["price"]}

    @cherrypy.expose
    def form(self, name, file):
        return f"{name}: {file.filename} with {len(file.file.read())} bytes"

    @cherrypy.expose
    def login(self, user):
        cherrypy.session["user"] = user
        raise cherrypy.HTTPRedirect(cherrypy.url("/me"), 303)

    @cherrypy.expose
    def me(self):
        if "user" not in cherrypy.session:
            raise cherrypy.HTTPError(403, "log in first")
        return cherrypy.session["user"]

    @cherrypy.expose
    def link(self):
        return cherrypy.url("/hello/Ann", qs={"twice": "true"})

    @cherrypy.expose
    def file(self):
        return serve_file(os.path.join(HERE, "big.bin"), "application/octet-stream")

    @cherrypy.expose
    @cherrypy.config(**{"response.stream": True})
    def stream(self):
        cherrypy.response.headers["Content-Type"] = "text/plain"
        return (f"{number}\n".encode() for number in range(100))

    @cherrypy.expose
    def broken(self):
        raise ValueError("as it was told")


cherrypy.config.update({"environment": "embedded", "engine.autoreload.on": False, "log.screen": False})
cherrypy.server.unsubscribe()
cherrypy.engine.start()
application = cherrypy.tree.mount(
    Shop(),
    "/",
    {
        "/": {
            "error_page.404": not_found,
            "tools.sessions.on": True,
            "tools.sessions.storage_class": cherrypy.lib.sessions.FileSession,
            "tools.sessions.storage_path": SESSIONS,
        },
        "/hello": {"tools.trailing_slash.on": False},
        "/file": {"tools.sessions.on": False},
        "/stream": {"tools.sessions.on": False},
    },
)
