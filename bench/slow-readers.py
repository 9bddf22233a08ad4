#!/usr/bin/python3
"""Slow readers beside wrk: does somebody else's request wait for them?

    bench/slow-readers.py [--readers 100] [--seconds 4] [--rounds 3] [--python PATH] [--nginx] [--loomgate PATH] [KIND ...]

For each kind of application (sync, threads, greenlet, java) and of body (bytes, stream, file): a quick request's p99 by
wrk, calm and beside readers that take 5 MB at 1 kB/s, from their arrival on ("whole") and after it ("beside"); the
server's resident memory, and its temporary files. Calm, whole and beside are measured in turn; medians are shown, least
and most in brackets. Exits with 1 where the median beside them is more than twice the calm one, and the least, too: the
other is noise. Wants a quiet machine, of which wrk takes a part.

With --nginx the server is on a unix socket behind nginx, which buffers as it does by itself: with --loomgate, another
checkout's launcher, that shows what a change does to such a site.
"""

import argparse
import math
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BODY_BYTES = 5_000_000
RATE = 1_000
STEP_SECONDS = 0.5
KINDS = {
    "sync": ["--processes", "2"],
    "threads": ["--processes", "2", "--threads", "4"],
    "greenlet": ["--processes", "2", "--asyncio", "32", "--greenlet"],
    "java": [],
}
NGINX = """
daemon off;
pid {0}/nginx.pid;
error_log {0}/nginx.log;
worker_processes 1;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {0}/client;
    proxy_temp_path {0}/proxy;
    fastcgi_temp_path {0}/fastcgi;
    scgi_temp_path {0}/scgi;
    uwsgi_temp_path {0}/uwsgi;
    server {{
        listen 127.0.0.1:{1} backlog=1024;
        location / {{ include /etc/nginx/uwsgi_params; uwsgi_pass unix:{0}/loomgate.sock; }}
    }}
}}
"""
PYTHON = """
BIG = b"x" * 5_000_000
def application(environ, start_response):
    path = environ["PATH_INFO"]
    start_response("200 OK", [("Content-Type", "text/plain")])
    if path == "/bytes":
        return [BIG]
    if path == "/stream":
        return (BIG[:10_000] for _ in range(500))
    if path == "/file":
        return environ["wsgi.file_wrapper"](open(__file__.replace("slow.py", "big"), "rb"))
    return [b"hello"]
"""
JAVA = """
import dev.loomgate.gateway.*;
import java.nio.ByteBuffer;
import java.nio.file.Path;
class Slow implements Application {
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
        return switch (environ.text("PATH_INFO").orElse("")) {
            case "/bytes" -> Body.bytes(new byte[5_000_000]);
            case "/stream" -> Body.stream(out -> {
                for (int i = 0; i < 500; i++) {
                    out.write(ByteBuffer.wrap(new byte[10_000]));
                }
            });
            case "/file" -> Body.file(Path.of(System.getenv("SLOW_BIG")));
            default -> Body.text("hello");
        };
    }
}
"""


class Readers:
    """Connections that read at RATE, until they are closed."""

    def __init__(self, port, path, number):
        self._sockets = []
        for _ in range(number):
            each = socket.socket()
            each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            each.connect(("127.0.0.1", port))
            each.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            each.setblocking(False)
            self._sockets.append(each)
        self.cut = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self):
        while not self._ended.wait(STEP_SECONDS):
            for each in list(self._sockets):
                try:
                    ended = not each.recv(int(RATE * STEP_SECONDS))
                except BlockingIOError:
                    continue
                except OSError:
                    ended = True
                if ended:
                    self.cut += 1
                    self._sockets.remove(each)

    def close(self):
        self._ended.set()
        self._thread.join()
        for each in self._sockets:
            each.close()


def p99_millis(port, seconds):
    """wrk's p99 of a quick request; infinite where none was answered."""
    command = ["wrk", "-t1", "-c8", f"-d{seconds}s", "--latency", f"http://127.0.0.1:{port}/"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if int(re.search(r"(\d+) requests in", said).group(1)) == 0:
        return math.inf
    if "Non-2xx" in said:
        raise SystemExit(f"not all responses were good:\n{said}")
    number, unit = re.search(r"99%\s+([0-9.]+)(us|ms|s)\b", said).groups()
    return float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]


def spooled(pid):
    """The bytes in the server's temporary files."""
    total = 0
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            if "loomgate-spool" in os.readlink(f"/proc/{pid}/fd/{name}"):
                total += os.stat(f"/proc/{pid}/fd/{name}").st_size
        except OSError:
            pass
    return total


def resident(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


def await_answer(port):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
                client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                if client.recv(64).startswith(b"HTTP/1.1 200 "):  # nginx says 502 until the server is there
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("the server has not started")


def shown(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def measure_body(port, pid, kind, body, given):
    """Calm, whole, beside, as often as wanted; whether those beside slow readers waited no longer than allowed."""
    calm, whole, beside = [], [], []
    memory = files = cut = 0
    for _ in range(given.rounds):
        calm.append(p99_millis(port, given.seconds))
        arriving = []
        arrival = threading.Thread(target=lambda: arriving.append(Readers(port, f"/{body}", given.readers)))
        arrival.start()
        try:
            whole.append(p99_millis(port, given.seconds))
            arrival.join()
            beside.append(p99_millis(port, given.seconds))
            memory, files = max(memory, resident(pid)), max(files, spooled(pid))
            cut += arriving[0].cut
        finally:
            arrival.join()
            for readers in arriving:
                readers.close()
        time.sleep(1)  # until the server has seen them leave
    print(
        f"| {kind} | {body} | {shown(calm)} | {shown(whole)} | {shown(beside)} | {memory:.0f}"
        f" | {files / 2**20:.0f} | {cut} |",
        flush=True,
    )
    return statistics.median(beside) <= 2 * statistics.median(calm) or min(beside) <= 2 * min(calm) < math.inf


def measure(kind, directory, given):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = (
        ["--app", f"{directory}/Slow.java"]
        if kind == "java"
        else ["--wsgi-file", f"{directory}/slow.py", "--python", given.python]
    )
    unix = ["--socket", f"{directory}/loomgate.sock", "--chmod-socket=666"]
    at = unix if given.nginx else ["--http", f"127.0.0.1:{port}"]
    server = subprocess.Popen(
        [given.loomgate, *at, "-L", *program, *KINDS[kind]],
        env=dict(os.environ, SLOW_BIG=f"{directory}/big"),
        stderr=subprocess.DEVNULL,
    )
    nginx = None
    if given.nginx:
        with open(f"{directory}/nginx.conf", "w", encoding="ascii") as file:
            file.write(NGINX.format(directory, port))
        nginx = subprocess.Popen(["nginx", "-c", f"{directory}/nginx.conf"])
    try:
        await_answer(port)
        p99_millis(port, given.seconds)  # warm
        # A list, since all are to be measured whatever one of them says.
        return all(
            [measure_body(port, server.pid, kind, body, given) for body in ("bytes", "stream", "file")]
        )
    finally:
        for each in (server, nginx):
            if each is not None:
                each.terminate()
                each.wait(60)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--readers", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=4, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--python", default="/usr/bin/python3", help="of the workers; wants greenlet")
    parser.add_argument("--nginx", action="store_true", help="behind nginx, over uwsgi")
    parser.add_argument("--loomgate", default=f"{ROOT}/loomgate", help="the launcher")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))  # the server is ended, too
    subprocess.run([given.loomgate, "--version"], check=True, stdout=subprocess.DEVNULL)
    print(f"{given.readers} readers of {BODY_BYTES} bytes at {RATE} bytes/s\n")
    print(
        "| application | body | p99 calm, ms | whole, ms | beside, ms | resident, MiB | in files, MiB | cut off |"
    )
    print("|---|---|---|---|---|---|---|---|")
    good = True
    with tempfile.TemporaryDirectory() as directory:
        os.chmod(directory, 0o755)  # nginx's workers have another user
        for name, text in (("slow.py", PYTHON), ("Slow.java", JAVA), ("big", "x" * BODY_BYTES)):
            with open(f"{directory}/{name}", "w", encoding="ascii") as file:
                file.write(text)
        for kind in given.kinds or KINDS:
            good = measure(kind, directory, given) and good
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
