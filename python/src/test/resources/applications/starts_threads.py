"""An application with threads of its own, within a request and beyond it."""
from __future__ import annotations

import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Iterable

tasks: queue.Queue[int] = queue.Queue()
done: list[int] = []
started = threading.Lock()
worker: list[threading.Thread] = []


def square(number: int) -> int:
    return number * number


def work() -> None:
    while True:
        done.append(tasks.get() * 10)


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if path == "/within":
        results: list[str] = []
        threads = [threading.Thread(target=results.append, args=("x",)) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        body = "".join(results)
    elif path == "/pool":
        with ThreadPoolExecutor(4) as pool:
            body = str(list(pool.map(square, range(6))))
    elif path == "/beyond":
        with started:
            if not worker:
                worker.append(threading.Thread(target=work, daemon=True))
                worker[0].start()
        tasks.put(int(environ["QUERY_STRING"]))
        body = "put"
    elif path == "/local":
        local = threading.local()
        local.value = "mine"
        seen: list[bool] = []
        thread = threading.Thread(target=lambda: seen.append(hasattr(local, "value")))
        thread.start()
        thread.join()
        body = f"{local.value} {seen}"
    else:
        body = str(sorted(done))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [body.encode()]
