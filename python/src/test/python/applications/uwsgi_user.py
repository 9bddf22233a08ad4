"""Applications that use the `uwsgi` module: the query is an expression."""

import time

import uwsgi

IMPORTED = (uwsgi.version, uwsgi.numproc, uwsgi.opt, uwsgi.worker_id())
try:
    uwsgi.cache_get("x")
except RuntimeError as e:
    EARLY = str(e)


def application(environ, start_response):
    found = eval(environ["QUERY_STRING"], globals())
    start_response("200 OK", [])
    return [repr(found).encode()]


def said(call, *arguments):
    try:
        return call(*arguments)
    except Exception as e:
        return "%s: %s" % (type(e).__name__, e)


def waits():
    start = time.monotonic()
    uwsgi.async_sleep(0.01)
    return time.monotonic() - start >= 0.01, uwsgi.suspend(), uwsgi.green_schedule()


def threads_lock():
    """Two threads: one holds a lock that the other waits for, and makes a call meanwhile."""
    import threading

    uwsgi.lock(1)
    other = threading.Thread(target=lambda: (uwsgi.lock(1), uwsgi.unlock(1)))
    other.start()
    found = uwsgi.cache_get("x")
    uwsgi.unlock(1)
    other.join()
    return found
