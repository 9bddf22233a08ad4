import uwsgi


def application(environ, start_response):
    if 'HTTP_UPGRADE' not in environ:
        start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', '12')])
        return [b'Hello world!']
    uwsgi.websocket_handshake()
    while True:
        uwsgi.websocket_send(uwsgi.websocket_recv())
