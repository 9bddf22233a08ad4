"""A shop of Bottle: templates, a signed cookie, its files through `wsgi.file_wrapper`."""

import os

from bottle import Bottle, HTTPError, redirect, request, response, static_file, template

HERE = os.path.dirname(os.path.abspath(__file__))
SECRET = "of the test"

application = Bottle()


@application.get("/hello/<name>", name="hello")
def hello(name):
    words = ["hello", name] * (2 if request.query.get("twice") == "true" else 1)
    user = request.get_header("X-User", "nobody")
    return template("{{words}}, {{user}}", words=" ".join(words), user=user)


@application.post("/json")
def json():
    return {"name": request.json["name"], "price": request.json["price"]}


@application.post("/form")
def form():
    file = request.files.get("file")
    return f"{request.forms.get('name')}: {file.filename} with {len(file.file.read())} bytes"


@application.post("/login")
def login():
    response.set_cookie("user", request.forms.get("user"), secret=SECRET)
    redirect("/me", 303)


@application.get("/me")
def me():
    user = request.get_cookie("user", secret=SECRET)
    if not user:
        raise HTTPError(403, "log in first")
    return user


@application.get("/link")
def link():
    scheme, host = request.urlparts[:2]
    return f"{scheme}://{host}{application.get_url('hello', name='Ann', twice='true')}"


@application.get("/file")
def file():
    return static_file("big.bin", root=HERE, mimetype="application/octet-stream")


@application.get("/stream")
def stream():
    response.content_type = "text/plain"
    for number in range(100):
        yield f"{number}\n"


@application.get("/broken")
def broken():
    raise ValueError("as it was told")


@application.error(404)
def not_found(error):
    return f"<h1>Nothing here: {error.status_line}</h1>"
