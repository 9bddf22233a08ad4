"""The same of Django, with a middleware of each kind and its ORM."""

import asyncio
import threading

import django
from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpResponse

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="of the test",
    DEBUG=False,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware", __name__ + ".note"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    LOGGING_CONFIG=None,
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils.decorators import async_only_middleware  # noqa: E402

flags = set()
notes = []


@async_only_middleware
def note(get_response):
    async def middleware(request):
        response = await get_response(request)
        if isinstance(response, HttpResponse) and response.status_code == 500:
            response.content = b"handled: as it was told"
        return response

    return middleware


def count():
    with connection.cursor() as cursor:
        cursor.execute("select 6 * 7")
        return cursor.fetchone()[0]


async def hello(request, name):
    task = asyncio.current_task()
    await asyncio.sleep(0.001)
    right = await sync_to_async(count)() == 42 and request.GET["who"] == "me" and name == "cup"
    same = asyncio.current_task() is task is not None
    return HttpResponse("%s %s %s" % (right, same, threading.active_count()))


async def wait(request):
    flags.add(request.GET["number"])
    while len(flags) < int(request.GET["all"]):
        await asyncio.sleep(0.005)
    return HttpResponse("together")


async def late(request):
    notes.append("began")
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        await asyncio.sleep(0.001)
        notes.append("cancelled")
        raise


def show(request):
    return HttpResponse(" ".join(notes))


async def broken(request):
    await asyncio.sleep(0.001)
    raise LookupError("as it was told")


urlpatterns = [
    path("hello/<name>", hello),
    path("wait", wait),
    path("late", late),
    path("notes", show),
    path("broken", broken),
]
application = get_wsgi_application()
