"""The exception that ends a request in the application's code."""


class RequestCancelled(BaseException):
    """The request is over for the client: it has disconnected, or its time is over.

    Raised by `write()` and by reads of `wsgi.input`; in mode `asyncio` also thrown into a greenlet that waits. It is no
    `Exception`, so that an application's own `except Exception` doesn't take it for a failure of its own. An application
    may clean up and should let it pass; what it still returns is thrown away.
    """
