#!/usr/bin/env python3
"""Runs the ASGI tests of gunicorn, Granian and daphne against this server: their clients and applications, our processes.

    python/src/test/suites/asgi_suites.py --python VENV/bin/python [--gunicorn DIR] [--granian DIR] [--daphne DIR]

Each DIR is a checkout of the project; none of it is kept here. VENV has pytest, pytest-asyncio, httpx, h2, websockets, hypothesis,
fastapi, starlette, sniffio and django. gunicorn's tests of frameworks also want Debian's python3-quart and python3-django-channels.
nginx stands in front where gunicorn's have it. What is replaced in the copies is how a server is started, and:

- daphne's client sends HTTP/1.1 without Host, which RFC 9112 section 3.2 has answered by 400: it sends one, which the application
  doesn't show;
- daphne's application keeps asking after `http.disconnect`: it stops there.

A test that fails and isn't in MISSES makes the exit status 1.
"""

import argparse
import atexit
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]

MISSES = {
    "test_request_count_increments": "counts in scope['state'], of which the specification gives each request a copy (lifespan, 'Lifespan State')",
    "test_counter_increments_multiple_times": "the same",
    "test_scope[mt]": "wants spec_version 2.3, where 2.5 is served; of WSGI, repeated fields joined without a space (RFC 9110 section 5.3 has one)",
    "test_asgi_scope[mt]": "wants spec_version 2.3",
    "test_protocol_error[mt]": "wants Granian's words for an unknown message",
    "test_reject[mt-asgi]": "wants 403 where the application returns without an answer: that is a fault of the program, 500, as in uvicorn",
    "test_reject[st-asgi]": "the same",
    "test_root_path_header": "wants daphne's own field Daphne-Root-Path",
    "test_root_path": "the same",
    "test_x_forwarded_for_parsed": "takes X-Forwarded-Port, the port of the server, for the client's",
    "test_xff": "the same",
    "test_x_forwarded_for_no_port": "compares a tuple with a list",
    "test_headers": "wants daphne's own Server field, and no Date",
    "test_headers_type": "wants daphne's words in the response's text; here they are in the log",
    "test_headers_type_raw": "wants HTTP/1.0",
    "test_status_code_required": "wants daphne's words",
    "test_accept": "doesn't know http_version in a WebSocket's scope, which the specification has",
    "test_http_bits": "the same",
    "test_subprotocols": "the same",
    "test_application_checker_handles_asyncio_cancellederror": "looks into daphne's process",
    "test_websocket_max_message_size": "sets a limit of 8 bytes; the least here is 1 KiB",
    "test_websocket_max_frame_size": "sets a limit for frames; there is one for messages",
    "test_kitchen_sink": "has CONNECT with a path (RFC 9112 section 3.2.3)",
    "test_http_request_rejects_invalid_header_value_bytes": "refuses 0x85, which is obs-text (RFC 9110 section 5.5)",
    "test_websocket_upgrade_rejects_smuggled_headers": "the same",
}

STARTED = []


@atexit.register
def end_all():
    for process in list(STARTED):
        end(process)


def serve(log, *arguments):
    """Starts the server and waits until it listens. Its process."""
    output = open(log, "w")
    process = subprocess.Popen([str(ROOT / "loomgate"), *map(str, arguments)], stdout=output, stderr=output)
    STARTED.append(process)
    end = time.monotonic() + 300
    while not re.search(r": https?://", Path(log).read_text(errors="replace")):
        if process.poll() is not None or time.monotonic() > end:
            sys.exit(f"the server hasn't started: {Path(log).read_text(errors='replace')}")
        time.sleep(0.1)
    return process


def end(process):
    process.send_signal(signal.SIGTERM)
    process.wait()
    STARTED.remove(process)


def replaced(file, begin, until, text):
    """Puts `text` in place of what is from `begin` to before `until`."""
    source = file.read_text()
    start = source.index(begin)
    file.write_text(source[:start] + text + source[source.index(until, start) :])


def run(name, python, directory, *arguments, **environment):
    """Runs pytest. The number of failures that nobody has argued."""
    command = [
        python,
        "-m",
        "pytest",
        "-q",
        "-rf",
        "-p",
        "no:cacheprovider",
        "-o",
        "asyncio_mode=auto",
        *arguments,
    ]
    done = subprocess.run(
        command, cwd=directory, env={**os.environ, **environment}, capture_output=True, text=True
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith(("FAILED ", "SUBFAILED"))]
    failed = [line.split(" - ")[0].split("::")[-1] for line in lines]
    summary = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr
    print(f"{name}: {summary}")
    new = 0
    for test in failed:
        why = MISSES.get(test)
        new += why is None
        print(f"  {test}: {why or 'NOT ARGUED'}")
    return new + (done.returncode not in (0, 1))


def gunicorn(checkout, place, python):
    source = place / "gunicorn"
    shutil.copytree(checkout / "tests" / "docker", source)
    suite = source / "asgi_compliance"
    replaced(
        suite / "conftest.py",
        '@pytest.fixture(scope="session")\ndef docker_services',
        "# =====",
        "import os\n\n\n"
        '@pytest.fixture(scope="session")\ndef docker_services():\n'
        "    yield {'gunicorn_http': os.environ['PLAIN'], 'gunicorn_https': 'https://127.0.0.1:8445',\n"
        "           'nginx_http': 'http://127.0.0.1:8080', 'nginx_https': 'https://127.0.0.1:8444'}\n\n\n",
    )
    certificate, key = place / "server.crt", place / "server.key"
    subprocess.run(
        f"openssl req -x509 -newkey rsa:2048 -keyout {key} -out {certificate} -days 2 -nodes -subj /CN=localhost"
        " -addext subjectAltName=DNS:localhost,IP:127.0.0.1".split(),
        check=True,
        capture_output=True,
    )
    proxied = (suite / "nginx.conf").read_text()
    proxied = re.sub(r"resolver .*|http2 on;", "", proxied).replace(
        "listen 8444 ssl;", "listen 8444 ssl http2;"
    )
    proxied = proxied.replace("gunicorn-asgi:8000", "127.0.0.1:8000").replace(
        "gunicorn-asgi-ssl:8443", "127.0.0.1:8445"
    )
    packets = re.sub(r"proxy_http_version[^;]*;|proxy_set_header[^;]*;|proxy_next[^;]*;", "", proxied)
    packets = packets.replace(
        "proxy_pass http://gunicorn_asgi;", "include /etc/nginx/uwsgi_params; uwsgi_pass 127.0.0.1:8009;"
    )
    packets = packets.replace("proxy_", "uwsgi_").replace("8080", "8081").replace("8444", "8454")
    fronts = []
    for name, text in (("proxied", proxied), ("packets", packets)):
        logs = place / name
        logs.mkdir()
        text = (
            text.replace("/certs/", f"{place}/")
            .replace("/var/log/nginx", str(logs))
            .replace("/var/run", str(logs))
        )
        (place / f"{name}.conf").write_text(text)
    sites = "--http 127.0.0.1:8000 --socket 127.0.0.1:8009 --processes 1 --https".split()
    server = serve(
        place / "gunicorn.log", *sites, f"127.0.0.1:8445,{certificate},{key}", "--python", python,
        "-w", "apps.main_app:app", "--chdir", suite,
    )  # fmt: skip
    try:
        for name in ("proxied", "packets"):
            front = subprocess.Popen(["nginx", "-g", "daemon off;", "-c", str(place / f"{name}.conf")])
            fronts.append(front)
            STARTED.append(front)
        for port in (8080, 8081):
            wait_for(port)
        new = 0
        for name, port in (
            ("over HTTP", 8000),
            ("behind nginx by proxy_pass", 8080),
            ("behind nginx by uwsgi_pass", 8081),
        ):
            new += run(f"gunicorn, {name}", python, suite, ".", PLAIN=f"http://127.0.0.1:{port}")
    finally:
        for process in [server, *fronts]:
            end(process)
    return new + frameworks(source / "asgi_framework_compat", place, python)


def wait_for(port):
    end_at = time.monotonic() + 30
    while socket.socket().connect_ex(("127.0.0.1", port)):
        if time.monotonic() > end_at:
            sys.exit(f"nothing listens on {port}")
        time.sleep(0.05)


def frameworks(suite, place, python):
    # Channels alone of Debian's, beside a current Django.
    channels = place / "channels"
    channels.mkdir()
    (channels / "channels").symlink_to("/usr/lib/python3/dist-packages/channels")
    servers = []
    for name, port, interpreter, module in (
        ("django", 8001, python, "asgi:application"),
        ("fastapi", 8002, python, "app:app"),
        ("starlette", 8003, python, "app:app"),
        ("quart", 8004, "/usr/bin/python3", "app:app"),
    ):
        servers.append(
            serve(
                place / f"{name}.log", "--http", f"127.0.0.1:{port}", "--python", interpreter, "-w", module,
                "--pythonpath", channels, "--chdir", suite / "frameworks" / f"{name}_app",
            )  # fmt: skip
        )
    try:
        chosen = ("--skip-docker-check", "-k", "not litestar and not blacksheep", "tests")
        return run("gunicorn, frameworks (Django, FastAPI, Starlette, Quart)", python, suite, *chosen)
    finally:
        for server in servers:
            end(server)


def granian(checkout, place, python):
    source = place / "granian"
    shutil.copytree(checkout / "tests", source / "tests")
    conftest = source / "tests" / "conftest.py"
    replaced(
        conftest,
        "def _serve(",
        "@pytest.fixture(scope='function')\ndef server_port",
        f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import asgi_suites


@asynccontextmanager
async def _server(interface, port, runtime_mode, ws=True, tls=False, tls_proto=None, task_impl='asyncio', **_):
    if interface == 'rsgi':
        pytest.skip("RSGI is Granian's own")
    files = Path.cwd() / 'tests' / 'fixtures' / 'tls'
    p = 'p' if tls == 'private' else ''
    address = f'127.0.0.1:{{port}}'
    listen = ('--https', f'{{address}},{{files}}/{{p}}cert.pem,{{files}}/{{p}}key.pem') if tls else ('--http', address)
    server = asgi_suites.serve(
        Path.cwd() / 'log', *listen, '--python', {python!r}, '-w', f'tests.apps.{{interface}}:app',
        '--interface', interface, '--python-loop', 'asyncio', '--chdir', Path.cwd())
    try:
        yield port
    finally:
        asgi_suites.end(server)


""",
    )
    conftest.write_text(conftest.read_text().replace("from granian import Granian\n", ""))
    files = [f"tests/test_{name}.py" for name in ("asgi", "ws", "wsgi", "https")]
    return run("Granian", python, source, "-k", "not st]", *files)


DAPHNE = """
import logging, os, pickle, sys, tempfile
from concurrent.futures import CancelledError
from contextlib import nullcontext

sys.path.insert(0, {suites!r})
import asgi_suites

PORTS = {{}}


class Lock(nullcontext):
    acquire = release = lambda self: None


class BaseDaphneTestingInstance:
    host = "127.0.0.1"

    def __init__(self, xff=False, http_timeout=None, request_buffer_size=None, websocket_max_message_size=None,
                 websocket_max_frame_size=None, *, application=None):
        self.arguments = ("--trust-forwarded-from", "127.0.0.0/8") if xff else ()
        if http_timeout:
            self.arguments += ("--harakiri", http_timeout)
        if websocket_max_message_size:
            self.arguments += ("--websocket-max-size", "1k")

    def __enter__(self):
        if self.arguments not in PORTS:
            port = asgi_suites.free_port()
            asgi_suites.serve({place!r} + f"/{{port}}.log", "--http", f"127.0.0.1:{{port}}", "--python", {python!r},
                              "-w", "shown:application", "--chdir", {place!r}, "--interface", "asgi", *self.arguments)
            PORTS[self.arguments] = port
        self.port = PORTS[self.arguments]
        return self

    def __exit__(self, *_):
        pass


class DaphneTestingInstance(BaseDaphneTestingInstance):
    def __init__(self, *arguments, **named):
        self.lock = Lock()
        super().__init__(*arguments, **named)

    def __enter__(self):
        TestApplication.delete_setup()
        TestApplication.delete_result()
        return super().__enter__()

"""

SHOWN = """
from daphne.testing import Lock, TestApplication


async def application(scope, receive, send):
    if scope["type"] == "lifespan":
        raise RuntimeError
    scope["headers"] = [each for each in scope["headers"] if not each[1].startswith(b"127.0.0.1:")]
    await TestApplication(Lock())({k: v for k, v in scope.items() if k not in ("state", "extensions")}, receive, send)
"""


def free_port():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return bound.getsockname()[1]


def daphne(checkout, place, python):
    source = place / "daphne"
    shutil.copytree(checkout, source, ignore=shutil.ignore_patterns(".git"))
    (source / "daphne" / "__init__.py").write_text('__version__ = "4"\n')
    testing = source / "daphne" / "testing.py"
    text = testing.read_text()
    told = text[
        text.index('    def get_received(self):\n        """\n        Returns the scope') : text.index(
            "class DaphneProcess"
        )
    ]
    application = text[text.index("class TestApplication") : text.index("def _reinstall_reactor")]
    seen = '                logging.debug("test app received'
    stop = (
        '                if self.messages[-1]["type"].endswith(".disconnect"):\n                    break\n'
    )
    before = "                self.lock.acquire()\n" + seen
    assert before in application
    application = application.replace(before, stop + before)
    values = {"suites": str(Path(__file__).parent), "place": str(source), "python": python}
    testing.write_text(DAPHNE.format(**values) + told + "\n\n" + application)
    (source / "shown.py").write_text(SHOWN)
    base = source / "tests" / "http_base.py"
    named = "skip_host=any(bytes(n if isinstance(n, bytes) else n.encode()).lower() == b'host' for n, _ in headers or ())"
    base.write_text(base.read_text().replace("skip_host=True", named, 1))
    files = [f"tests/test_{name}.py" for name in ("http_request", "http_response", "websocket")]
    return run("daphne", python, source, *files, TMPDIR=str(source))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument(
        "--python", required=True, help="the interpreter of an environment with what the tests need"
    )
    suites = {"gunicorn": gunicorn, "granian": granian, "daphne": daphne}
    for name in suites:
        parser.add_argument(f"--{name}", type=Path, help="a checkout")
    given = vars(parser.parse_args())
    new = 0
    with tempfile.TemporaryDirectory() as place:
        for name, suite in suites.items():
            if given[name]:
                new += suite(given[name].resolve(), Path(place), given["python"])
    sys.exit(1 if new else 0)


if __name__ == "__main__":
    main()
