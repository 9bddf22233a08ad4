from werkzeug.wrappers import Request, Response


def application(environ, start_response):
    request = Request(environ)
    response = Response("Hello %s!" % request.args.get("name", "World!"))
    return response(environ, start_response)
