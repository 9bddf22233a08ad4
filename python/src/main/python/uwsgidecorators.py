"""Decorators for what the `uwsgi` module offers: timers, crons, signals, file monitors, background tasks, locks.

It has the names, the arguments and the effects of the module that uWSGI brings, and runs under uWSGI, too. A program that
finds uWSGI's own, as Debian's package python3-uwsgidecorators has it, gets that one. ::

    from uwsgidecorators import cron, filemon, postfork, timer

    @postfork
    def connect():
        "In each worker, after the fork."

    @timer(30, target="worker1")
    def sweep(signum):
        "Every 30 seconds, in worker 1."

    @cron(-15, -1, -1, -1, 1)
    def report(signum):
        "Every 15 minutes on Mondays."

What a handler is given is the number of its signal: `signum=...`, or else the first one that is free.
"""

import functools
import pickle
import sys
import threading

import uwsgi

if uwsgi.masterpid() == 0:
    raise RuntimeError("uwsgidecorators needs a master process")

spooler_functions = {}
"""What `@spool` and its kin have decorated, by name: this is how a task names its function."""

mule_functions = {}
"""What `@mulefunc` has decorated, by name."""

postfork_chain = []
"""What is called in each process after the fork, in this order."""


# ---- after the fork


def postfork_chain_hook():
    """`uwsgi.post_fork_hook`."""
    for function in postfork_chain:
        function()


class postfork:
    """`@postfork`: in each process after its fork. `@postfork(2)`: in worker 2 alone."""

    def __init__(self, f):
        self.f, self.wid = (f, 0) if callable(f) else (None, f)
        postfork_chain.append(self)

    def __call__(self, *args, **kwargs):
        if self.f is None:
            self.f = args[0]
        elif self.wid <= 0 or self.wid == uwsgi.worker_id():
            return self.f()
        return None


# ---- signals


def get_free_signal():
    """The first number that no handler is registered for."""
    for number in range(256):
        if not uwsgi.signal_registered(number):
            return number
    raise RuntimeError("all 256 uwsgi signals are registered")


class signal:
    """`@signal(17, target="workers")`: when `uwsgi.signal(17)` is called."""

    def __init__(self, num, **kwargs):
        self.num = num
        self.target = kwargs.get("target", "")

    def __call__(self, f):
        if self.num is None:
            self.num = get_free_signal()
        uwsgi.register_signal(self.num, self.target, f)
        self.raised(self.num)
        return f

    def raised(self, num):
        """Asks for what raises it."""


class timer(signal):
    """`@timer(30)`: every 30 seconds."""

    def __init__(self, secs, **kwargs):
        super().__init__(kwargs.get("signum"), **kwargs)
        self.secs = secs

    def raised(self, num):
        uwsgi.add_timer(num, self.secs)


class mstimer(signal):
    """`@mstimer(200)`: every 200 milliseconds."""

    def __init__(self, msecs, **kwargs):
        super().__init__(kwargs.get("signum"), **kwargs)
        self.msecs = msecs

    def raised(self, num):
        uwsgi.add_ms_timer(num, self.msecs)


class rbtimer(signal):
    """`@rbtimer(30)`: every 30 seconds, counted from the last time."""

    def __init__(self, secs, **kwargs):
        super().__init__(kwargs.get("signum"), **kwargs)
        self.secs = secs

    def raised(self, num):
        uwsgi.add_rb_timer(num, self.secs)


class cron(signal):
    """`@cron(59, 3, -1, -1, -1)`: at 3:59 each day. -1 is any, -5 every fifth; weekdays count from 0, Sunday."""

    def __init__(self, minute, hour, day, month, dayweek, **kwargs):
        super().__init__(kwargs.get("signum"), **kwargs)
        self.minute, self.hour, self.day, self.month, self.dayweek = minute, hour, day, month, dayweek

    def raised(self, num):
        uwsgi.add_cron(num, self.minute, self.hour, self.day, self.month, self.dayweek)


class filemon(signal):
    """`@filemon("/etc/shop.conf")`: when that file changes, or something in that directory."""

    def __init__(self, fsobj, **kwargs):
        super().__init__(kwargs.get("signum"), **kwargs)
        self.fsobj = fsobj

    def raised(self, num):
        uwsgi.add_file_monitor(num, self.fsobj)


# ---- tasks for the spooler


def _text(value):
    return value.decode("utf-8") if isinstance(value, bytes) else value


def _bytes(value):
    return value.encode("utf-8") if isinstance(value, str) else value


def manage_spool_request(vars):
    """`uwsgi.spooler`: runs the function that a task names. Its result, or what the decorator says instead."""
    task = {_text(key): value for key, value in vars.items()}
    arguments = pickle.loads(task.pop("args")) if "args" in task else None
    named = pickle.loads(task.pop("kwargs")) if arguments is not None else {}
    task = {key: _text(value) for key, value in task.items()}
    function = spooler_functions[task["ud_spool_func"]]
    result = function(task) if arguments is None else function(*arguments, **named)
    return int(task.get("ud_spool_ret", result))


class _Spooled:
    """A function that a call of it doesn't run, but has the spooler run."""

    # What of the arguments is for the spooler, where all others are for the function.
    OWN = ("message_dict", "spooler", "priority", "at", "body")

    def __init__(self, f, pass_arguments, result):
        uwsgi.spool  # There is none without a spooler: this says so.
        functools.update_wrapper(self, f)
        self.f = f
        self.pass_arguments = pass_arguments
        self.base_dict = {"ud_spool_func": f.__name__}
        if result is not None:
            self.base_dict["ud_spool_ret"] = str(result)
        spooler_functions[f.__name__] = f
        f.spool = self

    def __call__(self, *args, **kwargs):
        task = dict(self.base_dict)
        if self.pass_arguments:
            task.update((name, kwargs.pop(name)) for name in self.OWN if name in kwargs)
            task.update(args=pickle.dumps(args), kwargs=pickle.dumps(kwargs))
        else:
            if args:
                task.update(args[0])
            task.update(kwargs)
        return uwsgi.spool({_bytes(key): _bytes(value) for key, value in task.items()})

    spool = __call__


def spool_decorate(f=None, pass_arguments=False, result=None):
    if f is None:
        return functools.partial(spool_decorate, pass_arguments=pass_arguments, result=result)
    return _Spooled(f, pass_arguments, result)


def spoolraw(f=None, pass_arguments=False):
    """`@spoolraw`: a call is a task, which has succeeded, or not, as the function returns."""
    return spool_decorate(f, pass_arguments)


def spool(f=None, pass_arguments=False):
    """`@spool`: a call is a task, which is done when the function has returned."""
    return spool_decorate(f, pass_arguments, uwsgi.SPOOL_OK)


def spoolforever(f=None, pass_arguments=False):
    """`@spoolforever`: a call is a task, which is run again and again."""
    return spool_decorate(f, pass_arguments, uwsgi.SPOOL_RETRY)


# ---- mules and farms


def mule_msg_dispatcher(message):
    """The hook for messages to mules: runs what `@mulefunc` has sent."""
    try:
        call = pickle.loads(message)
    except pickle.UnpicklingError:
        return None
    if call["service"] != "uwsgi_mulefunc":
        return None
    return mule_functions[call["func"]](*call["args"], **call["kwargs"])


class mulefunc:
    """`@mulefunc`: a call is run by a mule. `@mulefunc(2)`: by mule 2; `@mulefunc("mails")`: by one of that farm."""

    def __init__(self, f):
        self.fname, self.mule = None, f
        if callable(f):
            self.mule = 0
            self._decorate(f)

    def _decorate(self, f):
        self.fname = f.__name__
        mule_functions[f.__name__] = f

    def real_call(self, *args, **kwargs):
        call = {"service": "uwsgi_mulefunc", "func": self.fname, "args": args, "kwargs": kwargs}
        uwsgi.mule_msg(pickle.dumps(call), self.mule)

    def __call__(self, *args, **kwargs):
        if self.fname is None:
            self._decorate(args[0])
            return self.real_call
        return self.real_call(*args, **kwargs)


def _or_exit(f):
    try:
        f()
    except BaseException:
        sys.excepthook(*sys.exc_info())
        sys.exit(1)


class mule:
    """`@mule(1)`: what mule 1 does. It ends when the function has returned."""

    def __init__(self, num):
        self.num = num

    def __call__(self, f):
        def when_forked():
            if uwsgi.mule_id() == self.num:
                self.run(f)

        postfork_chain.append(when_forked)

    def run(self, f):
        _or_exit(f)


class muleloop(mule):
    """`@muleloop(1)`: what mule 1 does again and again."""

    def run(self, f):
        while True:
            _or_exit(f)


class mulemsg(mule):
    """`@mulemsg(1)`: what mule 1 does with each message."""

    def run(self, f):
        while True:
            message = uwsgi.mule_get_msg()
            if message:
                f(message)


class farm:
    """`@farm("mails")`: what the mules of that farm do with each message to it."""

    def __init__(self, name=None, **kwargs):
        self.name = name

    def __call__(self, f):
        def when_forked():
            while uwsgi.mule_id() and uwsgi.in_farm(self.name):
                message = uwsgi.farm_get_msg()
                if message:
                    f(message)

        postfork_chain.append(when_forked)


# ---- others


class rpc:
    """`@rpc("name")`: may be called by other processes and servers."""

    def __init__(self, name):
        self.name = name

    def __call__(self, f):
        uwsgi.register_rpc(self.name, f)
        return f


class erlang:
    """`@erlang("name")`: gets the messages to that Erlang process."""

    def __init__(self, name):
        self.name = name

    def __call__(self, f):
        uwsgi.erlang_register_process(self.name, f)
        return f


class lock:
    """`@lock`: in one process at a time. Not in the spooler."""

    def __init__(self, f):
        self.f = f

    def __call__(self, *args, **kwargs):
        if uwsgi.i_am_the_spooler():
            return None
        uwsgi.lock()
        try:
            return self.f(*args, **kwargs)
        finally:
            uwsgi.unlock()


class thread:
    """`@thread`: a call starts a thread that runs it, and returns the function."""

    def __init__(self, f):
        self.f = f

    def __call__(self, *args):
        threading.Thread(target=self.f, args=args, daemon=True).start()
        return self.f


class harakiri:
    """`@harakiri(10)`: a request that is inside for more than 10 seconds is ended."""

    def __init__(self, seconds):
        self.s = seconds

    def real_call(self, *args, **kwargs):
        uwsgi.set_user_harakiri(self.s)
        result = self.f(*args, **kwargs)
        uwsgi.set_user_harakiri(0)
        return result

    def __call__(self, f):
        self.f = f
        return self.real_call


uwsgi.spooler = manage_spool_request
uwsgi.post_fork_hook = postfork_chain_hook
if hasattr(uwsgi, "install_mule_msg_hook"):
    uwsgi.install_mule_msg_hook(mule_msg_dispatcher)
else:
    # uWSGI 2.0.21 and before.
    uwsgi.mule_msg_hook = mule_msg_dispatcher
