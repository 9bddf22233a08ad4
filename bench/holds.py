#!/usr/bin/python3
"""Held loops: are others answered while a request holds its loop's OS thread, and does a stop still end?

    bench/holds.py [--seconds 3] [KIND ...]

For each kind of hold (a static initialiser that sleeps, one that waits for a lock, a FIFO, a child's output, a computation)
and for one loop and two: as many requests of that kind as there are loops, and one more, are begun; meanwhile another
client asks for a quick page again and again, on new connections, and the longest answer is shown. Then the same once more,
and SIGTERM with `--stop-timeout 1s`: how long the server still lives. Exits with 1 where an answer took over 500 ms, or
the end over 10 s (1 s, and the limits of the steps behind it).
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MOST_SECONDS = 0.5
MOST_STOP_SECONDS = 10
KINDS = ["initialiser", "lock", "fifo", "child", "computation"]
APPLICATION = """
import dev.loomgate.gateway.*;
import java.io.FileInputStream;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

class Holds implements Application {
    static final long MILLIS = Long.parseLong(System.getenv("HOLD_MILLIS"));
    static final ReentrantLock LOCK = new ReentrantLock();
    static final AtomicInteger NEXT = new AtomicInteger();

    static boolean slept() {
        try {
            Thread.sleep(MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    static boolean locked() {
        LOCK.lock();
        LOCK.unlock();
        return true;
    }

    static class Sleeps0 { static final boolean DONE = slept(); }
    static class Sleeps1 { static final boolean DONE = slept(); }
    static class Sleeps2 { static final boolean DONE = slept(); }
    static class Sleeps3 { static final boolean DONE = slept(); }
    static class Sleeps4 { static final boolean DONE = slept(); }
    static class Sleeps5 { static final boolean DONE = slept(); }
    static class Locks0 { static final boolean DONE = locked(); }
    static class Locks1 { static final boolean DONE = locked(); }
    static class Locks2 { static final boolean DONE = locked(); }
    static class Locks3 { static final boolean DONE = locked(); }
    static class Locks4 { static final boolean DONE = locked(); }
    static class Locks5 { static final boolean DONE = locked(); }

    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        switch (environ.text("PATH_INFO").orElse("")) {
            case "/initialiser" -> Class.forName("Holds$Sleeps" + NEXT.getAndIncrement());
            case "/lock" -> {
                int number = NEXT.getAndIncrement();
                if (number % 3 == 0) {
                    LOCK.lock(); // and waits, while the others meet it in their static initialisers
                    try {
                        slept();
                    } finally {
                        LOCK.unlock();
                    }
                } else {
                    Class.forName("Holds$Locks" + number);
                }
            }
            case "/fifo" -> {
                try (FileInputStream in = new FileInputStream(System.getenv("HOLD_FIFO"))) {
                    in.read();
                }
            }
            case "/child" -> {
                Process child = new ProcessBuilder("sleep", String.valueOf(MILLIS / 1000.0)).start();
                child.getInputStream().read();
                child.waitFor();
            }
            case "/computation" -> {
                long end = System.nanoTime() + MILLIS * 1_000_000;
                while (System.nanoTime() - end < 0) {
                    Thread.onSpinWait();
                }
            }
            default -> {}
        }
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
        return Body.text("hello");
    }
}
"""


def ask(port, path, seconds):
    """The seconds until the first byte of the response."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        if not client.recv(1):
            raise OSError("closed without a response")
    return time.monotonic() - began


def hold(port, kind, number, seconds, fifo):
    """Begins requests that hold; they end by themselves, or with the server."""

    def begin():
        try:
            ask(port, f"/{kind}", 4 * seconds)
        except OSError:
            pass

    threads = [threading.Thread(target=begin) for _ in range(number)]
    for thread in threads:
        thread.start()
        time.sleep(0.05)  # one after the other, as the lock's kind needs it
    threading.Timer(seconds, release, [fifo]).start()
    return threads


def release(fifo):
    """Ends the waits of the FIFO's readers, if it has any."""
    try:
        descriptor = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return
    time.sleep(0.1)
    os.close(descriptor)


def measure(kind, loops, directory, seconds):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    fifo = f"{directory}/fifo"
    server = subprocess.Popen(
        [f"{ROOT}/loomgate", "--http", f"127.0.0.1:{port}", "-L", "--app", f"{directory}/Holds.java"]
        + ["--loops", str(loops), "--stop-timeout", "1s"],
        env=dict(os.environ, HOLD_MILLIS=str(int(seconds * 1000)), HOLD_FIFO=fifo),
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                ask(port, "/", 30)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        for _ in range(200):
            ask(port, "/", 30)  # warm
        holding = hold(port, kind, loops + 1, seconds, fifo)
        longest, number = 0.0, 0
        until = time.monotonic() + seconds * 0.8
        while time.monotonic() < until:
            longest = max(longest, ask(port, "/", 30))
            number += 1
        held = sum(thread.is_alive() for thread in holding)
        for thread in holding:
            thread.join()
        holding = hold(port, kind, loops + 1, seconds, fifo)
        began = time.monotonic()
        server.send_signal(signal.SIGTERM)
        server.wait(60)
        stop = time.monotonic() - began
        for thread in holding:
            thread.join()
    finally:
        if server.poll() is None:
            server.kill()
            server.wait()
    print(f"| {kind} | {loops} | {held} | {number} | {longest * 1000:.1f} | {stop:.1f} |", flush=True)
    return longest <= MOST_SECONDS and stop <= MOST_STOP_SECONDS and held > 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=3, help="that each hold lasts")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
    given = parser.parse_args()
    subprocess.run([f"{ROOT}/loomgate", "--version"], check=True, stdout=subprocess.DEVNULL)
    print("| hold | loops | still held at the end | answers meanwhile | longest, ms | stop, s |")
    print("|---|---|---|---|---|---|")
    good = True
    with tempfile.TemporaryDirectory() as directory:
        with open(f"{directory}/Holds.java", "w", encoding="ascii") as file:
            file.write(APPLICATION)
        os.mkfifo(f"{directory}/fifo")
        for kind in given.kinds or KINDS:
            for loops in (1, 2):
                good = measure(kind, loops, directory, given.seconds) and good
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
