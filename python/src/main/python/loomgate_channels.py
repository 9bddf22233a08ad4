"""A channel layer for Django Channels, or for any ASGI program, by the server itself::

    CHANNEL_LAYERS = {"default": {"BACKEND": "loomgate_channels.ChannelLayer"}}

It is Channels' "Channel Layer Specification", with the extensions `groups` and `flush`. All processes of the program in one
server share it. Channels needn't be installed::

    layer = loomgate_channels.ChannelLayer(capacity=1000)
    name = await layer.new_channel()
    await layer.group_add("news", name)
    await layer.group_send("news", {"type": "news", "text": "hello"})
    message = await layer.receive(name)

From plain code: `asgiref.sync.async_to_sync(layer.group_send)("news", {...})`.
"""

import asyncio
import fnmatch
import re

try:
    from channels.exceptions import ChannelFull, MessageTooLarge
except ImportError:

    class ChannelFull(Exception):
        """`send` has found the channel full."""

    class MessageTooLarge(Exception):
        """A message has more bytes than `max_message_bytes`."""


_MOST_NAME = 100
_CHANNEL = re.compile(r"[a-zA-Z0-9_.-]+(![a-zA-Z0-9_.-]*)?\Z")
_GROUP = re.compile(r"[a-zA-Z0-9_.-]+\Z")
_LAYER = re.compile(r"[a-zA-Z0-9_.-]{1,64}\Z")
# With its names, it has to fit into a frame of 1 MiB.
_MOST_MESSAGE_BYTES = 1_040_000


class ChannelLayer:
    """A channel layer of this server.

    :param capacity: messages that wait in a channel; `send` to a full one raises `ChannelFull`, `group_send` leaves it out
    :param channel_capacity: other capacities, by patterns of names: `{"http.*": 500}`, or compiled regular expressions
    :param expiry: seconds after which a message that nobody has received is dropped
    :param group_expiry: seconds after which a channel that hasn't been added again leaves its group
    :param name: layers with different names have nothing in common
    :param max_message_bytes: of a message, as JSON
    :param max_channels: with something in them, or somebody who waits, in a process; and those without a `!` in the server
    :param max_groups: in which a process has members
    :param max_backlog_bytes: of messages that a process hasn't taken from the server, and of all those in channels without a `!`
    """

    extensions = ["groups", "flush"]
    ChannelFull = ChannelFull
    MessageTooLarge = MessageTooLarge

    def __init__(
        self,
        capacity=100,
        channel_capacity=None,
        expiry=60,
        group_expiry=86400,
        name="default",
        max_message_bytes=1_000_000,
        max_channels=100_000,
        max_groups=100_000,
        max_backlog_bytes=16 << 20,
    ):
        _require(
            isinstance(name, str) and _LAYER.match(name), "name", name, "1 to 64 letters, digits and -_."
        )
        self.capacity = _number("capacity", capacity, 1, 1_000_000)
        self.channel_capacity = [
            (
                pattern if hasattr(pattern, "match") else re.compile(fnmatch.translate(pattern)),
                _number("channel_capacity", value, 1, 1_000_000),
            )
            for pattern, value in (channel_capacity or {}).items()
        ]
        self.expiry = _seconds("expiry", expiry)
        self.group_expiry = _seconds("group_expiry", group_expiry)
        self.name = name
        self.max_message_bytes = _number("max_message_bytes", max_message_bytes, 1, _MOST_MESSAGE_BYTES)
        self._max_channels = _number("max_channels", max_channels, 1, 100_000_000)
        max_groups = _number("max_groups", max_groups, 1, 100_000_000)
        self._limits = (
            self._max_channels,
            _number("max_backlog_bytes", max_backlog_bytes, _MOST_MESSAGE_BYTES, 1 << 40),
        )
        self._server = _server()
        self._settings = self._server.settings(
            self.get_capacity, self.expiry, self.group_expiry, self._max_channels, max_groups
        )

    def get_capacity(self, channel):
        """The capacity of a channel: that of the first pattern which its name matches."""
        for pattern, capacity in self.channel_capacity:
            if pattern.match(channel):
                return capacity
        return self.capacity

    async def send(self, channel, message):
        """Puts a message into a channel. Raises `ChannelFull`, `MessageTooLarge`; `TypeError` for what is no name, no message."""
        _channel(channel)
        data = self._encoded(message)
        server, loop = self._here()
        capacity = self.get_capacity(channel)
        if not await server.send(loop, self.name, channel, data, capacity, self.expiry, self._limits):
            raise ChannelFull(
                f"{channel}: {capacity} messages wait (capacity), or many bytes (max_backlog_bytes)"
            )

    async def receive(self, channel):
        """The next message of a channel; waits for one."""
        _channel(channel)
        server, loop = self._here()
        while True:
            try:
                return server.decode(await server.receive(loop, self.name, channel))
            except server.Malformed as e:
                # Somebody else has written it into what servers share.
                asyncio.get_running_loop().call_exception_handler(
                    {"message": f"loomgate_channels: dropped from {channel}: {e}"}
                )

    async def new_channel(self, prefix="specific"):
        """A new name of a channel that only this process receives from."""
        server, loop = self._here()
        name = await server.new_channel(loop, prefix)
        _channel(name)
        return name

    async def group_add(self, group, channel):
        """Has a channel get what is sent to a group. Does nothing more if it does already, but it does for `group_expiry` from now."""
        _group(group)
        _channel(channel)
        server, loop = self._here()
        settings = (self.get_capacity(channel), self.expiry, self.group_expiry, *self._limits)
        await server.group_add(loop, self.name, group, channel, settings)

    async def group_discard(self, group, channel):
        """Has it get no more of that. Does nothing if it doesn't."""
        _group(group)
        _channel(channel)
        server, loop = self._here()
        await server.group_discard(loop, self.name, group, channel)

    async def group_send(self, group, message):
        """Puts a message into all channels of a group that have room for it. Raises `MessageTooLarge`."""
        _group(group)
        data = self._encoded(message)
        server, loop = self._here()
        await server.group_send(loop, self.name, group, data, self._limits[1])

    async def flush(self):
        """Empties the layer: no messages, no groups."""
        server, loop = self._here()
        await server.flush(loop, self.name)

    async def close(self):
        """Does nothing: what a process has of the layer goes with it."""

    async def counts(self):
        """Figures of all layers of this program: what there is, and how many messages were sent, dropped and have expired."""
        server, loop = self._here()
        return await server.counts(loop, self.name)

    def _here(self):
        self._server.register(self.name, self._settings)
        return self._server, asyncio.get_running_loop()

    def _encoded(self, message):
        if not isinstance(message, dict):
            raise TypeError(f"a message is a dict, not {type(message).__name__}")
        try:
            return self._server.encode(message, self.max_message_bytes)
        except self._server.TooLarge as e:
            raise MessageTooLarge(str(e)) from None


def _server():
    try:
        import uwsgi

        return uwsgi._loomgate_channels
    except (ImportError, AttributeError):
        raise RuntimeError(
            "loomgate_channels.ChannelLayer works in the processes of Loomgate alone"
        ) from None


def _channel(name):
    if not (isinstance(name, str) and len(name) < _MOST_NAME and _CHANNEL.match(name)):
        raise TypeError(_names("channel", name) + ", one ! perhaps")


def _group(name):
    if not (isinstance(name, str) and len(name) < _MOST_NAME and _GROUP.match(name)):
        raise TypeError(_names("group", name))


def _names(what, name):
    return f"{name!r} is no name of a {what}: up to {_MOST_NAME - 1} ASCII letters, digits, hyphens, underscores, periods"


def _require(right, what, value, allowed):
    if not right:
        raise ValueError(f"CHANNEL_LAYERS: {what} is {value!r}, it must be {allowed}")


def _number(what, value, least, most):
    right = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    _require(right, what, value, f"a number from {least} to {most}")
    return value


def _seconds(what, value):
    right = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= 10 * 365 * 86400
    _require(right, what, value, "a number of seconds, over 0 and up to ten years")
    return value
