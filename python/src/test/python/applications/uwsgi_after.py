"""What uWSGI's own programs do beside PEP 3333: a hook behind each request, None for a chunk, a status alone, uwsgi.sendfile."""

import os
import tempfile

import uwsgi

AFTER = []


def hook():
    AFTER.append(uwsgi.total_requests())
    print("after request", len(AFTER), flush=True)
    if len(AFTER) == 1:
        raise ValueError("deliberately, after a request")


uwsgi.after_req_hook = hook


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/none":
        start_response("200", [])
        return nones()
    start_response(environ["QUERY_STRING"] or "200 OK", [])
    if path == "/sendfile":
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"0123456789" * 20000)
            file.flush()
            uwsgi.log_this_request()
            uwsgi.sendfile("/no/such/file")
            uwsgi.sendfile(file.name)
            uwsgi.sendfile(file, 0, 3, 4)
            return uwsgi.sendfile(os.open(file.name, os.O_RDONLY), 0, 199998)
    return [repr(AFTER).encode()]


def nones():
    yield None
    yield b"part"
    yield None
