"""Direct mode over HTTP in one worker: connections that are taken, kept between requests, and handed over (decision 097).

::

                    +--> idle --readable--> plain --> running --answered--> idle
    listener --> accepted        |                       |
                                 +-- not plain: PUNTED   +-- another frame, or something comes: BEGUN
"""

from __future__ import annotations

import os
import select
import socket
from time import monotonic_ns
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional, Tuple

from loomgate_worker.direct import functions
from loomgate_worker.direct.acceptor import Acceptor
from loomgate_worker.direct.balance import Balance
from loomgate_worker.direct.kept import Kept, KeptExchange
from loomgate_worker.direct.packet import head_figures
from loomgate_worker.process import descriptors, log
from loomgate_worker.wire import frames, request_ids
from loomgate_worker.wire.scoreboard import DIRECT_CONNECTIONS, DIRECT_TURNED

if TYPE_CHECKING:
    from loomgate_worker.direct.exchange import Direct
    from loomgate_worker.wire.links import Descriptors
    from loomgate_worker.wire.request_ids import RequestIds
    from loomgate_worker.wire.scoreboard import Scoreboard

_EVENTS = select.EPOLLIN | select.EPOLLRDHUP | select.EPOLLET
_MOST_EVENTS = 128
_ENDED = select.EPOLLRDHUP | select.EPOLLHUP | select.EPOLLERR
_BODY_SECONDS = 0.05
_REST_SECONDS = 0.05
_AHEAD_SECONDS = 0.002
"""A worker that has more connections than others leaves the next one to them for so long."""

_SERVER_FIELDS = (b"date", len("Date: Sun, 29 Nov 2026 10:00:00 GMT\r\n")), (
    b"server",
    len("Server: loomgate\r\n"),
)


class Keeper(Acceptor):
    """An acceptor for mode `tasks`: in the loop's thread, where nothing else is said.

    :ivar descriptor: can be read when there is something for `turn` to do
    :ivar tells_routes: whether what is told of a request has its route
    """

    mode: Any

    def __init__(
        self,
        mode: Any,
        begin: Callable[[KeptExchange], None],
        link: Descriptors,
        listeners: List[int],
        settings: Dict[str, Any],
        scoreboard: Scoreboard,
        ids: Optional[RequestIds],
    ) -> None:
        """:param begin: called for each request; has its task begin"""
        super().__init__(mode, {}, link, listeners, settings, scoreboard, False, ids)
        http: Dict[str, Any] = settings["http"]
        self._begin_task = begin
        self._read = functions.keeping.read_http
        self._write = functions.keeping.reply_http
        self._limits: Tuple[int, ...] = (
            http["max_header_bytes"],
            http["max_header_count"],
            settings["max_body_bytes"],
            http["max_target_bytes"],
        )
        self._most_requests: int = http["requests"]
        self._idle_seconds: float = http["idle_seconds"]
        self._header_seconds: float = http["header_seconds"]
        self._write_seconds: float = http["write_seconds"]
        self._most_connections: int = http["connections"]
        self.tells_routes: bool = http["routes"]
        self._epoll = descriptors.epoll()
        self.descriptor: int = self._epoll.fileno()
        self._sockets: Dict[int, Any] = {}
        self._number_of = dict(zip(self.listeners, self._numbers))
        self._listens = False
        self._rests = False
        self._has_waited = False
        self._balance = Balance()
        self._kept: Dict[int, Kept] = {}
        self._base: Dict[str, Any] = {
            "type": "http",
            "asgi": None,
            "http_version": "1.1",
            "path": "",
            "raw_path": b"",
            "query_string": b"",
            "root_path": "",
            "headers": [],
            "server": None,
            "client": None,
            "state": None,
            "extensions": None,
            "method": "",
            "scheme": "http",
        }

    @staticmethod
    def _own_numbers(listeners: List[int], settings: Dict[str, Any]) -> List[int]:
        """Those of HTTP."""
        return list(settings["http"]["sockets"])

    @staticmethod
    def _tells(settings: Dict[str, Any]) -> bool:
        tells: bool = settings["http"]["records"]
        return tells

    @staticmethod
    def _kind_bounds(settings: Dict[str, Any]) -> List[int]:
        """None: a kind has no route, so where requests are measured, the JVM is told of them."""
        return []

    # ---- waiting

    def listen(self) -> None:
        """Waits for connections, or no more, as things are now."""
        listens = self.accepting and not self._rests and len(self._kept) < self._most_connections
        if listens is not self._listens:
            self._listens = listens
            for listener in self.listeners:
                if listens:
                    self._epoll.register(listener, select.EPOLLIN)
                else:
                    self._epoll.unregister(listener)

    def turn(self) -> None:
        """Begins what has come."""
        kept, waiting = self._kept, None
        for descriptor, mask in self._epoll.poll(0, _MOST_EVENTS):
            connection = kept.get(descriptor)
            if connection is None:
                # A listener, or what has just been handed over.
                waiting = descriptor if descriptor in self._number_of else waiting
            elif connection.running is not None:
                self._disturb(connection.running, mask & _ENDED != 0)
            elif connection.rest:
                self._write_rest(connection)
            else:
                self._look(connection, mask & _ENDED != 0)
        if waiting is not None and self.accepting:
            # One at a time: other processes are to get some, too.
            if not self._has_waited and self._balance.is_ahead(len(kept)):
                self._has_waited = True
                self._pause(_AHEAD_SECONDS)
            else:
                self._has_waited = False
                self._accept(waiting)

    def _accept(self, listener: int) -> None:
        its = self._sockets.get(listener)
        if its is None:
            its = self._sockets[listener] = socket.socket(fileno=listener)
            its.settimeout(0)  # whatever the program has set for all sockets
        try:
            client, address = its.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError as e:
            self._rest(e)
            return
        own = client.getsockname()
        descriptor = client.detach()
        number = self._number_of[listener]
        connection = Kept(descriptor, number, address if its.family != socket.AF_UNIX else None, own)
        try:
            # It is told of at once if something is there.
            self._epoll.register(descriptor, _EVENTS)
        except OSError:
            # The kernel has no room for it in the epoll instance, for example.
            self._punt(number, descriptor, b"")
            return
        self._kept[descriptor] = connection
        self._tell_count()

    def _tell_count(self) -> None:
        """Any thread."""
        count = len(self._kept)
        self._marks[DIRECT_CONNECTIONS] = count
        self._balance.tell(count)

    def _pause(self, seconds: float = _REST_SECONDS) -> None:
        """Takes no connection for a moment, in which the loop mustn't stand still."""
        self._rests = True
        self.mode.loop.call_later(seconds, self._go_on)

    def _go_on(self) -> None:
        self._rests = False
        self.listen()

    # ---- reading

    def _look(self, connection: Kept, ended: bool) -> None:
        """:param ended: whether the client has ended its side; what may be there was sent before"""
        try:
            descriptor = connection.place.pop()
        except IndexError:
            return  # the control thread has handed it over
        try:
            data, its, body = self._read(
                descriptor, connection.before, self._base, connection.port, *self._limits
            )
        except OSError:
            data, its, body = b"", None, None
        if data and ended:
            # Nothing else would come to tell of the end, which is the JVM's matter.
            self._punt(connection.number, descriptor, data if its is None else data + (body or b""))
        elif its is not None and data is not None and body is not None:
            connection.before = b""
            self._begin_kept(connection, descriptor, data, its, body)
        elif data is None:
            connection.place.append(descriptor)
        elif not data:
            self._close(descriptor)
        elif body is not None:
            if not connection.before:
                self.mode.loop.call_later(_BODY_SECONDS, self._late_body, connection)
            connection.before = data
            connection.place.append(descriptor)
        else:
            self._punt(connection.number, descriptor, data)

    def _late_body(self, connection: Kept) -> None:
        if connection.before:
            self._punt_idle(connection)

    def _begin_kept(
        self, connection: Kept, descriptor: int, data: bytes, its: Dict[str, Any], body: bytes
    ) -> None:
        # This, and what it calls, are what a quick request's time is spent in.
        if its["path"] in self._kept_paths or len(self.mode.live) >= self._most_requests:
            self._punt(connection.number, descriptor, data + body)
            return
        packet = connection.told + self._id_of(its) + data
        since = monotonic_ns()
        exchange = KeptExchange(self, self.mode, its, connection, descriptor, packet, body, since)
        exchange.id = request_id = self._next_id()
        self.mode.live[request_id] = exchange
        connection.running = exchange
        if self._kinds is not None:
            exchange.asked = its["method"], "HTTP/1.1", "http"
        self._count_begun(request_id, connection.number, packet, since)
        self._begin_task(exchange)

    def _id_of(self, its: Dict[str, Any]) -> bytes:
        ids = self._ids
        if ids is None:
            return b"-\n"
        named: Dict[str, Any] = {}
        own = [value for name, value in its["headers"] if name == b"x-request-id"]
        if own:
            named["HTTP_X_REQUEST_ID"] = b", ".join(own).decode("latin-1")
        ids.name(named)
        its[request_ids.KEY] = named[request_ids.KEY]
        return b"%b\n" % named[request_ids.KEY].encode("ascii")

    def _disturb(self, exchange: KeptExchange, ended: bool) -> None:
        """Something has come while a request runs. If it isn't what has been read with it, the rest is the JVM's matter."""
        for descriptor in list(exchange.connection):
            # An error that is looked at here would be gone when the JVM looks.
            if ended or _has_bytes(descriptor):
                self.hand_over(exchange)

    # ---- a request's end

    def reply(self, exchange: Direct, head: bytes, body: bytes) -> bool:
        assert isinstance(exchange, KeptExchange)
        try:
            descriptor = exchange.connection.pop()
        except IndexError:
            # The control thread may be about to hand it over.
            with self._lock:
                return False
        connection = exchange.kept
        try:
            done = self._write(descriptor, head, body)
        except OSError as e:
            log.say(
                f"loomgate: a connection was closed by the application before it was answered: {e.strerror}"
            )
            self._has_answered(exchange, head, body)
            self._close(descriptor)
            return True
        if done is False:
            exchange.connection.append(descriptor)
            self.hand_over(exchange)
            return False
        self._has_answered(exchange, head, body)
        connection.quiet = 0
        connection.used = True
        if done is not True:
            connection.rest = done
        connection.running = None
        connection.place.append(descriptor)
        if done is not True:
            self._await(descriptor, _EVENTS | select.EPOLLOUT)
        return True

    def _await(self, descriptor: int, events: int) -> None:
        """Waits for these, which are told of at once if they are there, although they have been told of before."""
        try:
            self._epoll.modify(descriptor, events)
        except OSError:
            pass  # the program has closed it, or the control thread has handed it over

    def _write_rest(self, connection: Kept) -> None:
        try:
            descriptor = connection.place.pop()
        except IndexError:
            return
        try:
            with descriptors.borrowed(descriptor) as its:
                sent = its.send(connection.rest, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
            connection.rest = connection.rest[sent:]
            connection.quiet = 0
        except BlockingIOError:
            pass
        except OSError:
            self._close(descriptor)
            return
        connection.place.append(descriptor)
        if not connection.rest:
            self._await(descriptor, _EVENTS)

    def is_writing(self) -> bool:
        """Whether a response is on its way that the worker mustn't leave."""
        return any(connection.rest for connection in list(self._kept.values()))

    def _close(self, descriptor: int) -> None:
        self._forget(descriptor)
        try:
            os.close(descriptor)
        except OSError:
            pass  # the program has done so

    def _forget(self, descriptor: int) -> None:
        """Any thread."""
        self._kept.pop(descriptor, None)
        self._tell_count()
        try:
            # A process that the program has forked may have it, too: then its end alone wouldn't take it out.
            self._epoll.unregister(descriptor)
        except OSError:
            pass

    # ---- handing over: any thread

    def _pass_on(self, descriptor: int, kind: int, request_id: int, payload: bytes) -> None:
        self._forget(descriptor)
        super()._pass_on(descriptor, kind, request_id, payload)

    def hand_over_idle(self) -> None:
        """Those on which no request runs, and none of whose responses is on its way."""
        for connection in list(self._kept.values()):
            if connection.running is None and not connection.rest:
                self._punt_idle(connection)

    def _punt_idle(self, connection: Kept) -> None:
        try:
            descriptor = connection.place.pop()
        except IndexError:
            return
        if connection.rest:
            # Another thread has been at it since.
            connection.place.append(descriptor)
            self._await(descriptor, _EVENTS | select.EPOLLOUT)
            return
        self._punt(connection.number, descriptor, connection.before)

    # ---- once a second

    def has_turned(self) -> None:
        """Tells the JVM that the loop isn't held up."""
        self._tell_count()  # two threads may have done so at once
        self._marks[DIRECT_TURNED] = monotonic_ns()

    def sweep(self) -> None:
        """Closes what has been quiet for too long."""
        self.has_turned()
        for connection in list(self._kept.values()):
            if connection.running is None:
                connection.quiet += 1
                if connection.quiet > self._patience(connection):
                    self._end(connection)
        self.listen()

    def _end(self, connection: Kept) -> None:
        if not connection.rest:
            self._look(connection, True)  # what comes at the last moment is the JVM's
        try:
            descriptor = connection.place.pop()
        except IndexError:
            return
        self._close(descriptor)

    def _patience(self, connection: Kept) -> float:
        if connection.rest:
            return self._write_seconds
        return self._idle_seconds if connection.used else self._header_seconds

    # ---- what is told of requests

    def _record(self, exchange: Direct, head: bytes, content: int) -> None:
        if isinstance(exchange, KeptExchange) and exchange.route is not None:
            line, _, rest = exchange.packet.partition(b"\n")
            route = exchange.route.encode("utf-8", "replace").replace(b"\n", b"?")
            exchange.packet = b"%b %b\n%b" % (line, route, rest)
        super()._record(exchange, head, content)

    @staticmethod
    def _head_figures(head: bytes, content: int) -> Tuple[int, int]:
        size, count = head_figures(head, content)
        names: List[bytes] = [name.lower() for name in head.split(b"\n")[1::2]]
        for name, line in _SERVER_FIELDS:
            if name not in names:
                size += line
                count += 1
        return size, count

    # ---- forks

    def abandon(self) -> None:
        super().abandon()
        for connection in self._kept.values():
            for descriptor in connection.place:
                os.close(descriptor)
        self._kept.clear()


def _has_bytes(descriptor: int) -> bool:
    """Whether there is something to be read."""
    try:
        with descriptors.borrowed(descriptor) as its:
            its.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True
