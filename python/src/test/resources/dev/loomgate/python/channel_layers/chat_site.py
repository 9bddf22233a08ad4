"""A chat by Channels: a consumer with groups of the server's layer, and views that speak into it."""

import os

import django
from django.conf import settings
from django.http import HttpResponse, JsonResponse

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="of the test",
    DEBUG=False,
    MIDDLEWARE=[],
    CHANNEL_LAYERS={"default": {"BACKEND": "loomgate_channels.ChannelLayer", "CONFIG": {"capacity": 1000}}},
    LOGGING_CONFIG=None,
)
django.setup()

from asgiref.sync import async_to_sync  # noqa: E402
from channels.generic.websocket import AsyncWebsocketConsumer, WebsocketConsumer  # noqa: E402
from channels.layers import get_channel_layer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.urls import path  # noqa: E402


class Chat(AsyncWebsocketConsumer):
    async def connect(self):
        await self.channel_layer.group_add("room", self.channel_name)
        await self.accept()
        await self.send(text_data=f"{os.getpid()} {self.channel_name}")

    async def disconnect(self, close_code):
        await self.channel_layer.group_discard("room", self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        await self.channel_layer.group_send("room", {"type": "chat.message", "text": text_data})

    async def chat_message(self, event):
        await self.send(text_data=event["text"])


class PlainChat(WebsocketConsumer):
    """The same in plain code."""

    def connect(self):
        async_to_sync(self.channel_layer.group_add)("room", self.channel_name)
        self.accept()
        self.send(text_data=f"{os.getpid()} {self.channel_name}")

    def disconnect(self, close_code):
        async_to_sync(self.channel_layer.group_discard)("room", self.channel_name)

    def receive(self, text_data=None, bytes_data=None):
        async_to_sync(self.channel_layer.group_send)("room", {"type": "chat.message", "text": text_data})

    def chat_message(self, event):
        self.send(text_data=event["text"])


def say(request, text):
    layer = get_channel_layer()
    try:
        async_to_sync(layer.group_send)("room", {"type": "chat.message", "text": text})
    except Exception as e:
        return HttpResponse(f"{type(e).__name__}: {e}")
    return HttpResponse("said")


async def whisper(request, channel, text):
    try:
        await get_channel_layer().send(channel, {"type": "chat.message", "text": text})
    except Exception as e:
        return HttpResponse(f"{type(e).__name__}: {e}")
    return HttpResponse("whispered")


async def counts(request):
    return JsonResponse(await get_channel_layer().counts())


urlpatterns = [
    path("say/<text>", say),
    path("whisper/<channel>/<text>", whisper),
    path("counts", counts),
]
application = ProtocolTypeRouter(
    {
        "http": get_asgi_application(),
        "websocket": URLRouter([path("chat", Chat.as_asgi()), path("plain", PlainChat.as_asgi())]),
    }
)
