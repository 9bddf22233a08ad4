"""Mode `threads`: the main thread reads the data connection, N threads run applications and send what they answer."""

from __future__ import annotations

import os
import select
import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Callable, Deque, Dict, Optional

from loomgate_worker.intake import Intake
from loomgate_worker.links import Closed
from loomgate_worker.runner import Runner

if TYPE_CHECKING:
    from loomgate_worker.begun import Begun
    from loomgate_worker.exchange import Exchange
    from loomgate_worker.links import Links


class Threads(Runner):
    """Runs requests in `threads` daemon threads.

    `_condition` guards the queue, the marks and what frames do to exchanges; whoever waits for a frame waits on `_news`,
    which shares its lock. Frames are sent under a lock of their own, each as a whole.
    """

    multithread = True

    def __init__(
        self, application: Callable[..., Any], links: Links, begun: Begun, boot: Dict[str, Any]
    ) -> None:
        super().__init__(application, links, begun, boot)
        self._intake = Intake(links.data, self)
        self._send_lock = threading.Lock()
        self.emit = self._send
        lock = threading.Lock()
        self._condition = threading.Condition(lock)
        self._news = threading.Condition(lock)
        self._pending: Deque[Exchange] = deque()
        self._closing: Deque[Exchange] = deque()
        self._local = threading.local()
        self._recalled = False
        self._wake_fd, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        self._count: int = boot["threads"]

    def serve(self) -> None:
        for number in range(1, self._count + 1):
            threading.Thread(target=self._work, name=f"loomgate-{number}", daemon=True).start()
        poll = select.poll()
        poll.register(self.links.data, select.POLLIN)
        poll.register(self._wake_fd, select.POLLIN)
        while not (self.stopping and not self.live):
            for descriptor, _ in poll.poll():
                if descriptor == self._wake_fd:
                    os.read(self._wake_fd, 4096)
            with self._condition:
                try:
                    while self._intake.receive():
                        pass
                except Closed:
                    self.gone()
                if self._recalled:
                    self._recalled = False
                    taken = [exchange.id for exchange in self._pending]
                    self._pending.clear()
                    for request_id in taken:
                        del self.live[request_id]
                else:
                    taken = None
            if taken is not None:
                self.returned(taken)

    def accept(self, exchange: Exchange) -> None:
        self._pending.append(exchange)
        self._condition.notify()

    def current(self) -> Optional[Exchange]:
        exchange: Optional[Exchange] = getattr(self._local, "exchange", None)
        return exchange

    def wait(self, exchange: Exchange, ready: Callable[[], bool]) -> None:
        with self._news:
            self._news.wait_for(ready)

    def wake(self, exchange: Exchange) -> None:
        self._news.notify_all()

    def close_later(self, exchange: Exchange) -> None:
        self._closing.append(exchange)
        self._condition.notify()

    def recall(self) -> None:
        self._recalled = True
        self._wake_reader()

    def _work(self) -> None:
        local, condition, marks = self._local, self._condition, self.begun.marks
        while True:
            with condition:
                while not self._pending and not self._closing:
                    condition.wait()
                exchange = self._closing.popleft() if self._closing else self._pending.popleft()
                begins = exchange.open_file is None
                if begins:
                    marks[0] = exchange.id
                    self.served += 1
            local.exchange = exchange
            if begins:
                exchange.run()
            else:
                exchange.close_file()
            local.exchange = None
            if self.stopping:
                self._wake_reader()
            del exchange

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
