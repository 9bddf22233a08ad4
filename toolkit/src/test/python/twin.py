"""The routes of TwinApplication.java, in Flask: serves them on a free port, and prints its number."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import flask
from werkzeug.serving import WSGIRequestHandler, make_server

app = flask.Flask(__name__, static_folder=None)
TIME = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.timezone.utc)


def text(content: str, status: int = 200) -> flask.Response:
    return flask.Response(content, status, mimetype="text/plain")


@app.route("/")
def index() -> str:
    return "<h1>Hello world!</h1>"


@app.route("/user")
def user() -> flask.Response:
    return text(f"Hello {flask.request.args.get('name', 'World!')}!")


@app.route("/items/<int:number>", methods=["GET", "PUT", "DELETE"])
def item(number: int) -> flask.Response:
    if flask.request.method == "DELETE":
        return flask.Response(status=204)
    return text(f"{'PUT' if flask.request.method == 'PUT' else 'GET'} {number}")


@app.route("/items/", methods=["GET", "POST"])
def items() -> flask.Response:
    if flask.request.method == "POST":
        response = text("created", 201)
        response.headers["Location"] = "/items/7"
        return response
    return text("all items")


@app.route("/files/<path:name>")
def file(name: str) -> flask.Response:
    return text(f"file {name}")


@app.route("/price/<float:price>")
def price(price: float) -> flask.Response:
    return text(f"price {price}")


@app.route("/uuid/<uuid:key>")
def key(key: uuid.UUID) -> flask.Response:
    return text(f"key {key}")


@app.route("/pick/<any(red, green):colour>/<string(length=2):code>")
def pick(colour: str, code: str) -> flask.Response:
    return text(f"{colour} {code}")


@app.route("/redirect/<int:code>")
def redirect(code: int) -> Any:
    return flask.redirect("/user?name=ä b", code)


@app.route("/form", methods=["POST"])
def form() -> flask.Response:
    return text("".join(f"{name}={value};" for name, value in flask.request.form.items(multi=True)))


@app.route("/upload", methods=["POST"])
def upload() -> flask.Response:
    files = flask.request.files.items(multi=True)
    return text("".join(f"{name} {one.filename} {one.mimetype} {len(one.read())};" for name, one in files))


@app.route("/json", methods=["POST"])
def json() -> flask.Response:
    value: Any = flask.request.get_json()
    return text(str(value["a"]))


@app.route("/cookies")
def cookies() -> flask.Response:
    return text("".join(f"{name}={value};" for name, value in flask.request.cookies.items()))


@app.route("/cookies/<name>/<value>")
def cookie(name: str, value: str) -> flask.Response:
    response = text("set")
    response.set_cookie(name, value, max_age=60, httponly=True, samesite="Lax")
    return response


@app.route("/error/<int:code>")
def error(code: int) -> Any:
    flask.abort(code)


@app.route("/versioned")
def versioned() -> Any:
    response = text("0123456789")
    response.set_etag("v1")
    response.last_modified = TIME
    return response.make_conditional(flask.request, accept_ranges=True, complete_length=10)


@app.route("/stream")
def stream() -> flask.Response:
    return flask.Response((f"line {i}\n" for i in range(3)), mimetype="text/plain")


@app.route("/args")
def args() -> flask.Response:
    return text("".join(f"{name}={value};" for name, value in flask.request.args.items(multi=True)))


@app.route("/accept")
def accept() -> flask.Response:
    best = flask.request.accept_mimetypes.best_match(["text/html", "application/json", "text/plain"])
    return text(str(best or "nothing"))


@app.route("/who")
def who() -> Any:
    authorization = flask.request.authorization
    if authorization is None or authorization.password != "secret":
        response = text("who?", 401)
        response.headers["WWW-Authenticate"] = 'Basic realm="twin"'
        return response
    return text(f"you are {authorization.username}")


class Silent(WSGIRequestHandler):
    def log(self, *args: Any, **kwargs: Any) -> None:
        pass


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    print(server.server_port, flush=True)
    server.serve_forever()
