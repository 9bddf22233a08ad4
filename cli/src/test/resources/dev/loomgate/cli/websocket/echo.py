"""Sends back what it receives, by the uwsgi module."""

import uwsgi


def application(environ, start_response):
    uwsgi.websocket_handshake()
    while True:
        try:
            message = uwsgi.websocket_recv()
            if uwsgi.websocket_is_binary():
                uwsgi.websocket_send_binary(message)
            else:
                uwsgi.websocket_send(message)
        except OSError:
            return []
