"""A shop of Pyramid: routes, a tree of resources that is traversed, sessions in signed cookies, views for what goes wrong."""

import os

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPForbidden, HTTPSeeOther
from pyramid.response import FileResponse, Response
from pyramid.session import SignedCookieSessionFactory

HERE = os.path.dirname(os.path.abspath(__file__))


class Person:
    def __init__(self, parent, name):
        self.__parent__, self.__name__ = parent, name


class People:
    """The root of what is traversed: /hello/NAME."""

    __name__, __parent__ = "hello", None

    def __init__(self, request):
        pass

    def __getitem__(self, name):
        return Person(self, name)


def hello(person, request):
    words = ["hello", person.__name__] * (2 if request.GET.get("twice") == "true" else 1)
    return f"{' '.join(words)}, {request.headers.get('X-User', 'nobody')}"


def json(request):
    item = request.json_body
    return {"name": item["name"], "price": item["price"]}


def form(request):
    file = request.POST["file"]
    return f"{request.POST['name']}: {file.filename} with {len(file.file.read())} bytes"


def login(request):
    request.session["user"] = request.POST["user"]
    return HTTPSeeOther(request.route_url("me"))


def me(request):
    if "user" not in request.session:
        raise HTTPForbidden("log in first")
    return request.session["user"]


def link(request):
    return request.route_url("hello", traverse=("Ann",), _query={"twice": "true"})


def file(request):
    return FileResponse(os.path.join(HERE, "big.bin"), request, content_type="application/octet-stream")


def stream(request):
    return Response(app_iter=(f"{number}\n".encode() for number in range(100)), content_type="text/plain")


def broken(request):
    raise ValueError("as it was told")


def not_found(request):
    request.response.status = 404
    return f"Nothing here: {request.path}"


def failed(error, request):
    request.response.status = 400 if request.path == "/json" else 500
    return f"This has failed: {error}"


# A cookie that is a second old would be set again.
with Configurator(session_factory=SignedCookieSessionFactory("of the test", reissue_time=None)) as config:
    config.add_route("hello", "/hello/*traverse", factory=People)
    config.add_view(hello, route_name="hello", context=Person, renderer="string", request_method="GET")
    for view, renderer in (
        (json, "json"),
        (form, "string"),
        (login, None),
        (me, "string"),
        (link, "string"),
        (file, None),
        (stream, None),
        (broken, None),
    ):
        config.add_route(view.__name__, f"/{view.__name__}")
        config.add_view(view, route_name=view.__name__, renderer=renderer)
    config.add_static_view("static", HERE)
    config.add_notfound_view(not_found, renderer="string")
    config.add_exception_view(failed, renderer="string")
    application = config.make_wsgi_app()
