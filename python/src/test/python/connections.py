"""The JVM's end of a worker's connections: sends requests, puts responses together, answers calls."""

from __future__ import annotations

import array
import marshal
import os
import queue
import socket
import struct
import threading
import time
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional, Tuple

from surroundings import DEADLINE, frames, scoreboard

if TYPE_CHECKING:
    from standin import Zygote


class Frame:
    def __init__(self, kind: int, flags: int, request_id: int, payload: bytes) -> None:
        self.kind, self.flags, self.id, self.payload = kind, flags, request_id, payload
        self.credited = False

    def body(self) -> bytes:
        """The part of a response's body that it holds."""
        if self.kind == frames.RESPONSE:
            return self.payload[4 + int(frames.U32.unpack_from(self.payload)[0]) :]
        return self.payload if self.kind == frames.CHUNK else b""

    def __repr__(self) -> str:
        return f"Frame(0x{self.kind:02x}, {self.flags}, {self.id}, {self.payload[:40]!r})"


class Response:
    """A whole response, put together."""

    def __init__(self) -> None:
        self.status = ""
        self.headers: List[Tuple[str, str]] = []
        self.body = b""
        self.failed: Optional[str] = None
        self.cancelled = False
        self.file: Optional[Tuple[int, int, int]] = None
        self.frames: List[Frame] = []
        self.log_variables: Dict[str, str] = {}


class Worker:
    """The JVM's end of a worker's three connections."""

    def __init__(
        self, zygote: Zygote, forked: Dict[str, Any], answer: Callable[[Tuple[Any, ...]], Any]
    ) -> None:
        self.zygote = zygote
        self.pid: int = forked["pid"]
        self.path: str = forked["path"]
        self.window: int = zygote.configuration["window"]
        self.data_socket: Any = self._connect(b"data")
        self._control_socket = self._connect(b"control")
        self._call_socket = self._connect(b"call")
        self._sockets = [self.data_socket, self._control_socket, self._call_socket]
        self._passed: queue.Queue[int] = queue.Queue()
        self._data: queue.Queue[Frame] = queue.Queue()
        self._control: queue.Queue[Frame] = queue.Queue()
        self._next = 1
        self._send_lock = threading.Lock()
        self._kept: List[Frame] = []
        self.calls: List[Tuple[Any, ...]] = []
        self.answer = answer
        self._threads = [
            threading.Thread(target=self._pump, args=(self.data_socket, self._data.put), daemon=True),
            threading.Thread(target=self._pump, args=(self._control_socket, self._control.put), daemon=True),
            threading.Thread(target=self._pump, args=(self._call_socket, self._on_call), daemon=True),
        ]
        if zygote.listeners:
            self._descriptors = descriptors = self._connect(b"descriptors")
            self._sockets.append(descriptors)
            for listener in zygote.listeners:
                rights = array.array("i", [listener.fileno()])
                descriptors.sendmsg([b"\0"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
            self._threads.append(threading.Thread(target=self._receive, args=(descriptors,), daemon=True))
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        for connection in self._sockets:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        for thread in self._threads:
            thread.join(2)
        for connection in self._sockets:
            connection.close()
        while not self._passed.empty():
            os.close(self._passed.get())

    # ---- sending

    def send(self, kind: int, flags: int = 0, request_id: int = 0, payload: bytes = b"") -> None:
        with self._send_lock:
            self.data_socket.sendall(frames.frame(kind, flags, request_id, payload))

    def recall(self) -> None:
        self._control_socket.sendall(frames.frame(frames.RECALL))

    def dump(self, flags: int, payload: bytes) -> None:
        self._control_socket.sendall(frames.frame(frames.DUMP, flags, 0, payload))

    def stop(self) -> None:
        self.send(frames.STOP)

    def accept(self, whether: bool = True, limit: int = 0) -> None:
        """Direct mode: has it take connections, or no more."""
        self.send(frames.ACCEPT, frames.TAKE if whether else 0, 0, frames.U32.pack(limit))

    def hand_over(self, nanos: int = 0) -> None:
        self._control_socket.sendall(frames.frame(frames.HAND_OVER, payload=frames.U64.pack(nanos)))

    def lend(self, request_id: int, descriptor: int) -> None:
        """Passes the connection of a WebSocket, with LENT."""
        rights = array.array("i", [descriptor])
        self._descriptors.sendmsg([b"\0"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        self.send(frames.LENT, 0, request_id)

    def begin(
        self, path: str = "/", body: bytes = b"", complete: bool = True, flags: int = 0, **environ: str
    ) -> int:
        """Sends a REQUEST; its id."""
        request_id = self._next
        self._next += 1
        with self._send_lock:
            self.data_socket.sendall(request(request_id, path, body, complete, flags=flags, **environ))
        return request_id

    def begin_websocket(self, path: str, **environ: str) -> int:
        """Sends the REQUEST of a client that asks for a WebSocket; its id."""
        return self.begin(path, b"", False, flags=frames.WEB_SOCKET, **environ)

    def send_body(self, request_id: int, body: bytes, piece: int = 60000) -> None:
        """Sends BODY frames, with no more than the window ahead of CONSUMED."""
        sent = consumed = 0
        early: List[Frame] = []
        while sent < len(body):
            while sent - consumed >= self.window:
                frame = self.next(request_id)
                if frame.kind == frames.CONSUMED:
                    consumed += frames.U32.unpack(frame.payload)[0]
                else:
                    # An application that answers while it reads needs credit meanwhile.
                    self.send(frames.CREDIT, 0, request_id, frames.U32.pack(len(frame.body())))
                    frame.credited = True
                    early.append(frame)
            count = min(piece, len(body) - sent, self.window - (sent - consumed))
            last = sent + count == len(body)
            self.send(frames.BODY, frames.COMPLETE if last else 0, request_id, body[sent : sent + count])
            sent += count
        self._kept[:0] = early

    # ---- receiving

    def next(self, request_id: int, *kinds: int) -> Frame:
        """The next frame of this request (of these kinds); waits for it."""
        deadline = time.monotonic() + DEADLINE
        while True:
            for frame in self._kept:
                if frame.id == request_id and (not kinds or frame.kind in kinds):
                    self._kept.remove(frame)
                    return frame
            try:
                self._kept.append(self._data.get(timeout=max(deadline - time.monotonic(), 0.001)))
            except queue.Empty:
                raise AssertionError(
                    f"no frame of {request_id}; there are {self._kept}; {self.zygote.events[-5:]}; {self.zygote.errors!r}"
                ) from None

    def arrived(self) -> List[Frame]:
        """What is there already."""
        while True:
            try:
                self._kept.append(self._data.get_nowait())
            except queue.Empty:
                return list(self._kept)

    def control(self) -> Frame:
        try:
            return self._control.get(timeout=DEADLINE)
        except queue.Empty:
            raise AssertionError(
                f"nothing on control; {self.zygote.events[-5:]}; {self.zygote.errors!r}"
            ) from None

    def returned(self) -> List[int]:
        """The ids of the next RETURNED."""
        frame = self.control()
        assert frame.kind == frames.RETURNED, frame
        return [n for (n,) in frames.U32.iter_unpack(frame.payload)]

    def any(self, kind: int) -> Frame:
        """The next frame of this kind, of whatever request; waits for it."""
        deadline = time.monotonic() + DEADLINE
        while True:
            for frame in self.arrived():
                if frame.kind == kind:
                    self._kept.remove(frame)
                    return frame
            assert time.monotonic() < deadline, f"no frame 0x{kind:02x}; there are {self._kept}"
            time.sleep(0.002)

    def passed(self) -> socket.socket:
        """The next connection that is handed over."""
        return socket.socket(fileno=self._passed.get(timeout=DEADLINE))

    def end(self, request_id: int) -> Response:
        """Reads the rest of a response, giving credit for what comes."""
        response = Response()
        ahead = 0
        while True:
            frame = self.next(
                request_id, frames.RESPONSE, frames.CHUNK, frames.FILE, frames.FAILED, frames.LOG_VARIABLES
            )
            response.frames.append(frame)
            body = frame.body()
            if frame.kind == frames.RESPONSE:
                (length,) = frames.U32.unpack_from(frame.payload)
                parts = frame.payload[4 : 4 + length].decode("latin-1").split("\n")
                response.status = parts[0]
                response.headers = list(zip(parts[1::2], parts[2::2]))
            elif frame.kind == frames.LOG_VARIABLES:
                response.log_variables = marshal.loads(frame.payload)
            elif frame.kind == frames.FAILED:
                response.failed = frame.payload.decode()
                response.cancelled = frame.flags == frames.CANCELLED
                return response
            elif frame.kind == frames.FILE:
                descriptor, offset, length = frames.FILE_PAYLOAD.unpack(frame.payload)
                response.file = descriptor, offset, length
                return response
            response.body += body
            if not frame.credited:
                ahead += len(body)
            last = frame.kind in (frames.RESPONSE, frames.CHUNK) and frame.flags & frames.COMPLETE
            assert ahead <= self.window or (
                last and len(body) <= 65536
            ), "more than the window came ahead of CREDIT"
            if last:
                return response
            if body and not frame.credited:
                self.send(frames.CREDIT, 0, request_id, frames.U32.pack(len(body)))
                ahead -= len(body)

    def get(self, path: str = "/", **environ: str) -> Response:
        return self.end(self.begin(path, b"", True, **environ))

    def begun(self) -> int:
        with open(self.path.replace(".sock", ".scoreboard"), "rb") as file:
            return int.from_bytes(file.read(8), "little")

    def mark(self, word: int) -> int:
        """A word of its scoreboard."""
        with open(self.path.replace(".sock", ".scoreboard"), "rb") as file:
            file.seek(8 * word)
            return int.from_bytes(file.read(8), "little")

    def slots(self) -> List[Tuple[int, int, bytes]]:
        """What is in the slots of its scoreboard that requests have."""
        with open(self.path.replace(".sock", ".scoreboard"), "rb") as file:
            slots = file.read()[scoreboard.SLOT_BYTES :]
        return [slot for slot in scoreboard.SLOT.iter_unpack(slots) if slot[0]]

    # ---- inside

    def _connect(self, name: bytes) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        # A worker that reads nothing fails the test, and doesn't hang it.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("@ll", int(DEADLINE), 0))
        connection.connect(self.path)
        connection.sendall(frames.frame(frames.HELLO, payload=name))
        return connection

    def _on_call(self, frame: Frame) -> None:
        assert frame.kind == frames.CALL, frame
        call = marshal.loads(frame.payload)
        self.calls.append(call)
        flags = 0
        try:
            value = self.answer(call)
        except Later as later:
            later.reply = lambda value: self._reply(0, frame.id, value)
            return
        except ValueError as e:
            flags, value = frames.FAILURE, str(e)
        self._reply(flags, frame.id, value)

    def _reply(self, flags: int, request_id: int, value: Any) -> None:
        self._call_socket.sendall(frames.frame(frames.REPLY, flags, request_id, marshal.dumps(value, 2)))

    def _receive(self, connection: socket.socket) -> None:
        while True:
            try:
                data, ancillary, _, _ = connection.recvmsg(1, socket.CMSG_SPACE(4))
            except OSError:
                return
            if not data:
                return
            for _, _, content in ancillary:
                self._passed.put(array.array("i", content)[0])

    @staticmethod
    def _pump(connection: socket.socket, put: Callable[[Frame], None]) -> None:
        buffer = b""
        while True:
            try:
                data = connection.recv(1 << 18)
            except OSError:
                return
            if not data:
                return
            buffer += data
            while len(buffer) >= 12:
                length, kind, flags, zero, request_id = frames.HEADER.unpack_from(buffer)
                assert zero == 0 and length <= frames.MAX_PAYLOAD_BYTES
                if len(buffer) < 12 + length:
                    break
                put(Frame(kind, flags, request_id, buffer[12 : 12 + length]))
                buffer = buffer[12 + length :]


class Later(Exception):
    """Raised by `Worker.answer`: the reply comes when somebody calls `reply`."""

    reply: Callable[[Any], None]


def request(
    request_id: int,
    path: str = "/",
    body: bytes = b"",
    complete: bool = True,
    fields: Optional[List[Tuple[bytes, bytes]]] = None,
    flags: int = 0,
    **environ: str,
) -> bytes:
    """A REQUEST frame; `flags` besides the two that the parameters say."""
    path, _, query = path.partition("?")
    variables: Dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "wsgi.url_scheme": "http",
        **environ,
    }
    if complete:
        flags |= frames.COMPLETE
    if fields is not None:
        del variables["HTTP_HOST"]
        variables["loomgate.fields"] = fields
        flags |= frames.HAS_FIELDS
    encoded = marshal.dumps(variables, 2)
    payload = frames.U32.pack(len(encoded)) + encoded + body
    return frames.frame(frames.REQUEST, flags, request_id, payload)
