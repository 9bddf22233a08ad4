"""What applications do with signals when they are imported, and in requests."""

import json
import os
import signal
import subprocess
import time

NAMES = "SIGHUP SIGINT SIGQUIT SIGUSR1 SIGUSR2 SIGALRM SIGTERM SIGCHLD SIGIO SIGURG SIGWINCH SIGPROF SIGTSTP".split()
seen = []


class Boom(BaseException):
    pass


def handler(number, frame):
    seen.append(signal.Signals(number).name)


def boom(number, frame):
    raise Boom(signal.Signals(number).name)


class Ticks:
    """Raises at the pace of a timer, whatever the worker does."""

    count = 0

    def __call__(self, number, frame):
        self.count += 1
        raise Boom(f"tick {self.count}")


ticks = Ticks()
wakeup_read, wakeup = os.pipe()
os.set_blocking(wakeup, False)
if os.environ.get("SIGNALLING") == "handlers":
    for name in NAMES:
        signal.signal(getattr(signal, name), handler)
    signal.signal(signal.SIGVTALRM, signal.SIG_IGN)
    signal.siginterrupt(signal.SIGUSR1, False)
    signal.set_wakeup_fd(wakeup)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2, signal.SIGCHLD, signal.SIGQUIT])
if os.environ.get("SIGNALLING") == "hostile":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, signal.NSIG))


def handlers(environ):
    kept = {name: signal.getsignal(getattr(signal, name)) is handler for name in NAMES}
    kept["SIGVTALRM"] = signal.getsignal(signal.SIGVTALRM) == signal.SIG_IGN
    blocked = sorted(signal.Signals(n).name for n in signal.pthread_sigmask(signal.SIG_BLOCK, []))
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    seen.clear()
    # From outside, so that the kernel gives them to the main thread, in mode threads too.
    subprocess.run(["/bin/sh", "-c", ";".join(f"kill -{name[3:]} {os.getpid()}" for name in NAMES)])
    deadline = time.monotonic() + 5
    while len(set(seen)) < len(NAMES) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.set_blocking(wakeup_read, False)
    return {
        "lost": sorted(name for name, value in kept.items() if not value),
        "blocked": blocked,
        "unseen": sorted(set(NAMES).difference(seen)),
        "woken": sorted(signal.Signals(n).name for n in set(os.read(wakeup_read, 4096))),
    }


def alarm(environ):
    before = signal.signal(signal.SIGALRM, boom)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        time.sleep(20)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def alarm_in_read(environ):
    signal.signal(signal.SIGALRM, boom)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        return {"read": len(environ["wsgi.input"].read())}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def start_ticks(environ):
    signal.signal(signal.SIGALRM, ticks)
    seconds = float(environ["QUERY_STRING"])
    signal.setitimer(signal.ITIMER_REAL, seconds, seconds)


def stop_ticks(environ):
    signal.setitimer(signal.ITIMER_REAL, 0)
    return {"ticks": ticks.count}


def raise_handlers(environ):
    for number in (signal.SIGUSR1, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, boom)
    return {}


def give_back(environ):
    """What was returned may be set again."""
    before = signal.signal(signal.SIGTERM, handler)
    again = signal.signal(signal.SIGTERM, before)
    return {"same": again is handler and signal.getsignal(signal.SIGTERM) is before}


def quick(environ):
    return {"quick": True}


def work(environ):
    """Python code for a while, in which handlers run."""
    end = time.monotonic() + 0.002
    while time.monotonic() < end:
        pass
    return {"worked": True}


def read(environ):
    body = environ["wsgi.input"].read()
    return {"read": len(body)}


def stream(environ):
    def chunks():
        for n in range(50):
            yield b"x" * 100

    return chunks()


def application(environ, start_response):
    result = globals()[environ["PATH_INFO"].strip("/").replace("-", "_")](environ)
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(result).encode()] if result is None or isinstance(result, dict) else result
