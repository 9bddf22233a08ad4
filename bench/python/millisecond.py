"""A program that takes a millisecond of Python: a fixed number of steps, so that every server does the same work."""

STEPS = 25_000


def application(environ, start_response):
    sum_so_far = 0
    for step in range(STEPS):
        sum_so_far = (sum_so_far * 31 + step) & 0xFFFFFFFF
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "12")])
    return [b"Hello world!"]
