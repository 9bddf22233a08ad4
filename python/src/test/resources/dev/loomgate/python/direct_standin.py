#!/usr/bin/python3
"""A zygote and its workers that speak the worker protocol's direct mode, and do what a request's path says.

It is started in place of an interpreter, so that what a worker does can be made to happen on demand: a request that isn't
handed over, a frame before its connection, a death at a certain moment.
"""

import array
import json
import os
import select
import signal
import socket
import struct
import sys
import tempfile
import time

HEADER = struct.Struct("<IBBHI")
HELLO, REQUEST, CANCEL, STOP, ACCEPT, HAND_OVER = 0x01, 0x02, 0x06, 0x08, 0x0B, 0x0C
READY, RESPONSE, FAILED, PUNTED, BEGUN, ANSWERED, LIMIT = 0x81, 0x82, 0x85, 0x8A, 0x8B, 0x8C, 0x8D
CALL = 0x88
FIRST_ID = 0x80000000


def event(**what):
    os.write(1, json.dumps(what).encode() + b"\n")


class Worker:
    def __init__(self, listener, scoreboard, sockets):
        self.board = scoreboard
        self.words = [0] * 5
        self.links = {}
        self.accepting = False
        self.stopping = False
        self.next_id = FIRST_ID
        self.running = {}
        self.slots = {}
        self.limit = 0
        while len(self.links) < 4:
            connection, _ = listener.accept()
            name = self.read(connection)[3]
            self.links[name.decode()] = connection
        self.data, self.control = self.links["data"], self.links["control"]
        self.listening = [self.receive() for _ in range(sockets)]
        self.control.sendall(HEADER.pack(0, READY, 0, 0, 0))

    def receive(self):
        data, ancillary, _, _ = self.links["descriptors"].recvmsg(1, socket.CMSG_SPACE(4))
        if not data:
            os._exit(3)
        return socket.socket(fileno=array.array("i", ancillary[0][2])[0])

    def send_descriptor(self, connection):
        rights = array.array("i", [connection.fileno()])
        self.links["descriptors"].sendmsg([b"\0"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        connection.close()

    @staticmethod
    def read(connection):
        head = connection.recv(12, socket.MSG_WAITALL)
        if len(head) < 12:
            os._exit(3)
        length, kind, flags, _, request_id = HEADER.unpack(head)
        return kind, flags, request_id, connection.recv(length, socket.MSG_WAITALL) if length else b""

    def send(self, kind, flags, request_id, payload):
        self.data.sendall(HEADER.pack(len(payload), kind, flags, 0, request_id) + payload)

    def word(self, number, value):
        os.pwrite(self.board, struct.pack("<Q", value), number * 8)
        self.words[number] = value

    def run(self):
        while not self.stopping or self.running:
            sources = [self.data, self.control] + (self.listening if self.accepting else [])
            for source in select.select(sources, [], [])[0]:
                if source in self.listening:
                    self.take(self.listening.index(source))
                else:
                    self.heed(*self.read(source))

    def heed(self, kind, flags, request_id, payload):
        if kind == ACCEPT:
            self.accepting = bool(flags)
            self.limit = struct.unpack("<I", payload)[0]
            print("accept", flags, flush=True)
        elif kind == HAND_OVER:
            before = time.monotonic_ns() - struct.unpack("<Q", payload)[0]
            for number, (path, connection, packet, since) in list(self.running.items()):
                if since <= before and path != "/stuck" and connection is not None:
                    self.hand_over(number)
        elif kind == CANCEL:
            if self.running.pop(request_id, None):
                print("cancelled %x" % request_id, flush=True)
                self.send(FAILED, 1, request_id, b"")
        elif kind == STOP:
            print("stopped", flush=True)
            self.stopping = True
        elif kind == REQUEST:
            self.word(0, request_id)
            self.respond(request_id, b"by the JVM")

    def take(self, number):
        try:
            connection, _ = self.listening[number].accept()
        except BlockingIOError:
            return
        packet = connection.recv(65536)
        path = packet[4 : 4 + int.from_bytes(packet[1:3], "little")].partition(b"PATH_INFO")[2][2:].decode()
        if path == "/punted":
            self.send_descriptor(connection)
            self.send(PUNTED, 0, 0, struct.pack("<I", number) + packet)
            return
        since = time.monotonic_ns()
        request_id = self.next_id
        self.next_id += 1
        self.running[request_id] = (path, connection, packet, since)
        slot = 1024 * len(self.running)
        os.pwrite(self.board, struct.pack("<QI1012s", since, number, packet), slot)
        self.slots[request_id] = slot
        self.word(3, since)
        self.word(1, self.words[1] + 1)
        if self.words[1] == self.limit:
            self.send(LIMIT, 0, 0, b"")
        if path == "/answered":
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nhello")
            connection.close()
            del self.running[request_id]
            self.over(request_id)
            self.send(ANSWERED, 0, 0, struct.pack("<IHQQI", number, 200, 5, 1000, len(packet)) + packet)
        elif path == "/begun":
            self.hand_over(request_id)
            self.respond(request_id, b"begun")
        elif path == "/frame-first":
            self.begun(request_id)
            time.sleep(0.2)
            self.send_descriptor(connection)
            self.respond(request_id, b"frame first")
        elif path == "/dies":
            os.kill(os.getpid(), signal.SIGKILL)
        elif path == "/dies-begun":
            self.hand_over(request_id)
            os.kill(os.getpid(), signal.SIGKILL)
        elif path == "/dies-between":
            self.send_descriptor(connection)
            os.kill(os.getpid(), signal.SIGKILL)
        elif path == "/limited":
            # ("user_harakiri", request_id, 0.2), which may overtake BEGUN.
            call = b"(\x03\0\0\0z\x0duser_harakiri" + marshalled(request_id) + b"g" + struct.pack("<d", 0.2)
            self.links["call"].sendall(HEADER.pack(len(call), CALL, 0, 0, 1) + call)
            time.sleep(0.1)
            self.hand_over(request_id)
        elif path == "/stuck":
            time.sleep(3600)
        # "/held" waits for HAND_OVER, and then for CANCEL.

    def over(self, request_id):
        os.pwrite(self.board, bytes(8), self.slots.pop(request_id))
        self.word(2, self.words[2] + 1)

    def begun(self, request_id):
        path, _, packet, since = self.running[request_id]
        self.running[request_id] = (path, None, packet, since)
        self.over(request_id)
        self.send(BEGUN, 0, request_id, struct.pack("<IQ", 0, since) + packet)

    def hand_over(self, request_id):
        self.send_descriptor(self.running[request_id][1])
        self.begun(request_id)

    def respond(self, request_id, body):
        self.running.pop(request_id, None)
        head = b"200 OK\nContent-Length\n%d" % len(body)
        self.send(RESPONSE, 1, request_id, struct.pack("<I", len(head)) + head + body)


def marshalled(number):
    digits = []
    while number:
        digits.append(number & 0x7FFF)
        number >>= 15
    return b"l" + struct.pack("<i", len(digits)) + b"".join(struct.pack("<H", digit) for digit in digits)


def main():
    boot = json.loads(sys.stdin.buffer.raw.read(1 << 20).split(b"\n")[0])
    directory = tempfile.mkdtemp(prefix="loomgate-")
    event(event="ready", python="3", directory=directory)
    children = {}
    pipes = {}
    count = 0
    left = b""
    while True:
        ready = select.select([0], [], [], 0.02)[0]
        if ready:
            read = os.read(0, 65536)
            if not read:
                break
            *lines, left = (left + read).split(b"\n")
            for line in lines:
                command = json.loads(line)
                if command["command"] == "read":
                    for pipe in pipes.pop(command["path"]):
                        os.close(pipe)
                    continue
                if command["command"] == "kill":
                    if command["signal"] == signal.SIGKILL:
                        os.kill(command["pid"], signal.SIGKILL)
                    continue
                count += 1
                name = "%s/w%d-%d" % (directory, command["slot"], count)
                board = os.open(name + ".scoreboard", os.O_RDWR | os.O_CREAT, 0o600)
                os.write(board, bytes(5 * 1024))
                listener = socket.socket(socket.AF_UNIX)
                listener.bind(name + ".sock")
                listener.listen(4)
                pipes[name + ".sock"] = ends = []
                for pipe in (name + ".out", name + ".err"):
                    os.mkfifo(pipe)
                    ends.append(os.open(pipe, os.O_RDWR))
                pid = os.fork()
                if pid == 0:
                    os.dup2(ends[0], 1)
                    os.dup2(ends[1], 2)
                    for end in ends:
                        os.close(end)
                    Worker(listener, board, boot["direct"]["sockets"]).run()
                    os._exit(0)
                os.close(board)
                listener.close()
                children[pid] = command["slot"]
                event(event="forked", slot=command["slot"], pid=pid, path=name + ".sock")
        for pid, slot in list(children.items()):
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                del children[pid]
                how = (
                    {"signal": os.WTERMSIG(status)}
                    if os.WIFSIGNALED(status)
                    else {"status": os.WEXITSTATUS(status)}
                )
                event(event="exited", slot=slot, pid=pid, **how)
    for pid in children:
        os.kill(pid, signal.SIGKILL)


main()
