"""Views that fork; the child comes back by each way there is, or works on for itself."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import time
from typing import Any, Iterator, List


def application(environ: Any, start_response: Any) -> Any:
    path, note = environ["PATH_INFO"], environ["QUERY_STRING"]
    head = [("Content-Type", "text/plain")]
    if path in ("/process", "/process-writes"):
        write = start_response("200 OK", head)
        return [_process(write if path == "/process-writes" else None)]
    if path == "/hello":
        start_response("200 OK", head)
        return [b"%d" % os.getpid()]
    sys.stdout.write("before the fork ")
    pid = _fork_in_thread() if path == "/thread" else os.fork()
    if pid:
        with open(note, "w") as file:
            file.write(str(pid))
        if path == "/lives-on":
            start_response("200 OK", head)
            return [b"parent"]
        _, status = os.waitpid(pid, 0)
        start_response("200 OK", head)
        return [b"parent %d" % (os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status))]
    # ---- the child
    if path == "/raises":
        raise RuntimeError("in the child")
    if path == "/exits":
        raise SystemExit(5)
    if path == "/interrupted":
        raise KeyboardInterrupt
    if path == "/reads":
        environ["wsgi.input"].read()
    if path == "/waits":
        import uwsgi  # type: ignore[import]

        uwsgi.async_sleep(0.05)
    if path == "/lives-on":
        time.sleep(0.3)
    write = start_response("200 OK", head)
    if path == "/writes":
        write(b"child")
        os._exit(99)
    if path == "/large":
        return [b"child" * 100000]
    if path == "/generator":
        return _generator()
    if path == "/closes":
        return _Closing()
    if path == "/file":
        return environ["wsgi.file_wrapper"](open(sys.executable, "rb"))
    return [b"child"]


def _generator() -> Iterator[bytes]:
    yield b""
    yield b"child"


class _Closing:
    def __iter__(self) -> Iterator[bytes]:
        return iter([b"child", b"child"])

    def close(self) -> None:
        os._exit(99)


def _fork_in_thread() -> int:
    """The fork happens in another thread, whose child returns to nobody."""
    pids: List[int] = []

    def fork() -> None:
        pid = os.fork()
        if pid == 0:
            time.sleep(0.05)
        pids.append(pid)

    thread = threading.Thread(target=fork)
    thread.start()
    thread.join()
    return pids[0]


def _process(write: Any) -> bytes:
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    process = context.Process(target=_target, args=(results, write))
    process.start()
    value = results.get(timeout=10)
    process.join()
    return f"{value} {process.exitcode}".encode()


def _target(results: Any, write: Any) -> None:
    results.put(os.getppid())
    results.close()
    results.join_thread()
    if write is not None:
        write(b"child")
        os._exit(99)
    sys.exit(7)
