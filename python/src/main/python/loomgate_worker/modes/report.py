"""What runs in a worker, for its log: threads, greenlets and tasks with their requests and stacks (DUMP).

The control thread writes it. What belongs to an event loop's thread is looked at in that thread, which only notes places in files;
their lines are read later. A loop that doesn't turn is told of, with what can be seen from outside.
"""

from __future__ import annotations

import gc
import linecache
import os
import sys
import threading
from time import monotonic_ns
from types import FrameType
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterable, List, Optional, Tuple

from loomgate_worker.process import marks
from loomgate_worker.process.tracebacks import PACKAGE
from loomgate_worker.wire import frames, request_ids

if TYPE_CHECKING:
    from loomgate_worker.wire.exchange import Exchange

MOST_STACKS = 200
MOST_FRAMES = 40
"""Of a stack, half of them from each end."""
_MOST_CHARACTERS = 200
_MOST_AWAITED = 1000
_END_SECONDS = 5.0

# Where threads wait that have nothing to do.
_IDLE = tuple(
    os.path.join(os.path.dirname(threading.__file__), name)
    for name in ("threading.py", "queue.py", os.path.join("concurrent", "futures", "thread.py"))
)

_BEGINNINGS = (_IDLE[0], "<string>")

Place = Tuple[str, int, str]
"""A file, a line and a function."""

_Found = Tuple[int, str, List[Place], Optional[str]]
"""An age in nanoseconds, what it is, its stack, and the id of its request."""


class Report:
    """What is found, in the order in which it is told.

    :param payload: of the DUMP frame: how old requests are
    :param only: the request that is asked for; None for all that runs
    """

    def __init__(self, payload: bytes, only: Optional[Exchange] = None) -> None:
        self._only = only
        self._ages: Dict[int, int] = {number: age for number, age in frames.AGE.iter_unpack(payload)}
        self._found: List[_Found] = []
        self._notes: List[str] = []

    def note(self, text: str) -> None:
        self._notes.append(text)

    def wants(self, exchange: Optional[Exchange]) -> bool:
        """Whether to `add` what belongs to that request. Where an event loop is held up, anything may hold it."""
        return self._only is None or exchange is self._only or (exchange is None and bool(self._notes))

    def add(self, what: str, exchange: Optional[Exchange], stack: List[Place]) -> None:
        """One that runs or waits.

        :param stack: the outermost first
        """
        if not self.wants(exchange):
            return
        age = -1
        request = None
        if exchange is not None:
            request = exchange.environ.get(request_ids.KEY)
            what = f"{_request(exchange)}, {what}"
            age = self._age(exchange)
            if age >= 0:
                what += f", {age / 1e9:.1f} s"
        self._found.append((age, what, stack, request))

    def add_threads(self, requests: Dict[int, Exchange], left_out: Iterable[int] = ()) -> None:
        """All threads but the calling one and those: with the requests that they run, by their numbers."""
        ours = {*left_out, threading.get_ident()}
        names = _thread_names()
        for number, frame in sys._current_frames().items():
            exchange = requests.get(number)
            if not self.wants(exchange):
                continue
            stack = places(frame)
            if number not in ours and (exchange is not None or not _is_idle(stack)):
                self.add(f"thread {names.get(number, number)}", exchange, stack)

    def is_empty(self) -> bool:
        return not self._found

    def text(self, requests: int) -> str:
        """All of it for the log, what is oldest first, and what has no request last."""
        found = sorted(self._found, key=lambda each: -each[0])
        lines = [
            f"loomgate: process {os.getpid()} has {requests} requests, and this is what runs and waits in it:"
        ]
        lines += self._notes
        lines += [marks.marked(each[3], "\n".join(_shown(each))) for each in found[:MOST_STACKS]]
        if len(found) > MOST_STACKS:
            lines.append(f"... and {len(found) - MOST_STACKS} more, of which {MOST_STACKS} are shown at most")
        if not found:
            lines.append("nothing")
        return "\n".join(lines)

    def of_request(self) -> str:
        """What was found of one request."""
        lines = list(self._notes)
        for each in self._found[:MOST_STACKS]:
            lines += _shown(each)
        return "\n".join(lines) or "it has not begun: it waits in the worker for its turn"

    def _age(self, exchange: Exchange) -> int:
        since: Optional[int] = getattr(exchange, "since", None)
        if since is not None:
            return monotonic_ns() - since
        return self._ages.get(exchange.id, -1)


def _shown(found: _Found) -> List[str]:
    return [f"{found[1]}:", *_lines(found[2])]


def gathered(soon: Callable[[Callable[[], None]], Any], gather: Callable[[], None], seconds: float) -> bool:
    """Has it gathered in another thread, by `soon`. False if that thread hasn't begun in time, and so never will."""
    lock, ended = threading.Lock(), threading.Event()
    state = {"begun": False, "late": False}

    def run() -> None:
        with lock:
            if state["late"]:
                return
            state["begun"] = True
        try:
            gather()
        finally:
            ended.set()

    try:
        soon(run)
    except RuntimeError:
        return False  # the loop is closed
    if ended.wait(seconds):
        return True
    with lock:
        state["late"] = not state["begun"]
    return state["begun"] and ended.wait(_END_SECONDS)


def places(frame: Optional[FrameType]) -> List[Place]:
    """Where a frame is, and those that have called it; without those of this package at the beginning."""
    stack: List[Place] = []
    while frame is not None:
        stack.append((frame.f_code.co_filename, frame.f_lineno or 0, frame.f_code.co_name))
        frame = frame.f_back
    stack.reverse()
    begin = 0
    while begin < len(stack) and (_is_ours(stack[begin]) or stack[begin][0] in _BEGINNINGS):
        begin += 1
    return stack[begin:] or stack[-1:]


def add_greenlets(
    report: Report, kind: Any, request_of: Callable[[Any], Optional[Exchange]], left_out: Any
) -> None:
    """All greenlets of the calling thread that wait."""
    for found in gc.get_objects():
        if issubclass(type(found), kind) and found is not left_out and found:
            frame = found.gr_frame
            exchange = request_of(found)
            if not report.wants(exchange):
                continue
            stack = places(frame)
            if stack and (exchange is not None or not _is_idle(stack)):
                report.add("greenlet", exchange, stack)


def add_tasks(report: Report, tasks: Iterable[Any], requests: Dict[Any, Exchange], variable: Any) -> None:
    """Tasks of asyncio's.

    :param requests: those whose tasks are known
    :param variable: the context variable that has the request, where tasks tell their contexts
    """
    known = _with_awaited(requests)
    for task in tasks:
        exchange = known.get(task)
        if exchange is None and hasattr(task, "get_context"):
            exchange = task.get_context().get(variable)
        if not report.wants(exchange):
            continue
        stack, awaited = _awaiting(task.get_coro())
        what = f"task {_short(str(task.get_name()))}"
        if exchange is not None and exchange.over:
            what += " (its request has ended)"
        report.add(what + (f", which awaits {awaited}" if awaited else ""), exchange, stack)


def _with_awaited(requests: Dict[Any, Exchange]) -> Dict[Any, Exchange]:
    """Those, and the tasks that they await."""
    known = dict(requests)
    left = list(requests.items())
    while left:
        future, exchange = left.pop()
        for awaited in (getattr(future, "_fut_waiter", None), *(getattr(future, "_children", None) or ())):
            if awaited is not None and awaited not in known:
                known[awaited] = exchange
                left.append((awaited, exchange))
    return known


def _awaiting(coroutine: Any) -> Tuple[List[Place], str]:
    """The coroutines that await each other, the outermost first, and what the last one awaits."""
    stack: List[Place] = []
    for _ in range(_MOST_AWAITED):
        for prefix in ("cr", "gi", "ag"):
            frame = getattr(coroutine, prefix + "_frame", None)
            if frame is not None:
                stack.append((frame.f_code.co_filename, frame.f_lineno or 0, frame.f_code.co_name))
            following = getattr(coroutine, _AWAITED[prefix], None)
            if following is not None:
                break
        else:
            following = _inside(coroutine)
        if following is None:
            return stack, ""
        if hasattr(following, "_asyncio_future_blocking"):
            name = following.get_name() if hasattr(following, "get_name") else ""
            return stack, _short(f"{type(following).__name__} {name}".strip())
        coroutine = following
    return stack, ""


_AWAITED = {"cr": "cr_await", "gi": "gi_yieldfrom", "ag": "ag_await"}


def _inside(wrapper: Any) -> Any:
    """What an object of the interpreter's own awaits that doesn't tell: an item of an asynchronous generator, a future's iterator."""
    if type(wrapper).__module__ not in ("builtins", "_asyncio"):
        return None
    for found in gc.get_referents(wrapper):
        if any(hasattr(found, name) for name in ("ag_frame", "cr_frame", "_asyncio_future_blocking")):
            return found
    return None


def _request(exchange: Exchange) -> str:
    environ = exchange.environ
    path = str(environ.get("SCRIPT_NAME", "")) + str(environ.get("PATH_INFO", ""))
    try:
        path = path.encode("latin-1").decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:
        pass  # the program has changed it
    return _short(f"{environ.get('REQUEST_METHOD')} {path}")


def _short(text: str) -> str:
    """Text from outside, in one line."""
    text = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[: _MOST_CHARACTERS + 1])
    return text if len(text) <= _MOST_CHARACTERS else text[:_MOST_CHARACTERS] + "..."


def _lines(stack: List[Place]) -> List[str]:
    half = MOST_FRAMES // 2
    lines = []
    for number, (file, line, function) in enumerate(stack):
        if len(stack) > MOST_FRAMES and half <= number < len(stack) - half:
            if number == half:
                lines.append(f"  ... {len(stack) - 2 * half} frames are left out here")
            continue
        lines.append(f'  File "{file}", line {line}, in {function}')
        text = linecache.getline(file, line).strip()
        if text:
            lines.append(f"    {text}")
    return lines


def _is_ours(place: Place) -> bool:
    return place[0].startswith(PACKAGE)


def _is_idle(stack: List[Place]) -> bool:
    return all(_is_ours(place) or place[0] in _IDLE for place in stack)


def _thread_names() -> Dict[int, str]:
    """As the program's `threading` has them, or else this package's."""
    names: Dict[int, str] = {}
    for module in (threading, sys.modules.get("threading")):
        try:
            for number, thread in list(vars(module)["_active"].items()):
                names[number] = _short(str(thread.name))
        except Exception:
            pass  # the program has changed it
    return names
