"""A Flask site in one file: a session, a form upload, and rows in SQLite (in the file SITE_DATABASE)."""
from __future__ import annotations

import os
import sqlite3
from hashlib import sha256
from importlib.metadata import version
from typing import Any, Iterator

from flask import (
    Flask,
    Response,
    abort,
    g,
    jsonify,
    redirect,
    render_template_string,
    request,
    session,
    url_for,
)

application = Flask(__name__)
application.secret_key = "only for tests"
DATABASE = os.environ["SITE_DATABASE"]

with sqlite3.connect(DATABASE) as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    connection.execute("CREATE TABLE IF NOT EXISTS uploads (name TEXT, size INTEGER, sha256 TEXT)")


def database() -> sqlite3.Connection:
    if "database" not in g:
        g.database = sqlite3.connect(DATABASE, timeout=20)
    opened: sqlite3.Connection = g.database
    return opened


@application.teardown_appcontext
def close_database(_: Any) -> None:
    if "database" in g:
        g.pop("database").close()


@application.get("/")
def index() -> str:
    return render_template_string("<h1>Hello {{ name }}</h1>\n", name=session.get("name", "<stranger>"))


@application.post("/login")
def login() -> Any:
    session["name"] = request.form["name"]
    session["logins"] = session.get("logins", 0) + 1
    return redirect(url_for("counter"))


@application.get("/counter")
def counter() -> Any:
    return jsonify(name=session.get("name"), logins=session.get("logins", 0))


@application.post("/logout")
def logout() -> Any:
    session.clear()
    return redirect(url_for("index"))


@application.post("/upload")
def upload() -> Any:
    file = request.files["file"]
    content = file.read()
    row = (file.filename, len(content), sha256(content).hexdigest())
    with database() as connection:
        connection.execute("INSERT INTO uploads VALUES (?, ?, ?)", row)
    return jsonify(name=row[0], size=row[1], sha256=row[2], comment=request.form["comment"])


@application.get("/uploads")
def uploads() -> Any:
    return jsonify(database().execute("SELECT name, size, sha256 FROM uploads").fetchall())


@application.route("/notes", methods=["GET", "POST"])
def notes() -> Any:
    if request.method == "POST":
        note: Any = request.get_json()
        with database() as connection:
            connection.execute("INSERT INTO notes (text) VALUES (?)", (note["text"],))
        return jsonify(created=True), 201
    return jsonify([text for (text,) in database().execute("SELECT text FROM notes ORDER BY id")])


@application.get("/stream")
def stream() -> Response:
    def lines() -> Iterator[str]:
        for number in range(100):
            yield f"line {number}\n"

    return Response(lines(), mimetype="text/plain")


@application.get("/file")
def file() -> Any:
    from flask import send_file

    return send_file(__file__, mimetype="text/plain", etag=False, last_modified=1)


@application.get("/fail")
def fail() -> str:
    raise RuntimeError("failed on purpose")


@application.get("/release")
def release() -> str:
    return version("flask")


@application.get("/forbidden")
def forbidden() -> str:
    abort(403)
