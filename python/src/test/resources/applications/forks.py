"""An application that starts processes, by each of the usual ways."""
from __future__ import annotations

import multiprocessing
import os
import subprocess
from typing import Any, Iterable


def square(number: int) -> int:
    return number * number


def forked() -> str:
    """A child of os.fork() that answers over a pipe, and leaves without cleaning up what is its parent's."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, b"from the child")
        os._exit(7)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    return f"{said}, status {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}"


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path == "/run":
        ended = subprocess.run(["/bin/sh", "-c", "cat; exit 5"], input=b"through cat", capture_output=True)
        body = f"{ended.stdout.decode()}, status {ended.returncode}"
    elif path == "/shell":
        body = os.popen("echo from a shell").read() + str(os.system("exit 3") >> 8)
    elif path == "/fork":
        body = forked()
    elif path == "/multiprocessing":
        with multiprocessing.get_context("fork").Pool(2) as pool:
            body = str(pool.map(square, range(5)))
            pool.close()
            pool.join()
    elif path == "/spawn":
        process: Any = multiprocessing.get_context("spawn").Process(target=square, args=(3,))
        process.start()
        process.join(10)
        body = f"ended {process.exitcode}"
    else:
        body = "still here"
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [body.encode()]
