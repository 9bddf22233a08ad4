"""Reads a body, if there is one, and writes a line to `wsgi.errors` at /line."""


def application(environ, start_response):
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length:
        environ["wsgi.input"].read(length)
    if environ["PATH_INFO"] == "/line":
        environ["wsgi.errors"].write("192.0.2.1 - somebody asked for a page of ours, and got it\n")
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "12")])
    return [b"Hello world!"]
