"""The article's program with a resource whose coroutine fails."""
import asyncio
import types

asyncio.coroutine = types.coroutine

import article
from werkzeug.routing import Rule


class FailingResource:
    @asyncio.coroutine
    def get(self, request):
        yield from asyncio.sleep(0.01)
        raise ValueError('no such luck')


article.url_map.add(Rule('/fail', endpoint=FailingResource))
application = article.application
