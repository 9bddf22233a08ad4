"""The functions of the `uwsgi` module: named, and called with the arguments, as in uWSGI 2.0."""

from __future__ import annotations

import os
from typing import Any, Callable, Dict, Optional, Union

from loomgate_worker import log
from loomgate_worker.calls import Calls
from loomgate_worker.exchange import Exchange
from loomgate_worker.runner import Runner
from loomgate_worker.uwsgi_waits import Waits

Text = Union[str, bytes]


class Api:
    """The public methods are the module's functions. Before a worker has begun, in the import, some of them can't work."""

    def __init__(self, processes: int) -> None:
        self._runner: Optional[Runner] = None
        self._calls: Optional[Calls] = None
        self._waits: Optional[Waits] = None
        self._slot = 0
        self._master = os.getppid()
        self._processes = processes
        self._ready_fd = -1

    def _attach(self, runner: Runner, calls: Calls, waits: Waits, slot: int) -> None:
        self._runner, self._calls, self._waits, self._slot = runner, calls, waits, slot

    # ---- who and where

    def worker_id(self) -> int:
        """1 to `numproc`; 0 during the import."""
        return self._slot

    def masterpid(self) -> int:
        """The process that the workers belong to: the JVM."""
        return self._master

    def mypid(self) -> int:
        return os.getpid()

    def total_requests(self) -> int:
        """The requests that this worker has begun. (uWSGI counts those of all workers.)"""
        return self._runner.served if self._runner is not None else 0

    def request_id(self) -> int:
        """The number of the current request in this worker."""
        return self.total_requests()

    def setprocname(self, name: str) -> None:
        """Does nothing: the JVM knows its workers by their numbers."""

    # ---- log

    def log(self, message: Text) -> bool:
        """A line in the server's log."""
        log.say(_text(message))
        return True

    def set_logvar(self, name: Text, value: Text) -> None:
        """A variable of the access log, for the current request."""
        exchange = self._exchange("set_logvar")
        if exchange.log_variables is None:
            exchange.log_variables = {}
        exchange.log_variables[_text(name)] = _text(value)

    def get_logvar(self, name: Text) -> Optional[bytes]:
        """What `set_logvar` has set; None if nothing."""
        value = (self._exchange("get_logvar").log_variables or {}).get(_text(name))
        return value.encode() if value is not None else None

    # ---- waiting

    def async_sleep(self, seconds: float) -> bytes:
        """Waits; in mode `asyncio` without holding up other requests. The value may be yielded, as uWSGI's."""
        self._waiting("async_sleep").sleep(seconds)
        return b""

    def wait_fd_read(self, fd: int, timeout: Optional[float] = None) -> bytes:
        """Waits until there is something to read; `ready_fd()` says whether there is."""
        return self._wait_fd("wait_fd_read", fd, False, timeout)

    def wait_fd_write(self, fd: int, timeout: Optional[float] = None) -> bytes:
        """Waits until writing is possible; `ready_fd()` says whether it is."""
        return self._wait_fd("wait_fd_write", fd, True, timeout)

    def ready_fd(self) -> int:
        """The file descriptor that the last wait has found ready; -1 if its time was over."""
        return self._ready_fd

    def suspend(self) -> bool:
        """Lets other greenlets run for one turn of the loop."""
        self._waiting("suspend").turn()
        return True

    def green_schedule(self) -> bool:
        return self.suspend()

    def await_(self, awaitable: Any) -> Any:
        """Awaits from plain WSGI code: returns the result or raises the exception. (uWSGI has no such thing.)"""
        return self._waiting("await_").await_(awaitable)

    # ---- the client

    def is_connected(self, fd: int = -1) -> bool:
        """Whether the current request's client still waits, as far as this worker has heard."""
        return not self._exchange("is_connected").cancelled

    def connection_fd(self) -> int:
        raise NotImplementedError(
            "uwsgi.connection_fd() is not there: the client's connection belongs to the server process, not to the worker;"
            " wsgi.input and write() reach it"
        )

    def set_user_harakiri(self, seconds: int) -> None:
        """Gives the current request so many seconds from now; 0 takes the limit away."""
        self._call("user_harakiri", self._exchange("set_user_harakiri").id, int(seconds))

    def reload(self) -> bool:
        """Replaces all workers gracefully by such with a new import."""
        self._call("reload")
        return True

    # ---- locks

    def lock(self, number: int = 0) -> None:
        """Waits for a lock that all workers share."""
        self._waiting("lock").lock(number)

    def unlock(self, number: int = 0) -> None:
        self._waiting("unlock").unlock(number)

    def is_locked(self, number: int = 0) -> bool:
        return bool(self._call("is_locked", number))

    # ---- cache

    def cache_get(self, key: Text, cache: Optional[Text] = None) -> Optional[bytes]:
        """The value; None if there is none."""
        value: Optional[bytes] = self._call("cache_get", _text(cache), _text(key))
        return value

    def cache_set(
        self, key: Text, value: Text, expires: int = 0, cache: Optional[Text] = None
    ) -> Optional[bool]:
        """Adds an item, for so many seconds (0: for good). None if there is one with this key."""
        return self._call("cache_set", _text(cache), _text(key), _bytes(value), int(expires), "add") or None

    def cache_update(
        self, key: Text, value: Text, expires: int = 0, cache: Optional[Text] = None
    ) -> Optional[bool]:
        """Adds or replaces an item."""
        return (
            self._call("cache_set", _text(cache), _text(key), _bytes(value), int(expires), "update") or None
        )

    def cache_del(self, key: Text, cache: Optional[Text] = None) -> Optional[bool]:
        """None if there was no such item."""
        return self._call("cache_del", _text(cache), _text(key)) or None

    def cache_exists(self, key: Text, cache: Optional[Text] = None) -> Optional[bool]:
        """None if there is no such item."""
        return self._call("cache_exists", _text(cache), _text(key)) or None

    def cache_inc(
        self, key: Text, amount: int = 1, expires: int = 0, cache: Optional[Text] = None
    ) -> Optional[bool]:
        """Adds to a counter: an item of 8 bytes, little-endian, which begins at 0."""
        self._call("cache_add_number", _text(cache), _text(key), int(amount), int(expires))
        return True

    def cache_dec(
        self, key: Text, amount: int = 1, expires: int = 0, cache: Optional[Text] = None
    ) -> Optional[bool]:
        """Subtracts from a counter."""
        self._call("cache_add_number", _text(cache), _text(key), -int(amount), int(expires))
        return True

    def cache_clear(self, cache: Optional[Text] = None) -> Optional[bool]:
        return self._call("cache_clear", _text(cache)) or None

    # ---- inside

    def _exchange(self, name: str) -> Exchange:
        exchange = self._runner.current() if self._runner is not None else None
        if exchange is None:
            raise RuntimeError(f"uwsgi.{name}() was called outside of a request")
        return exchange

    def _waiting(self, name: str) -> Waits:
        if self._waits is None:
            raise RuntimeError(f"uwsgi.{name}() was called during the import, before there is a worker")
        return self._waits

    def _wait_fd(self, name: str, fd: int, write: bool, timeout: Optional[float]) -> bytes:
        # uWSGI takes 0, and everything below, for no limit.
        seconds = timeout if timeout is not None and timeout > 0 else None
        self._ready_fd = fd if self._waiting(name).descriptor(fd, write, seconds) else -1
        return b""

    def _call(self, name: str, *arguments: Any) -> Any:
        if self._calls is None:
            raise RuntimeError(f"uwsgi: {name} isn't possible during the import, before there is a worker")
        return self._calls.call(name, *arguments)


def functions(api: Api) -> Dict[str, Callable[..., Any]]:
    """The module's functions by their names."""
    return {name: getattr(api, name) for name in dir(api) if not name.startswith("_")}


def _text(value: Optional[Text]) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, str):
        return value
    raise TypeError(f"a str or bytes is needed, not {type(value).__name__}")


def _bytes(value: Text) -> bytes:
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    raise TypeError(f"a value of the cache is bytes, not {type(value).__name__}")
