"""The same of Django's asgi.py with views of both kinds, and Channels' chat: a consumer with groups of its layer."""

import asyncio
import json as encoding

import django
from django.conf import settings
from django.http import FileResponse, Http404, JsonResponse, StreamingHttpResponse

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="of the test",
    DEBUG=False,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}},
    LOGGING_CONFIG=None,
)
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.urls import path  # noqa: E402

done = []


async def hello(request, name):
    words = ["hello", name] * (2 if request.GET.get("twice") == "true" else 1)
    return JsonResponse({"text": " ".join(words), "who": request.headers.get("x-user", "nobody")})


def blocking(request):
    return JsonResponse({"thread": True})


async def json(request):
    item = encoding.loads(request.body)
    return JsonResponse({"name": item["name"], "price": item["price"]})


def form(request):
    file = request.FILES["file"]
    return JsonResponse({"name": request.POST["name"], "file": file.name, "bytes": len(file.read())})


async def missing(request):
    raise Http404("not here")


async def broken(request):
    raise ValueError("as it was told")


async def background(request):
    task = asyncio.get_running_loop().create_task(note())
    answer = JsonResponse({"done": list(done)})
    await task
    return answer


async def note():
    done.append("done")


def file(request):
    return FileResponse(open(__file__, "rb"), content_type="text/plain")


def stream(request):
    return StreamingHttpResponse((f"{number}\n" for number in range(100)), content_type="text/plain")


class Chat(AsyncWebsocketConsumer):
    async def connect(self):
        await self.channel_layer.group_add("room", self.channel_name)
        await self.accept()

    async def disconnect(self, close_code):
        await self.channel_layer.group_discard("room", self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        await self.channel_layer.group_send("room", {"type": "chat.message", "text": text_data})

    async def chat_message(self, event):
        await self.send(text_data=event["text"])


urlpatterns = [
    path("hello/<name>", hello),
    path("blocking", blocking),
    path("json", json),
    path("form", form),
    path("missing", missing),
    path("broken", broken),
    path("background", background),
    path("file", file),
    path("stream", stream),
]
application = ProtocolTypeRouter(
    {"http": get_asgi_application(), "websocket": URLRouter([path("chat", Chat.as_asgi())])}
)
