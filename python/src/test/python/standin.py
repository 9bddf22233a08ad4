"""A small stand-in for the JVM: starts a real zygote, connects to real workers, speaks docs/worker-protocol.md."""

from __future__ import annotations

import base64
import json
import marshal
import os
import socket
import subprocess
import sys
import threading
import time
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from connections import Worker
from surroundings import APPLICATIONS, BOOT, DEADLINE, MAIN, frames


class Zygote:
    """A zygote process and what it has said. A context manager: leaves nothing behind."""

    def __init__(
        self,
        module: str = "programs",
        *,
        python: str = sys.executable,
        answer: Callable[[Tuple[Any, ...]], Any] = lambda call: None,
        environment: Optional[Dict[str, str]] = None,
        listeners: Sequence[socket.socket] = (),
        package: str = MAIN,
        **boot: Any,
    ) -> None:
        self.listeners = listeners
        configuration: Dict[str, Any] = {
            "mode": "sync",
            "threads": 4,
            "concurrency": 100 if boot.get("mode") == "asyncio" else 1,
            "module": module or None,
            "file": None,
            "callable": "application",
            "python_path": [APPLICATIONS],
            "argv": [],
            "script": None,
            "shared_imports": [],
            "imports": [],
            "file_wrapper": True,
            "chdir": None,
            "lazy": False,
            "shim": True,
            "window": 262144,
            "max_response_head": 524288,
            "request_ids": None,
            "options": {},
            "processes": 1,
            "version": "1.2.3",
            "buffer_size": 65535,
            "reload": False,
            "strict": False,
            "background": [],
            "spool": None,
            "mules": {"count": 0, "farms": [], "message_size": 0, "receive_size": 65536},
            "queue_size": None,
            "areas": [],
            "paste": None,
            "code": None,
            "chdir_after": None,
            "input": False,
            "address_space": 0,
            "thread_stack": 0,
            "direct": None,
            "accelerate": False,
            "interface": "auto",
            "python_loop": "asyncio",
            "gevent_patch": "never",
        }
        if listeners:
            configuration["direct"] = {
                "sockets": len(listeners),
                "max_header_bytes": 65535,
                "max_header_count": 200,
                "max_body_bytes": 1 << 30,
                "records": False,
                "details": False,
                "counts": False,
                "duration_bounds": [],
                "kept_paths": [],
            }
        configuration.update(boot)
        self.configuration = configuration
        self.process = subprocess.Popen(
            [python, "-c", BOOT, package],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **(environment or {})},
        )
        self.events: List[Dict[str, Any]] = []
        self.errors = b""
        self.calls: List[Tuple[Any, ...]] = []
        self.answer: Callable[[Tuple[Any, ...]], Any] = answer
        self._news = threading.Condition()
        self._outputs: Dict[int, List[threading.Thread]] = {}
        self._threads = [
            threading.Thread(target=self._read_events, daemon=True),
            threading.Thread(target=self._read_errors, daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        self.workers: List[Worker] = []
        self.write(configuration)

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            worker.close()
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            self.process.wait(DEADLINE)
        finally:
            self.process.kill()
            self.process.wait()
            for thread in self._threads:
                thread.join(2)
            for stream in (self.process.stdout, self.process.stderr):
                assert stream is not None
                stream.close()

    def write(self, command: Dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write((json.dumps(command) + "\n").encode())
        self.process.stdin.flush()

    def event(self, name: str, matches: Callable[[Dict[str, Any]], Any] = lambda _: True) -> Dict[str, Any]:
        """The first event of this name that matches; waits for it."""

        def find() -> Optional[Dict[str, Any]]:
            return next((e for e in self.events if e["event"] == name and matches(e)), None)

        with self._news:
            self._news.wait_for(lambda: find() is not None, DEADLINE)
            found = find()
        assert (
            found is not None
        ), f"no event {name}; there are {self.events[-20:]}, stderr {self.errors[-3000:]!r}"
        return found

    def error(self, text: str) -> None:
        """Waits for a text on the zygote's stderr."""
        with self._news:
            found = self._news.wait_for(lambda: text.encode() in self.errors, DEADLINE)
        assert found, f"{text!r} isn't in {self.errors!r}"

    def output(self, pid: int, stream: str = "stdout") -> List[str]:
        """The lines that a worker has written so far."""
        return [
            e["line"]
            for e in list(self.events)
            if e["event"] == "output" and e["pid"] == pid and e["stream"] == stream
        ]

    def worker(self, slot: int = 1, **job: Any) -> Worker:
        """A new worker, ready; with a job, a process that answers no requests."""
        worker = self.unready(slot, **job)
        ready = worker.control()
        assert ready.kind == frames.READY and not ready.flags, ready
        return worker

    def unready(
        self, slot: int = 1, answer: Callable[[Tuple[Any, ...]], Any] = lambda call: None, **job: Any
    ) -> Worker:
        """A new worker, connected."""
        before = len([e for e in self.events if e["event"] == "forked"])
        self.write({"command": "fork", "slot": slot, **({"job": job} if job else {})})
        self.event("forked", lambda _: len([e for e in self.events if e["event"] == "forked"]) > before)
        forked = [e for e in self.events if e["event"] == "forked"][before]
        worker = Worker(self, forked, answer)
        self.workers.append(worker)
        return worker

    def exited(self, worker: Worker) -> Dict[str, Any]:
        return self.event("exited", lambda e: e["pid"] == worker.pid)

    def _read_events(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            event = json.loads(line)
            if event["event"] == "call":
                self._on_call(base64.b64decode(event["frame"]))
            if event["event"] == "forked":
                self._outputs[event["pid"]] = self._read_outputs(event)
            elif event["event"] == "exited":
                event["at"] = time.monotonic()
                # What it has written comes before; another process may hold a pipe open.
                deadline = time.monotonic() + 0.3
                for thread in self._outputs.pop(event["pid"]):
                    thread.join(max(0, deadline - time.monotonic()))
            self._tell(event)

    def _tell(self, event: Dict[str, Any]) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def _read_outputs(self, forked: Dict[str, Any]) -> List[threading.Thread]:
        """Reads a worker's pipes. For tests there is an event `output` for each line."""
        threads = []
        for stream, end in ("stdout", ".out"), ("stderr", ".err"):
            # There is one who writes: the zygote.
            pipe = os.open(forked["path"].replace(".sock", end), os.O_RDONLY)
            event = {"event": "output", "slot": forked["slot"], "pid": forked["pid"], "stream": stream}
            threads.append(threading.Thread(target=self._read_output, args=(pipe, event), daemon=True))
            threads[-1].start()
        self.write({"command": "read", "path": forked["path"]})
        return threads

    def _read_output(self, pipe: int, event: Dict[str, Any]) -> None:
        with open(pipe, encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
            for line in lines:
                self._tell({**event, "line": line.rstrip("\n")})

    def _on_call(self, data: bytes) -> None:
        """A call of the import's."""
        _, kind, _, _, request_id = frames.HEADER.unpack_from(data)
        assert kind == frames.CALL, data
        call = marshal.loads(data[frames.HEADER_BYTES :])
        self.calls.append(call)
        reply = frames.frame(frames.REPLY, 0, request_id, marshal.dumps(self.answer(call), 2))
        self.write({"command": "reply", "frame": base64.b64encode(reply).decode()})

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        while True:
            data = os.read(self.process.stderr.fileno(), 65536)
            if not data:
                return
            with self._news:
                self.errors += data
                self._news.notify_all()


def alive(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
