"""The functions of the `uwsgi` module: named, and called with the arguments, as in uWSGI 2.0."""

from __future__ import annotations

import operator
import os
import signal
import sys
import time
from typing import Any, Dict, List, Optional, Tuple

from loomgate_worker.modes.runner import Runner
from loomgate_worker.process import log, title
from loomgate_worker.uwsgi import connections
from loomgate_worker.uwsgi.calls import Calls
from loomgate_worker.uwsgi.texts import Text, text
from loomgate_worker.uwsgi.waits import Waits
from loomgate_worker.wire.exchange import Exchange
from loomgate_worker.wsgi.input import ArrivingInput
from loomgate_worker.wsgi.response import WsgiExchange

_BLOCK_BYTES = 65536


class Api:
    """The public methods are the module's functions. Those that have to do with a request need one."""

    def __init__(self, calls: Calls) -> None:
        self._runner: Optional[Runner] = None
        self._process: Any = None
        self._calls = calls
        self._waits = Waits(calls)
        self._slot = 0
        self._master = os.getppid()
        self._ready_fd = -1

    def _enter(self, calls: Calls, slot: int) -> None:
        """A worker has been forked."""
        self._calls, self._waits, self._slot = calls, Waits(calls), slot

    def _attach(self, runner: Runner, waits: Waits) -> None:
        """It is about to serve."""
        self._runner, self._waits = runner, waits

    def _attach_background(self, process: Any, waits: Waits) -> None:
        """It is about to do something else than to answer requests."""
        self._process, self._waits = process, waits

    def _kind(self) -> str:
        return str(self._process.kind) if self._process is not None else ""

    # ---- who and where

    def worker_id(self) -> int:
        """1 to `numproc`; 0 during the import, and in a process that answers no requests."""
        return self._slot

    def masterpid(self) -> int:
        """The process that the workers belong to: the JVM."""
        return self._master

    def mypid(self) -> int:
        return os.getpid()

    def total_requests(self) -> int:
        """The requests that this worker has begun. (uWSGI counts those of all workers.)"""
        return self._runner.served if self._runner is not None else 0

    def workers(self) -> Tuple[Dict[str, Any], ...]:
        """What all workers do and have done, in the order of their numbers; times are in microseconds."""
        return tuple(map(_worker, self._call("workers")))

    def request_id(self) -> int:
        """The number of the current request in this worker."""
        return self.total_requests()

    def ready(self) -> Optional[bool]:
        """Whether this is a process that has loaded the application; None during the import."""
        return True if self._runner is not None or self._process is not None else None

    def i_am_the_spooler(self) -> Optional[bool]:
        """True in a spooler; else None."""
        return True if self._kind() == "spooler" else None

    def accepting(self, accepting: int = 1) -> None:
        """Nothing: a worker takes requests when it has loaded the application."""

    def lord_scroll(self, legion: Text) -> None:
        """None: there is no legion."""

    def scrolls(self, legion: Text) -> None:
        """None: there is no legion."""

    def i_am_the_lord(self, legion: Text) -> bool:
        """False: there is no legion."""
        return False

    def micros(self) -> int:
        """The time in microseconds since 1970."""
        return time.time_ns() // 1000

    def mem(self) -> Tuple[int, int]:
        """The bytes of this process that are resident, and those of its address space."""
        with open("/proc/self/statm", "rb") as file:
            pages = file.read().split()
        size = os.sysconf("SC_PAGE_SIZE")
        return int(pages[1]) * size, int(pages[0]) * size

    def logsize(self) -> int:
        """0: the log goes to standard error, and not into a file of the server's own."""
        return 0

    def setprocname(self, name: str) -> None:
        """What `ps` shows of this process from now on."""
        title.set_title(name)

    def listen_queue(self, number: int = 0) -> int:
        """The connections that wait at one of the server's listening sockets, as the kernel says; 0 during the import. Raises
        `ValueError` if there are fewer sockets. (uWSGI knows it of sockets of TCP alone.)"""
        if self.ready() is None:
            return 0
        waiting: Optional[int] = self._call("listen_queue", operator.index(number))
        if waiting is None:
            raise ValueError(f"unable to find socket {number}")
        return waiting

    # ---- log

    def log(self, message: Text) -> bool:
        """A line in the server's log."""
        log.say(text(message))
        return True

    def set_logvar(self, name: Text, value: Text) -> None:
        """A variable of the access log, for the current request."""
        exchange = self._exchange("set_logvar")
        if exchange.log_variables is None:
            exchange.log_variables = {}
        exchange.log_variables[text(name)] = text(value)

    def get_logvar(self, name: Text) -> Optional[bytes]:
        """What `set_logvar` has set; None if nothing."""
        value = (self._exchange("get_logvar").log_variables or {}).get(text(name))
        return value.encode() if value is not None else None

    # ---- files

    def parsefile(self, name: Text) -> Optional[Dict[bytes, bytes]]:
        """The variables of a file that holds a uwsgi packet; None if it can't be read or holds something else."""
        try:
            with open(name, "rb") as file:
                data = file.read(4 + 0xFFFF)
        except OSError as e:
            log.say(f"loomgate: uwsgi.parsefile: {e}")
            return None
        end = 4 + int.from_bytes(data[1:3], "little")
        parts: List[bytes] = []
        at = 4
        while at < end <= len(data):
            start = at + 2
            at = start + int.from_bytes(data[at:start], "little")
            parts.append(data[start:at])
        if at != end or len(parts) % 2:
            return None
        return dict(zip(parts[::2], parts[1::2]))

    def close(self, fd: int) -> None:
        """Closes a file descriptor of the program's."""
        try:
            os.close(fd)
        except OSError:
            # uWSGI doesn't look.
            pass

    def extract(self, name: Text) -> Optional[bytes]:
        """What a file holds; None if that is nothing."""
        if "://" in text(name):
            raise NotImplementedError(
                "uwsgi.extract() reads files here, and nothing by a scheme such as http://"
            )
        with open(name, "rb") as file:
            return file.read() or None

    # ---- waiting

    def async_sleep(self, seconds: float) -> bytes:
        """Waits; in mode `asyncio` without holding up other requests. The value may be yielded, as uWSGI's."""
        self._waits.sleep(seconds)
        return b""

    def wait_fd_read(self, fd: int, timeout: Optional[float] = None) -> bytes:
        """Waits until there is something to read; `ready_fd()` says whether there is, and `x-wsgiorg.fdevent.timeout` in the current
        request's environ whether the time was over: True or None."""
        return self._wait_fd(fd, False, timeout)

    def wait_fd_write(self, fd: int, timeout: Optional[float] = None) -> bytes:
        """Waits until writing is possible; `ready_fd()` says whether it is."""
        return self._wait_fd(fd, True, timeout)

    def ready_fd(self) -> int:
        """The file descriptor that the last wait has found ready; -1 if its time was over."""
        return self._ready_fd

    def suspend(self) -> bool:
        """Lets other greenlets run for one turn of the loop."""
        self._waits.turn()
        return True

    def green_schedule(self) -> bool:
        return self.suspend()

    def await_(self, awaitable: Any) -> Any:
        """Awaits from plain WSGI code: returns the result or raises the exception. (uWSGI has no such thing.)"""
        return self._waits.await_(awaitable)

    # ---- the client

    def cl(self) -> int:
        """The length of the current request's body, as its Content-Length says; 0 without one."""
        return int(self._exchange("cl").environ.get("CONTENT_LENGTH") or 0)

    def start_response(self, status: str, headers: Any, exc_info: Any = None) -> Any:
        """That of the current request (PEP 3333)."""
        exchange = self._exchange("start_response")
        assert isinstance(exchange, WsgiExchange)
        return exchange.start_response(status, headers, exc_info)

    def is_connected(self, fd: int = -1) -> bool:
        """Whether nothing has happened to a socket of the program's own; without one, whether the current request's client still
        waits, as far as this worker has heard."""
        if fd >= 0:
            return connections.is_connected(fd)
        return not self._exchange("is_connected").cancelled

    def set_user_harakiri(self, seconds: int) -> None:
        """Gives the current request so many seconds from now; 0 takes the limit away. Or what a process does that has none."""
        if self._process is not None:
            self._call("user_harakiri", 0, int(seconds))
            return
        exchange = self._exchange("set_user_harakiri")
        # The JVM has to know it before it is told of its limit.
        exchange.hand_over()
        exchange.runner.urge()
        self._call("user_harakiri", exchange.id, int(seconds))

    def reload(self) -> bool:
        """Replaces all workers gracefully by such with a new import."""
        self._call("reload")
        return True

    def stop(self) -> bool:
        """Stops the server: what runs may end."""
        os.kill(self._master, signal.SIGTERM)
        return True

    def sendfile(self, file: Any, chunk: int = 0, start: int = 0, length: int = 0) -> None:
        """Sends a file as a part of the current request's body, after start_response: a path, a file, or a descriptor, which is
        closed, as in uWSGI. What can't be opened is logged.

        :param chunk: means nothing
        :param length: 0 for all from `start`
        """
        exchange = self._exchange("sendfile")
        assert isinstance(exchange, WsgiExchange)
        place = os.dup(file.fileno()) if hasattr(file, "fileno") else file
        try:
            opened = open(place, "rb")
        except OSError as e:
            log.say(f"loomgate: uwsgi.sendfile: {e}")
            return
        with opened:
            opened.seek(start)
            left = length or sys.maxsize
            while left > 0:
                block = opened.read(min(left, _BLOCK_BYTES))
                if not block:
                    return
                left -= len(block)
                exchange.write(block)

    def log_this_request(self) -> None:
        """Nothing: each request has its line in the log, unless that is disabled."""

    def disconnect(self) -> None:
        """Ends the current request's response here; the application may go on, and what it still answers goes nowhere."""
        exchange = self._exchange("disconnect")
        assert isinstance(exchange, WsgiExchange)
        exchange.disconnect()

    def chunked_read(self, timeout: int = 0) -> bytes:
        """What has come of the current request's body and wasn't read; waits if nothing has, as long as the server does. Empty at
        the end. A body that isn't chunked is read as well."""
        data: bytes = self._exchange("chunked_read").environ["wsgi.input"].read1()
        return data

    def chunked_read_nb(self) -> Optional[bytes]:
        """The same; None if nothing has come."""
        exchange = self._exchange("chunked_read_nb")
        body = exchange.environ["wsgi.input"]
        if isinstance(body, ArrivingInput) and not body.has_news():
            # Which reads what has come, where no other thread does.
            exchange.runner.turn(exchange)
            if not body.has_news():
                return None
        data: bytes = body.read1()
        return data

    # ---- locks

    def lock(self, number: int = 0) -> None:
        """Waits for a lock that all workers share. There are as many as anybody asks for."""
        _check_lock(number)
        self._waits.lock(number)

    def unlock(self, number: int = 0) -> None:
        _check_lock(number)
        self._waits.unlock(number)

    def is_locked(self, number: int = 0) -> bool:
        _check_lock(number)
        return bool(self._call("is_locked", number))

    # ---- inside

    def _current(self) -> Optional[Exchange]:
        return self._runner.current() if self._runner is not None else None

    def _exchange(self, name: str) -> Exchange:
        exchange = self._current()
        if exchange is None:
            raise RuntimeError(f"uwsgi.{name}() was called outside of a request")
        return exchange

    def _wait_fd(self, fd: int, write: bool, timeout: Optional[float]) -> bytes:
        # uWSGI takes 0, and everything below, for no limit.
        seconds = timeout if timeout is not None and timeout > 0 else None
        ready = self._waits.descriptor(fd, write, seconds)
        self._ready_fd = fd if ready else -1
        exchange = self._current()
        if exchange is not None:
            exchange.environ["x-wsgiorg.fdevent.timeout"] = None if ready else True
        return b""

    def _call(self, name: str, *arguments: Any) -> Any:
        return self._calls.call(name, *arguments)


def _worker(told: Dict[str, Any]) -> Dict[str, Any]:
    app = {"id": 0, "modifier1": 0, "mountpoint": b""}
    app.update({name: told[name] for name in ("requests", "exceptions")})
    return {**told, "status": told["status"].encode(), "apps": (app,) if told["pid"] else ()}


def _check_lock(number: int) -> None:
    if number < 0:
        raise ValueError("Invalid lock number")
