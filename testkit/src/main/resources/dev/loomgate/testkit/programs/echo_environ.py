"""Answers with the environ's text variables, form-encoded: real uWSGI's view of a packet."""
from urllib.parse import urlencode


def application(environ, start_response):
    body = environ['wsgi.input'].read()
    seen = {key: value for key, value in environ.items() if isinstance(value, str)}
    seen['body'] = body.decode('latin-1')
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [urlencode(seen, encoding='latin-1').encode('ascii')]
