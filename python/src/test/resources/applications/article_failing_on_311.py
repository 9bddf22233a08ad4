import asyncio
import types

asyncio.coroutine = types.coroutine
from article_failing import application
