"""Mode `threads`: the main thread reads the data connection, N threads run applications and send what they answer."""

from __future__ import annotations

import os
import select
import threading
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional

from loomgate_worker.modes.intake import Intake
from loomgate_worker.modes.runner import Runner
from loomgate_worker.process import descriptors, handlers, isolation, native

if TYPE_CHECKING:
    from loomgate_worker.wire.begun import Begun
    from loomgate_worker.wire.exchange import Exchange
    from loomgate_worker.wire.links import Links


_HANDLERS_MILLIS = 100


class Threads(Runner):
    """Runs requests in `threads` daemon threads.

    What is to be done goes through a queue: requests, and files to be closed. The lock of `_news` guards what frames do to
    exchanges; a thread that waits for a frame waits there. Frames are sent under a lock of their own, each as a whole.
    """

    multithread = True

    def __init__(
        self, application: Callable[..., Any], links: Links, begun: Begun, boot: Dict[str, Any]
    ) -> None:
        super().__init__(application, links, begun, boot)
        self._intake = Intake(links.data, self)
        self._send_lock = threading.Lock()
        self.emit = self._send
        self._news = threading.Condition(threading.Lock())
        self._marks_lock = threading.Lock()
        self._queue: SimpleQueue[Exchange] = SimpleQueue()
        self.accept = self._queue.put
        self._local = threading.local()
        self._recalled = False
        self._wake_fd, self._wake = descriptors.pipe()
        os.set_blocking(self._wake, False)
        self._count: int = boot["threads"]

    def serve(self) -> None:
        isolation.have_imported("threading")
        for number in range(1, self._count + 1):
            name = f"loomgate-{number}"
            native.start(
                threading.Thread(target=native.run_known, args=(name, self._work), name=name, daemon=True)
            )
        self._read()

    def _read(self) -> None:
        """Takes frames until the worker has ended."""
        poll = select.poll()
        poll.register(self.links.data, select.POLLIN)
        poll.register(self._wake_fd, select.POLLIN)
        # The kernel may give a signal to another thread. Its handler runs here, when this thread next wakes.
        millis = _HANDLERS_MILLIS if handlers.are_set() else None
        while not (self.stopping and not self.live):
            for descriptor, _ in poll.poll(millis):
                if descriptor == self._wake_fd:
                    os.read(self._wake_fd, 4096)
            with self._news:
                # Once, if nothing is recalled: poll() tells of more.
                while self._intake.receive() and self._recalled:
                    pass
            if self._recalled:
                self._recalled = False
                self.returned(self._take_back())

    def current(self) -> Optional[Exchange]:
        exchange: Optional[Exchange] = getattr(self._local, "exchange", None)
        return exchange

    def wait(self, exchange: Exchange, ready: Callable[[], bool]) -> None:
        with self._news:
            self._news.wait_for(ready)

    def wake(self, exchange: Exchange) -> None:
        self._news.notify_all()

    def close_later(self, exchange: Exchange) -> None:
        self.accept(exchange)

    def recall(self) -> None:
        self._recalled = True
        self._wake_reader()

    def _work(self) -> None:
        local, get = self._local, self._queue.get
        while True:
            exchange = get()
            local.exchange = exchange
            self._run(exchange)
            local.exchange = None
            del exchange

    def _run(self, exchange: Exchange) -> None:
        if exchange.over:
            exchange.close_file()
        else:
            marks = self.begun.marks
            with self._marks_lock:
                # Another thread may have taken a later one and been quicker.
                if exchange.id > marks[0]:
                    marks[0] = exchange.id
                self.served += 1
            exchange.run()
        if self.stopping:
            self._wake_reader()

    def _take_back(self) -> List[int]:
        """Empties the queue; the ids of the requests that were in it."""
        closing, taken = [], []
        try:
            while True:
                exchange = self._queue.get_nowait()
                if exchange.over:
                    closing.append(exchange)
                else:
                    taken.append(exchange.id)
                    del self.live[exchange.id]
        except Empty:
            pass
        for exchange in closing:
            self.accept(exchange)
        return taken

    def _send(self, frame: bytes) -> None:
        try:
            with self._send_lock:
                self.links.data.sendall(frame)
        except ConnectionError:
            self.gone()

    def _wake_reader(self) -> None:
        try:
            os.write(self._wake, b"\0")
        except BlockingIOError:
            pass
