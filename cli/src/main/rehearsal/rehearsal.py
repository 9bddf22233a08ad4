"""The Python program of the rehearsal, which ./loomgate runs once after a build: each kind of body."""


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/octet-stream")])
    if environ["PATH_INFO"] == "/stream":
        return (b"line\n" for _ in range(10))
    if environ["PATH_INFO"] == "/body":
        return [environ["wsgi.input"].read()]
    return [b"Hello world!\n"]
