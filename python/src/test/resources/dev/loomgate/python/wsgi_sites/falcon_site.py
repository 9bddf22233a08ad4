"""A shop of Falcon: resources, media and multipart handlers, a middleware, its errors as JSON."""

import os

import falcon

HERE = os.path.dirname(os.path.abspath(__file__))


class Users:
    """A middleware: who is logged in."""

    def process_request(self, request, response):
        request.context.user = request.get_cookie_values("user")


class Hello:
    def on_get(self, request, response, name):
        words = ["hello", name] * (2 if request.get_param_as_bool("twice") else 1)
        response.text = f"{' '.join(words)}, {request.get_header('X-User', default='nobody')}"
        response.content_type = falcon.MEDIA_TEXT


class Json:
    def on_post(self, request, response):
        item = request.get_media()
        response.media = {"name": item["name"], "price": item["price"]}


class Form:
    def on_post(self, request, response):
        said = {}
        for part in request.get_media():
            said[part.name] = f"{part.filename} with {len(part.data)} bytes" if part.filename else part.text
        response.text = f"{said['name']}: {said['file']}"


class Login:
    def on_post(self, request, response):
        response.set_cookie("user", request.get_media()["user"], secure=False, max_age=3600)
        raise falcon.HTTPSeeOther(request.prefix + "/me", headers=response.headers)


class Me:
    def on_get(self, request, response):
        if not request.context.user:
            raise falcon.HTTPForbidden(title="log in first")
        response.text = request.context.user[0]


class Link:
    def on_get(self, request, response):
        response.text = request.prefix + "/hello/Ann?twice=true"


class File:
    def on_get(self, request, response):
        path = os.path.join(HERE, "big.bin")
        response.content_type = "application/octet-stream"
        response.set_stream(open(path, "rb"), os.path.getsize(path))


class Stream:
    def on_get(self, request, response):
        response.content_type = falcon.MEDIA_TEXT
        response.stream = (f"{number}\n".encode() for number in range(100))


class Broken:
    def on_get(self, request, response):
        raise ValueError("as it was told")


def not_found(request, response):
    response.status = falcon.HTTP_404
    response.text = f"Nothing here: {request.path}"


application = falcon.App(middleware=[Users()])
application.req_options.media_handlers[
    "application/x-www-form-urlencoded"
] = falcon.media.URLEncodedFormHandler()
for route, resource in {
    "/hello/{name}": Hello(),
    "/json": Json(),
    "/form": Form(),
    "/login": Login(),
    "/me": Me(),
    "/link": Link(),
    "/file": File(),
    "/stream": Stream(),
    "/broken": Broken(),
}.items():
    application.add_route(route, resource)
application.add_static_route("/static", HERE)
application.add_sink(not_found)
