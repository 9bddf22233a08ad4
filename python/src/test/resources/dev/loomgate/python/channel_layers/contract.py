"""What Channels' "Channel Layer Specification" says of a layer, as cases: GET /ours/CASE and /theirs/CASE (InMemoryChannelLayer)."""

import asyncio
import json
import traceback

import loomgate_channels

cases = {}
number = 0


def case(function):
    cases[function.__name__] = function
    return function


async def there(layer, channel):
    """The messages that are in a channel: those before one that is sent as the last."""
    found = []
    is_sent = False
    while True:
        if not is_sent:
            try:
                await layer.send(channel, {"n": "last"})
                is_sent = True
            except loomgate_channels.ChannelFull:
                # When there is room.
                pass
        found.append((await layer.receive(channel))["n"])
        if found[-1] == "last":
            return found[:-1]


async def raised(awaitable):
    try:
        await awaitable
        return "nothing"
    except AssertionError:
        # Theirs has assertions where the specification names no exception.
        return "TypeError"
    except Exception as e:
        return type(e).__name__


@case
async def messages_come_in_their_order(make):
    layer = make()
    own = await layer.new_channel()
    for channel in (own, "open"):
        for n in range(20):
            await layer.send(channel, {"n": n})
    return [await there(layer, own), await there(layer, "open")]


@case
async def a_name_is_new_and_of_this_process(make):
    layer = make()
    names = [await layer.new_channel("mine") for _ in range(3)]
    return [len(set(names)), [name.startswith("mine.") and name.count("!") == 1 for name in names]]


@case
async def all_types_come_as_they_were(make):
    layer = make()
    message = {
        "none": None,
        "bools": [True, False],
        "ints": [0, -1, 2**63 - 1, -(2**63)],
        "floats": [0.1, -1e300, 5e-324],
        "text": "\u00e9\u20ac\U0001f600\x00\ud800",
        "bytes": bytes(range(256)),
        "nested": {"": [{"a": [b"", ""]}], "b": "b", "s": "s"},
    }
    own = await layer.new_channel()
    answers = []
    for channel in (own, "open"):
        await layer.send(channel, message)
        answers.append(await layer.receive(channel) == message)
        await layer.group_add("g", channel)
        await layer.group_send("g", message)
        answers.append(await layer.receive(channel) == message)
        await layer.group_discard("g", channel)
    return answers


@case
async def a_message_is_the_receivers_own(make):
    layer = make()
    one, two = await layer.new_channel(), await layer.new_channel()
    message = {"n": [1]}
    for channel in (one, two):
        await layer.group_add("g", channel)
    await layer.group_send("g", message)
    message["n"].append(2)
    first = await layer.receive(one)
    first["n"].append(3)
    return [first, await layer.receive(two)]


@case
async def a_full_channel_raises_and_has_room_again(make):
    layer = make(capacity=3)
    answers = []
    for channel in (await layer.new_channel(), "open"):
        for n in range(3):
            await layer.send(channel, {"n": n})
        answers.append(await raised(layer.send(channel, {"n": 3})))
        answers.append((await layer.receive(channel))["n"])
        answers.append(await raised(layer.send(channel, {"n": 4})))
        answers.append(await there(layer, channel))
    return answers


@case
async def a_group_leaves_full_channels_out(make):
    layer = make(capacity=2)
    full, free = await layer.new_channel(), await layer.new_channel()
    for channel in (full, free, "open"):
        await layer.group_add("g", channel)
    for n in range(2):
        await layer.send(full, {"n": n})
        await layer.send("open", {"n": n})
    answer = await raised(layer.group_send("g", {"n": 2}))
    return [answer, await there(layer, full), await there(layer, "open"), await there(layer, free)]


@case
async def who_is_in_a_group_gets_each_message_once(make):
    layer = make()
    one, two = await layer.new_channel(), await layer.new_channel()
    await layer.group_send("g", {"n": 0})
    for channel in (one, one, two, "open"):
        await layer.group_add("g", channel)
    await layer.group_add("h", two)
    await layer.group_send("g", {"n": 1})
    await layer.group_discard("g", one)
    await layer.group_discard("g", one)
    await layer.group_discard("never", one)
    await layer.group_discard("g", "open")
    await layer.group_send("g", {"n": 2})
    await layer.group_send("h", {"n": 3})
    await layer.group_discard("g", two)
    await layer.group_send("g", {"n": 4})
    await layer.group_add("g", one)
    await layer.group_send("g", {"n": 5})
    return [await there(layer, one), await there(layer, two), await there(layer, "open")]


@case
async def a_message_expires(make):
    layer = make(expiry=0.2)
    answers = []
    for channel in (await layer.new_channel(), "open"):
        await layer.send(channel, {"n": 1})
        await asyncio.sleep(0.3)
        await layer.send(channel, {"n": 2})
        answers.append(await there(layer, channel))
    return answers


@case
async def a_channel_that_nobody_reads_leaves_its_groups(make):
    layer = make(expiry=0.2)
    answers = []
    for channel in (await layer.new_channel(), "open"):
        await layer.group_add("g", channel)
        await layer.group_send("g", {"n": 1})
        await asyncio.sleep(0.3)
        await layer.group_send("g", {"n": 2})
        answers.append(await there(layer, channel))
        await layer.group_add("g", channel)
        await layer.group_send("g", {"n": 3})
        answers.append(await there(layer, channel))
    return answers


@case
async def a_membership_expires(make):
    layer = make(group_expiry=1)
    answers = []
    for channel in (await layer.new_channel(), "open"):
        await layer.group_add("g", channel)
        for n in range(100):
            await layer.group_send("g", {"n": n})
            if await there(layer, channel) != [n]:
                break
            await asyncio.sleep(0.05)
        answers.append(3 < n < 99)
    return answers


@case
async def a_cancelled_receive_loses_nothing(make):
    layer = make()
    answers = []
    for channel in (await layer.new_channel(), "open"):
        waits = asyncio.create_task(layer.receive(channel))
        await asyncio.sleep(0.02)
        waits.cancel()
        await asyncio.wait([waits])
        await layer.send(channel, {"n": 1})
        answers.append(await there(layer, channel))
        # It has been woken, and is cancelled before it looks.
        waits = asyncio.create_task(layer.receive(channel))
        await asyncio.sleep(0.02)
        sends = asyncio.create_task(layer.send(channel, {"n": 2}))
        await asyncio.sleep(0)
        waits.cancel()
        await asyncio.wait([waits, sends])
        answers.append(await there(layer, channel))
    return answers


@case
async def bad_names_are_refused(make):
    layer = make()
    answers = []
    for name in ("", "a b", "\u00e9", "a!b!c", "a" * 100, None, 7, b"bytes", "a/b", "a:b"):
        answers.append(await raised(layer.send(name, {"n": 1})))
        answers.append(await raised(layer.receive(name)))
        answers.append(await raised(layer.group_add("g", name)))
        answers.append(await raised(layer.group_discard("g", name)))
        answers.append(await raised(layer.group_add(name, "open")))
        answers.append(await raised(layer.group_send(name, {"n": 1})))
    answers.append(await raised(layer.group_add("g!", "open")))
    return [len(answers), sorted(set(answers))]


@case
async def what_is_no_dict_is_refused(make):
    layer = make()
    answers = [await raised(layer.send("open", wrong)) for wrong in ("text", [1], None)]
    return answers + [await raised(layer.group_send("g", "text"))]


@case
async def a_flush_empties_it(make):
    layer = make()
    own = await layer.new_channel()
    for channel in (own, "open"):
        await layer.group_add("g", channel)
        await layer.send(channel, {"n": 1})
    await layer.flush()
    await layer.group_send("g", {"n": 2})
    answers = [await there(layer, own), await there(layer, "open")]
    await layer.group_add("g", own)
    await layer.group_send("g", {"n": 3})
    return answers + [await there(layer, own)]


# ---- what theirs has otherwise, or not at all


@case
async def our_two_receivers_get_one_each(make):
    layer = make()
    answers = []
    for channel in (await layer.new_channel(), "open"):
        two = [asyncio.create_task(layer.receive(channel)) for _ in range(2)]
        await asyncio.sleep(0.02)
        for n in range(3):
            await layer.send(channel, {"n": n})
        answers.append(sorted([(await each)["n"] for each in two]))
        answers.append(await there(layer, channel))
    return answers


@case
async def our_messages_have_limits(make):
    layer = make(max_message_bytes=1_000_000)
    own = await layer.new_channel()
    answers = []
    for channel in (own, "open"):
        await layer.send(channel, {"n": "x" * 999_980})
        answers.append(len((await layer.receive(channel))["n"]))
        answers.append(await raised(layer.send(channel, {"n": "x" * 1_000_000})))
    answers.append(await raised(layer.group_send("g", {"n": "x" * 1_000_000})))
    circle = {}
    circle["n"] = circle
    for wrong in ({1: 2}, {"n": {3}}, {"n": 2**63}, {"n": object()}, circle):
        answers.append(await raised(layer.send(own, wrong)))
    await layer.send(own, {"n": (1, (2,))})
    return answers + [(await layer.receive(own))["n"]]


@case
async def our_limits_have_names(make):
    answers = []
    for wrong in ({"capacity": 0}, {"expiry": -1}, {"name": "a b"}, {"max_groups": "x"}, {"max_message_bytes": 1 << 30}):
        try:
            make(**wrong)
        except ValueError as e:
            answers.append(str(e))
    layer = make(max_groups=1, max_channels=2)
    own = await layer.new_channel()
    await layer.group_add("one", own)
    for awaitable in (layer.group_add("two", own), layer.receive(own + "other"), layer.receive("a.b!c")):
        try:
            await asyncio.wait_for(awaitable, 0.05)
        except asyncio.TimeoutError:
            answers.append("waits")
        except Exception as e:
            answers.append(type(e).__name__ + ": " + str(e).replace(own, "OWN"))
    patterns = make(channel_capacity={"small.*": 1})
    await patterns.send("small.one", {"n": 1})
    answers.append(await raised(patterns.send("small.one", {"n": 2})))
    answers.append(await raised(patterns.send("large.one", {"n": 2})))
    return answers


@case
async def our_counts_say_what_was_left_out(make):
    layer = make(capacity=2)
    own = await layer.new_channel()
    before = await layer.counts()
    await layer.group_add("g", own)
    for n in range(5):
        await layer.group_send("g", {"n": n})
    left = await there(layer, own)
    after = await layer.counts()
    return [left, after["dropped"] - before["dropped"], after["sent_to_groups"] - before["sent_to_groups"]]


def maker(whose):
    global number
    number += 1
    name = f"case-{number}"

    def make(**config):
        if whose == "ours":
            return loomgate_channels.ChannelLayer(**{"name": name, **config})
        from channels.layers import InMemoryChannelLayer

        made = InMemoryChannelLayer(**config)
        # Theirs has a dot of its own at the end.
        new_channel = made.new_channel
        made.new_channel = lambda prefix="specific": new_channel(prefix)
        return made

    return make


async def application(scope, receive, send):
    if scope["type"] != "http":
        return
    _, whose, name = scope["path"].split("/")
    try:
        if name == "names":
            answer = list(cases)
        else:
            answer = await asyncio.wait_for(cases[name](maker(whose)), 20)
    except Exception:
        answer = traceback.format_exc()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})
