"""Handlers of signals that the application sets with `signal.signal`: called as ever, but what they raise can't hit our code.

Python calls a handler in the main thread between any two instructions, which may be ours: an exception there would lose a
request that was just taken from a queue, or half a frame. So `signal.signal` gets the handler wrapped, and what it raises is

- passed on where the application runs, inside a request: it ends that request, or whatever the application makes of it;
- passed on, too, where our code waits for a request's sake (`interruptible`);
- kept while our code works for a request, and raised again a moment later, if that request still runs;
- logged, where no request runs.

`signal.getsignal` and what `signal.signal` returns show the application its own handlers. In processes that the
application forks nothing is kept.
"""

from __future__ import annotations

import _thread
import functools
import importlib
import os
import selectors
import signal
import sys
import time
import traceback
import types
from types import CodeType, FrameType
from typing import Any, Callable, Optional, Set, Tuple, TypeVar

from loomgate_worker.process import log, stops
from loomgate_worker.process.tracebacks import PACKAGE

_signal: Callable[..., Any] = signal.signal
_getsignal: Callable[[int], Any] = signal.getsignal
_siginterrupt: Callable[[int, bool], None] = signal.siginterrupt
_pthread_kill: Callable[[int, int], None] = signal.pthread_kill
_getpid, _get_ident, _start_thread, _sleep = (
    os.getpid,
    _thread.get_ident,
    _thread.start_new_thread,
    time.sleep,
)
_format_exception, _monotonic = traceback.format_exception, time.monotonic

_FIRST_PAUSE_SECONDS = 0.001
_LAST_PAUSE_SECONDS = 0.1
_WINDOW_SECONDS = 1.0
_MOST_IN_WINDOW = 10

_Function = TypeVar("_Function", bound=Callable[..., Any])
_callers: Set[CodeType] = set()
_waits: Set[CodeType] = set()
_requests: Set[CodeType] = set()
_idle: Set[CodeType] = set()
_set_once = False


def calls_application(function: _Function) -> _Function:
    """Marks a function of ours that calls the application, and stands what that raises."""
    _callers.add(function.__code__)
    return function


def runs_request(function: _Function) -> _Function:
    """The same for the outermost function of a request."""
    _requests.add(function.__code__)
    return calls_application(function)


def interruptible(function: _Function) -> _Function:
    """Marks a function of ours that does nothing but wait, inside a request."""
    _waits.add(function.__code__)
    return function


def idles_in(code: CodeType) -> None:
    """Marks a function that isn't ours, in which a thread waits when no request runs: an event loop's."""
    _idle.add(code)


def install() -> None:
    """In the zygote, once, before the application is imported."""
    # The application's `signal` and ours are both made on top of this one: ours keeps the originals.
    below: Any = importlib.import_module("_signal")
    vars(signal)["_signal"] = types.SimpleNamespace(**vars(below))
    theirs = sys.modules.get("signal", types.SimpleNamespace())
    for module in below, theirs:
        module.signal = functools.wraps(_signal)(_set)
        module.getsignal = functools.wraps(_getsignal)(_get)
        module.siginterrupt = _interrupt
    os.register_at_fork(after_in_child=_guard.leave)


def are_set() -> bool:
    """Whether the application has ever set a handler."""
    return _set_once


def set_guarded(number: int, handler: Callable[..., Any]) -> None:
    """Sets a handler of ours that may raise, as if it were the application's."""
    _signal(number, _Guarded(handler))


def guard() -> None:
    """In a worker's main thread, from when on no exception of a handler may leave the application."""
    _guard.enter()


class _Guarded:
    """A handler of the application's."""

    def __init__(self, handler: Any) -> None:
        self.handler = handler

    def __call__(self, number: int, frame: Optional[FrameType]) -> None:
        try:
            self.handler(number, frame)
        except BaseException as e:
            if _guard.pid == 0 or _guard.passes(e, number, frame):
                raise


class _Guard:
    def __init__(self) -> None:
        # 0 where everything passes: in the zygote, whose import may fail, and in processes of the application's own.
        self.pid = 0
        self._main = 0
        self._kept: Optional[Tuple[BaseException, int, FrameType]] = None
        self._due = False
        self._pause = _FIRST_PAUSE_SECONDS
        self._logging = False
        self._window_end = 0.0
        self._said = 0
        self._unsaid = 0

    def enter(self) -> None:
        self.pid, self._main = _getpid(), _get_ident()
        _signal(stops.AGAIN, self._again)
        _siginterrupt(stops.AGAIN, False)

    def leave(self) -> None:
        self.pid = 0
        self._kept = None

    def passes(self, e: BaseException, number: int, frame: Optional[FrameType]) -> bool:
        """Whether it may be raised here and now. Otherwise it is kept, or logged."""
        open_here, request = _place(frame)
        if request is None:
            self._log(e, number, "while no request ran")
        elif open_here:
            return True
        elif self._kept is not None:
            self._log(e, number, "after another one")
        else:
            self._pause = _FIRST_PAUSE_SECONDS
            self._kept = e, number, request
            _start_thread(self._remind, ())
        return False

    def _remind(self) -> None:
        _sleep(self._pause)
        self._due = True
        # It may come just before a system call that waits for good.
        while self._due and self._kept is not None:
            _pthread_kill(self._main, stops.AGAIN)
            _sleep(_LAST_PAUSE_SECONDS)

    def _again(self, _: int, frame: Optional[FrameType]) -> None:
        kept = self._kept
        if kept is None or not self._due:
            return
        self._due = False
        e, number, request = kept
        open_here, now = _place(frame)
        if now is request and not open_here:
            self._pause = min(self._pause * 2, _LAST_PAUSE_SECONDS)
            _start_thread(self._remind, ())
            return
        self._kept = None
        if now is request:
            raise e
        self._log(e, number, "when its request had ended")

    def _log(self, e: BaseException, number: int, when: str) -> None:
        now = _monotonic()
        if now >= self._window_end:
            self._window_end, self._said = now + _WINDOW_SECONDS, 0
        if self._logging or self._said >= _MOST_IN_WINDOW:
            # A handler that raises at the pace of a timer would have us do nothing but log.
            self._unsaid += 1
            return
        self._logging = True
        self._said += 1
        try:
            name = signal.Signals(number).name
        except ValueError:
            name = f"signal {number}"
        more, self._unsaid = self._unsaid, 0
        others = f" ({more} more since the last of these lines)" if more else ""
        try:
            said = "".join(_format_exception(type(e), e, e.__traceback__, chain=False))
            log.say(
                f"loomgate: the application's handler of {name} raised an exception {when}{others}:\n{said}"
            )
        except Exception:
            pass  # there is nowhere left to say it
        self._logging = False


_guard = _Guard()


def _place(frame: Optional[FrameType]) -> Tuple[bool, Optional[FrameType]]:
    """Whether an exception may be raised in this frame, and the frame of the request that it belongs to."""
    inner = frame
    ours: Optional[FrameType] = None
    of_application = False
    request = None
    while frame is not None:
        code = frame.f_code
        if code.co_filename.startswith(PACKAGE):
            if ours is None:
                ours = frame
            if code in _requests:
                request = frame
                break
        elif ours is None and not _is_of_loop(code.co_filename):
            of_application = True
        frame = frame.f_back
    if inner is not None and inner.f_code in _idle:
        return False, None
    if ours is None:
        # A greenlet of the application's own, or the interpreter's end.
        return True, inner
    if ours is inner:
        return request is not None and ours.f_code in _waits, request
    if not of_application or ours.f_code not in _callers:
        return False, request
    # A coroutine or callback belongs to the event loop, which looks after what it raises.
    return True, request or ours


def _is_of_loop(filename: str) -> bool:
    return filename.startswith(_ASYNCIO) or filename == selectors.__file__


_ASYNCIO = os.path.join(os.path.dirname(os.__file__), "asyncio") + os.sep


def _set(signalnum: Any, handler: Any) -> Any:
    global _set_once
    if callable(handler) and handler is not stops.ignored:
        handler = _Guarded(handler)
        _set_once = True
    before = _signal(signalnum, handler)
    stops.restarting.discard(int(signalnum))
    return before.handler if isinstance(before, _Guarded) else before


def _get(signalnum: Any) -> Any:
    found = _getsignal(signalnum)
    return found.handler if isinstance(found, _Guarded) else found


def _interrupt(signalnum: Any, flag: bool) -> None:
    """If flag is False, system calls will be restarted when interrupted by signal signalnum, else they will be interrupted."""
    _siginterrupt(signalnum, flag)
    (stops.restarting.discard if flag else stops.restarting.add)(int(signalnum))
