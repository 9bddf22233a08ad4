"""An import that leaves a thread behind, which goes on calling."""

import threading
import time

import uwsgi


def call():
    while True:
        uwsgi.cache_get("x")
        time.sleep(0.001)


threading.Thread(target=call, daemon=True).start()


def application(environ, start_response):
    start_response("200 OK", [])
    return [b"served"]
