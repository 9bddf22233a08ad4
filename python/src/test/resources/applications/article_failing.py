"""The article's program with resources that fail, and no other change."""
import asyncio

import article
from werkzeug.exceptions import Gone
from werkzeug.routing import Rule


class FailingResource:
    @asyncio.coroutine
    def get(self, request):
        yield from asyncio.sleep(0.01)
        raise ValueError("no such luck")

    def post(self, request):
        raise ValueError("no luck at once")

    @asyncio.coroutine
    def delete(self, request):
        yield from asyncio.sleep(0.01)
        raise Gone("an exception of HTTP")


article.url_map.add(Rule("/fail", endpoint=FailingResource))
application = article.application
