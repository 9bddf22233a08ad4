# The article's program with resources that fail: one at once, one in a coroutine.
import asyncio

import article_on_311  # noqa: F401: asyncio.coroutine for article
from article import Rule, application, url_map  # noqa: F401: uWSGI takes application


class FailingResource:
    def get(self, request):
        raise ValueError("at once")


class LaterFailingResource:
    @asyncio.coroutine
    def get(self, request):
        yield from asyncio.sleep(0)
        raise ValueError("later")


url_map.add(Rule('/fails', endpoint=FailingResource))
url_map.add(Rule('/fails-later', endpoint=LaterFailingResource))
