"""Loomgate's Python processes: they run a WSGI application for the JVM, which speaks HTTP and uwsgi.

::

    JVM -- JSON lines --> zygote: imports the application once, forks workers, reads what they print
     |                       | fork
     `-- frames on unix ---> worker: runs requests in one of three modes
         sockets

The contract is docs/worker-protocol.md. Each folder stands on those above it and imports none below it:

- `process`, the interpreter and its process: `isolation` (modules that the program can't touch), `stops` and `handlers` (signals),
  `descriptors`, `forks` and `relatives` (processes of the application's own), `native` (threads), `alarm`, `log`, `tracebacks`;
- `wire`, what travels: `frames` (numbers, encoding), `links` (the connections), `exchange` (a request and its response as
  frames), `cancelled`, `signalled` (signals that have come, and their handlers), `scoreboard` (what has begun, for the JVM to see), `exits` (exit statuses);
- `wsgi`, PEP 3333: `response` (calls the application), `input` (`wsgi.input`), `files` (`wsgi.file_wrapper`), `heads`, `bodies`;
- `direct`, direct mode: `acceptor` (takes connections, hands over, tells), `packet` (reads packets, writes responses, in pure Python), `exchange` (a
  request whose connection the worker has), `waiting` (epoll), `functions` (which of the two), `native` (loads the accelerator, which is in C);
- `modes`: `runner` (what they share), `intake` (many requests a read), `control` (RECALL, and the JVM's death), `sync` with
  `outlet`, `threads` with `green_threads`, `greenlets` with `hub` and `nested`;
- `background`: `process` (what processes that answer no requests have in common), and a module for each kind of them: `mule`, `spooler`
  (with `tasks`, `directory_tasks`, `queue_tasks`);
- `uwsgi`, the module of that name: `module`, `api`, `signals`, `spool` (with `spoolfile`, `spoolqueue`), `waits` and `greenlet_waits`, `missing`, `calls` (to the JVM), `mules` and
  their `messages`;
- `zygote`: `zygote` (commands), `nursery` (forks, reaps, kills), `output` (what workers print), `events`, `program` (what is
  run: surroundings, import, a worker's life), `loading` (finds the application), `shim` (asyncio code of old), `import_link`
  (calls before there is a worker).

`__main__` is where the JVM has an interpreter begin.

What an application may rely on:

- PEP 3333 in full. `wsgi.input` gives the body while it comes, up to its end (`wsgi.input_terminated`), and is an
  `io.BufferedIOBase` without `seek`. `write()`, chunks of an iterable, whose `__iter__` is called once, and `close()` after
  the last chunk or after a failure. A chunk is bytes, or anything with the buffer protocol, or what `wsgi.file_wrapper`
  gives; a `str` is encoded with UTF-8, with one warning per worker; a bare one of these is a body of one chunk.
- A failure, `SystemExit` and `KeyboardInterrupt` included, ends its request alone, with a 500 if nothing was sent.
- `loomgate_worker.RequestCancelled`, a `BaseException`, ends a request whose client has disconnected or whose time is over: it is
  raised by `write()` and reads, and thrown into a greenlet that waits.
- Signals are the JVM's matter (`process.stops`), and SIGUSR2 writes the stacks of all threads to stderr, unless the application sets
  handlers of its own: these stay, whether set by the import or later (`process.handlers`).

It needs the standard library of Python 3.8 or later only; mode `asyncio` needs the package greenlet.
"""

# This file alone must be readable by older interpreters, so that they can be told of: no annotations, no f-strings. And it
# imports nothing, which might be the program's (process/isolation.py).
import sys

if sys.version_info < (3, 8):
    import json

    # What an operator calls settings is in the first line that the JVM sends.
    line = sys.stdin.readline()
    names = json.loads(line).get("names", {}) if line else {}
    known_as = (names.get("interpreter", "interpreter"), names.get("home", "home"))
    sys.stdout.write(
        json.dumps(
            {
                "event": "failed",
                "kind": "import",
                "message": "%s (%s, %s) is Python %d.%d.%d; Loomgate needs 3.8 or later"
                % ((sys.executable,) + known_as + tuple(sys.version_info[:3])),
                "traceback": "",
            }
        )
        + "\n"
    )
    sys.stdout.flush()
    sys.exit(1)

__all__ = ["RequestCancelled"]


def __getattr__(name):  # type: ignore[no-untyped-def]
    if name != "RequestCancelled":
        raise AttributeError("module 'loomgate_worker' has no attribute %r" % name)
    from loomgate_worker.wire.cancelled import RequestCancelled

    return RequestCancelled
