"""Each decorator of uwsgidecorators: what it has brought about is a line in the file $NOTES."""

import os

import uwsgi
import uwsgidecorators
from uwsgidecorators import *

NOTES = os.environ["NOTES"]
HERE = os.path.dirname(NOTES)


def note(*words):
    with open(NOTES, "a") as file:
        file.write(" ".join(map(str, words)) + "\n")


def refused(name, decorate, *call):
    try:
        decorated = decorate(lambda *_: note(name, "has run"))
        if call:
            decorated(*call)
    except Exception:
        note(name, "is refused")


@postfork
def in_each():
    note("postfork", uwsgi.worker_id())


@postfork(2)
def in_the_second():
    note("postfork(2)", uwsgi.worker_id())


@timer(1, target="worker1")
def tick(number):
    note("timer", number, uwsgi.worker_id())


@rbtimer(1, target="workers")
def tock(number):
    note("rbtimer", number, uwsgi.worker_id())


@cron(-1, -1, -1, -1, -1, target="worker1")
def each_minute(number):
    note("cron", number, uwsgi.worker_id())


@cron(77, -1, -1, -1, -1)
def never(number):
    note("never", number)


@filemon(os.path.join(HERE, "watched"), target="worker1")
def changed(number):
    note("filemon", number, uwsgi.worker_id())


@timer(1, signum=99)
def numbered(number):
    note("timer of a number", number)


@signal(17, target="workers")
def for_all(number):
    note("signal", number, uwsgi.worker_id())


@signal(18)
def for_any(number):
    note("signal", number, uwsgi.signal_registered(18), uwsgi.signal_registered(200))


@thread
def in_thread(word):
    note("thread", word)


@lock
def alone(word):
    note("lock", word, uwsgi.is_locked())
    return "alone"


@harakiri(60)
def in_time(word, more=None):
    note("harakiri", word, more)
    return "in time"


@mule(1)
def in_mule():
    note("mule")


@muleloop(1)
def in_mule_again():
    note("muleloop")


@mulemsg(1)
def message(text):
    note("mulemsg")


@farm("mails")
def mail(text):
    note("farm")


# uWSGI has it since 2.0.22.
if hasattr(uwsgi, "add_ms_timer") and "mstimer" in globals():

    @mstimer(200, target="worker2", signum=98)
    def quick_tick(number):
        note("mstimer", number, uwsgi.worker_id())


refused("spool", spool)
refused("spoolraw", spoolraw(pass_arguments=True))
refused("spoolforever", spoolforever)
refused("erlang", erlang("process"))
refused("mulefunc", mulefunc, 1)
note("free", get_free_signal())
note("chain", uwsgi.post_fork_hook is postfork_chain_hook, len(postfork_chain))


def application(environ, start_response):
    if environ["PATH_INFO"] == "/go":
        uwsgi.signal(17)
        uwsgi.signal(18)
        in_thread("word")
        note(alone("word"), in_time("word", more=1))
    start_response("200 OK", [])
    return [uwsgidecorators.__file__.encode()]
