"""WebSockets as uWSGI's programs use them, by path."""

import os
import select
import threading

import uwsgi

NOTES = os.environ.get("NOTES", "/dev/null")


def note(text):
    with open(NOTES, "a") as notes:
        notes.write(text + "\n")


def answer(message, context=None):
    arguments = {} if context is None else {"request_context": context}
    if uwsgi.websocket_is_binary(**arguments):
        uwsgi.websocket_send_binary(message, **arguments)
    else:
        uwsgi.websocket_send(message, **arguments)


def application(environ, start_response):
    name = environ["PATH_INFO"].strip("/")
    if "HTTP_UPGRADE" not in environ:
        try:
            uwsgi.websocket_handshake()
        except OSError as e:
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [str(e).encode()]
    return globals()["do_" + name](environ, start_response)


def do_echo(environ, start_response):
    """uWSGI's own example."""
    uwsgi.websocket_handshake(environ["HTTP_SEC_WEBSOCKET_KEY"], environ.get("HTTP_ORIGIN", ""))
    while True:
        try:
            message = uwsgi.websocket_recv()
        except OSError as e:
            note("end: %s" % e)
            try:
                uwsgi.websocket_send("late")
            except OSError as e:
                note("late: %s" % e)
            return ""
        answer(message)


def do_select(environ, start_response):
    """django-websocket-redis: one select over the client and others."""
    uwsgi.websocket_handshake(environ["HTTP_SEC_WEBSOCKET_KEY"], environ.get("HTTP_ORIGIN", ""))
    descriptor = uwsgi.connection_fd()
    other, bell = os.pipe()
    os.write(bell, b"x")
    try:
        while True:
            ready = select.select([descriptor, other], [], [], 4.0)[0]
            if other in ready:
                uwsgi.websocket_send("other " + os.read(other, 1).decode())
            if descriptor in ready:
                message = uwsgi.websocket_recv_nb()
                if message:
                    answer(message)
    except OSError as e:
        note("end: %s" % e)
    finally:
        os.close(other)
        os.close(bell)
    start_response("200 OK", [])
    return [b"this goes nowhere"]


def do_wait(environ, start_response):
    """flask-uwsgi-websocket: waits for the client's descriptor by the uwsgi module."""
    uwsgi.websocket_handshake()
    descriptor = uwsgi.connection_fd()
    while True:
        uwsgi.wait_fd_read(descriptor, 10)
        uwsgi.suspend()
        if uwsgi.ready_fd() != descriptor:
            note("nothing came")
            return []
        try:
            message = uwsgi.websocket_recv_nb()
        except OSError:
            return []
        if message:
            answer(message)


def do_generator(environ, start_response):
    """The conversation is in the iteration."""
    uwsgi.websocket_handshake()
    while True:
        try:
            message = uwsgi.websocket_recv()
        except OSError:
            return
        answer(message)
        yield b"nobody sees this"


def do_context(environ, start_response):
    """python-engineio: another thread receives and sends, by the request's context; it asks for the descriptor first."""
    uwsgi.connection_fd()
    uwsgi.websocket_handshake()
    context = uwsgi.request_context()

    def talk():
        try:
            while True:
                answer(uwsgi.websocket_recv(request_context=context), context)
        except OSError:
            note("talked")

    thread = threading.Thread(target=talk)
    thread.start()
    thread.join()
    uwsgi.disconnect()
    return ""


def do_protocols(environ, start_response):
    wanted = environ["QUERY_STRING"]
    uwsgi.websocket_handshake("", "", wanted) if wanted else uwsgi.websocket_handshake()
    try:
        uwsgi.websocket_handshake()
    except OSError as e:
        uwsgi.websocket_send(str(e))
    return []


def do_area(environ, start_response):
    uwsgi.websocket_handshake()
    uwsgi.sharedarea_write(0, 0, "shared text")
    uwsgi.websocket_send_from_sharedarea(0, 7, 4)
    uwsgi.websocket_send_binary_from_sharedarea(0, 0, 6)
    return []


def do_fail(environ, start_response):
    uwsgi.websocket_handshake()
    raise ValueError("on purpose")


def do_push(environ, start_response):
    """Sends more than anybody takes, from two threads; each message is of one letter."""
    uwsgi.websocket_handshake()
    context = uwsgi.request_context()

    def push(letter):
        for _ in range(200):
            uwsgi.websocket_send(letter * 20000, request_context=context)

    thread = threading.Thread(target=push, args=("b",))
    thread.start()
    push("a")
    thread.join()
    note("pushed")
    return []


def do_decline(environ, start_response):
    start_response("403 Forbidden", [("Content-Type", "text/plain")])
    return [environ["wsgi.input"].read() or b"no"]
