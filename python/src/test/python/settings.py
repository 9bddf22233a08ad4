"""What programs do to their interpreter and process: each is Python code that is run at the import, and again in a request.

`boom` is a function that raises; `stub` a class whose every use does.
"""

from __future__ import annotations

from typing import Dict

SETTINGS: Dict[str, str] = {
    # ---- functions replaced in the standard library
    "json": "import json; json.dumps = json.loads = boom; json.encoder = json.decoder = None",
    "os": "import os; os.read = os.write = os.close = os.pipe = os.dup2 = os.open = boom",
    "os.fork": "import os; os.fork = os._exit = os.kill = os.waitpid = os.getpid = boom",
    "posix": "import posix; posix.read = posix.write = posix.fork = posix._exit = boom",
    "os.path": "import os; os.path.join = os.path.abspath = os.unlink = os.fspath = boom",
    "time": "import time; time.monotonic = time.time = lambda: 0.0; time.sleep = boom",
    "socket": "import socket; socket.socket = socket.socketpair = socket.gethostname = boom",
    "select": "import select; select.poll = select.select = boom; del select.epoll",
    "threads": "import threading; threading.Thread = threading.Lock = threading.Condition = boom",
    "_thread": "import _thread; _thread.start_new_thread = _thread.allocate_lock = boom",
    "queue": "import queue; queue.SimpleQueue = queue.Queue = boom",
    "struct": "import struct, marshal; struct.Struct = struct.pack = marshal.loads = marshal.dumps = boom",
    "collections": "import collections, functools; collections.deque = functools.wraps = functools.partial = boom",
    "io": "import io; io.BytesIO = io.TextIOWrapper = io.open = boom",
    "traceback": "import traceback, linecache; traceback.format_exception = linecache.getline = boom",
    "mmap": "import mmap, fcntl; mmap.mmap = fcntl.fcntl = boom",
    "signal": "import signal; signal.signal = signal.getsignal = signal.pthread_sigmask = boom",
    "types": "import types; types.GeneratorType = types.ModuleType = types.FunctionType = int",
    "importlib": "import importlib; importlib.import_module = importlib.reload = boom",
    "asyncio": "import asyncio; asyncio.ensure_future = asyncio.sleep = asyncio.wait = boom",
    "builtins.open": "import builtins; builtins.open = builtins.print = builtins.input = boom",
    "builtins.len": "import builtins; builtins.len = builtins.isinstance = builtins.getattr = builtins.iter = boom",
    "builtins.str": "import builtins; builtins.str = builtins.bytes = builtins.list = builtins.type = stub",
    "builtins.OSError": "import builtins; builtins.OSError = builtins.Exception = builtins.BaseException = stub",
    "builtins.__import__": "import builtins; builtins.__import__ = boom",
    "sys.exit": "import sys; sys.exit = sys.intern = boom",
    # ---- modules and where they come from
    "sys.path": "import sys; sys.path[:] = []; sys.meta_path.clear(); sys.path_hooks.clear(); sys.path_importer_cache.clear()",
    "sys.modules": "import sys; [sys.modules.pop(n) for n in list(sys.modules) if n != 'program']",
    "no json": "import sys; sys.modules.update(dict.fromkeys(['json', 'threading', 'os', 'traceback', 'time']))",
    "reloads": "import importlib, os, json, socket; [importlib.reload(m) for m in (os, json, socket)]",
    "the worker's package": "import sys; [sys.modules.pop(n) for n in list(sys.modules) if n.startswith('loomgate_worker')]",
    # ---- streams and descriptors
    "sys.stdout None": "import sys; sys.stdout = sys.__stdout__ = None",
    "sys.stderr None": "import sys; sys.stderr = sys.__stderr__ = None",
    "streams closed": "import sys; sys.stdout.close(); sys.stderr.close(); sys.stdin.close()",
    "streams that raise": "import sys; sys.stdout = sys.stderr = sys.stdin = stub()",
    "streams without methods": "import sys; sys.stdout = sys.stderr = object()",
    "descriptor 0": "import os\ntry: os.close(0)\nexcept OSError: pass",
    "descriptor 1": "import os\ntry: os.close(1)\nexcept OSError: pass",
    "descriptor 2": "import os\ntry: os.close(2)\nexcept OSError: pass",
    "descriptors 0 to 255": "import os; os.closerange(0, 256)",
    "a daemon's": "import os; os.closerange(0, 1024); f = os.open(os.devnull, os.O_RDWR); os.dup2(f, 1); os.dup2(f, 2)",
    "non-blocking": "import os\nfor f in (1, 2): os.set_blocking(f, False)",
    "many descriptors": "import os; kept = globals().setdefault('kept', []); kept += [os.open('/', 0) for _ in range(200)]",
    # ---- the process
    "default timeout": "import socket; socket.setdefaulttimeout(0.01)",
    "default timeout 0": "import socket; socket.setdefaulttimeout(0)",
    "tempdir": "import tempfile; tempfile.tempdir = '/nowhere'",
    "TMPDIR": "import os; os.environ['TMPDIR'] = '/nowhere/at/all'",
    "environ": "import os; os.environ.clear()",
    "chdir": "import os, tempfile; d = tempfile.mkdtemp(dir='/tmp'); os.chdir(d); os.rmdir(d)",
    "umask": "import os; os.umask(0o777)",
    "setsid": "import os\ntry: os.setsid()\nexcept OSError: pass",
    "nice": "import os; os.nice(1)",
    "RLIMIT_NOFILE": "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (64, r.getrlimit(r.RLIMIT_NOFILE)[1]))",
    "RLIMIT_FSIZE": "import resource as r; r.setrlimit(r.RLIMIT_FSIZE, (1024, r.getrlimit(r.RLIMIT_FSIZE)[1]))",
    "RLIMIT_AS": "import resource as r; r.setrlimit(r.RLIMIT_AS, (1 << 30, r.getrlimit(r.RLIMIT_AS)[1]))",
    "RLIMIT_CORE": "import resource as r; r.setrlimit(r.RLIMIT_CORE, (0, 0))",
    "locale": "import locale; locale.setlocale(locale.LC_ALL, 'C.UTF-8')",
    "wakeup fd": "import os, signal, sys; r, w = os.pipe(); os.set_blocking(w, False); signal.set_wakeup_fd(w)",
    "alarm": "import signal; signal.signal(signal.SIGALRM, lambda *_: None); signal.setitimer(signal.ITIMER_REAL, 0.001)",
    "siginterrupt": "import signal; signal.signal(signal.SIGALRM, lambda *_: None); signal.siginterrupt(signal.SIGALRM, True)",
    # ---- the interpreter
    "excepthook": "import sys, threading; sys.excepthook = sys.unraisablehook = threading.excepthook = boom",
    "no excepthook": "import sys, threading; sys.excepthook = sys.unraisablehook = threading.excepthook = None",
    "deleted excepthook": "import sys\ntry: del sys.excepthook, sys.unraisablehook, sys.displayhook\nexcept AttributeError: pass",
    "displayhook": "import sys; sys.displayhook = sys.breakpointhook = boom",
    "recursion limit": "import sys; sys.setrecursionlimit(90)",
    "settrace": "import sys, threading; t = lambda *_: None; sys.settrace(t); threading.settrace(t)",
    "setprofile": "import sys, threading; t = lambda *_: None; sys.setprofile(t); threading.setprofile(t)",
    "gc.disable": "import gc; gc.disable(); gc.freeze(); gc.set_threshold(1)",
    "gc.set_debug": "import gc; gc.set_debug(gc.DEBUG_SAVEALL | gc.DEBUG_STATS); gc.callbacks.append(boom)",
    "warnings": "import warnings; warnings.simplefilter('error'); warnings.showwarning = boom",
    "switch interval": "import sys; sys.setswitchinterval(1e-6)",
    "stack size": "import threading; threading.stack_size(32768)",
    "codecs": "import codecs\nfor n in ('strict', 'replace', 'backslashreplace', 'surrogateescape'): codecs.register_error(n, boom)",
    "codec": "import codecs; codecs.register(boom)",
    "decimal": "import decimal; decimal.getcontext().prec = 1; decimal.getcontext().traps[decimal.Inexact] = True",
    "random": "import random, hashlib; random.seed(0); random.Random = hashlib.sha1 = boom",
    "int digits": "import sys; getattr(sys, 'set_int_max_str_digits', int)(640)",
    "faulthandler": "import faulthandler; faulthandler.disable(); faulthandler.cancel_dump_traceback_later()",
    "atexit": "import atexit; atexit.register(boom)",
    "at fork": "import os; os.register_at_fork(before=boom, after_in_child=boom, after_in_parent=boom)",
    "logging": "import logging; logging.basicConfig(level=1); logging.disable(60); logging.Logger.handle = boom",
    # ---- concurrency
    "event loop None": "import asyncio; asyncio.set_event_loop(None)",
    "event loop policy": "import asyncio; asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())",
    "start method": "import multiprocessing; multiprocessing.set_start_method('spawn', force=True)",
    "contextvars": "import contextvars; contextvars.copy_context = contextvars.Context = boom",
    "a thread": "import threading, time; threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
    "gevent": "from gevent import monkey; monkey.patch_all()",
    "eventlet's way": """import os, select, socket, sys, threading, time
def green(*a, **k): raise RuntimeError('a green function outside of its hub')
for m, names in ((os, 'fork read write'), (select, 'select poll epoll'), (socket, 'socket create_connection'),
                 (threading, 'Lock RLock Thread Condition Event local _start_new_thread _allocate_lock get_ident'),
                 (time, 'sleep')):
    [setattr(m, n, green) for n in names.split() if hasattr(m, n)]""",
}

PROGRAM = """
import os
import sys

_pid = str(os.getpid).encode and os.getpid
_exec, _int, _bytes = exec, int, bytes
_setting = {setting!r}


def boom(*_, **__):
    raise RuntimeError("boom")


class stub:
    def __init__(self, *_, **__):
        pass

    def __getattr__(self, name):
        raise RuntimeError("boom: " + name)


def application(environ, start_response):
    path = environ["PATH_INFO"]
    head = [("Content-Type", "text/plain")]
    if path == "/set":
        _exec(_setting, globals())
        body = b"set"
    elif path == "/body":
        body = b"%d" % environ["wsgi.input"].read().__len__()
    elif path == "/large":
        body = b"x" * 1000000
    elif path == "/stream":
        start_response("200 OK", head)
        return (b"x" * 100000 for _ in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10))
    elif path == "/fails":
        raise LookupError("the program's own")
    else:
        body = b"%d" % _pid()
    start_response("200 OK", head)
    return [body]


exec(_setting, globals())
"""
