"""What a process keeps of a channel layer, by a clock of the test's own; and how messages are written."""

from __future__ import annotations

import asyncio
import unittest
from typing import Any, List

from surroundings import MAIN as MAIN

from loomgate_worker.uwsgi.channel_messages import Malformed, decode, encode
from loomgate_worker.uwsgi.mailboxes import Mailboxes, Settings, TooMany


class MailboxesTest(unittest.TestCase):
    def setUp(self) -> None:
        self.now = 0.0
        settings = Settings(lambda channel: 4, 60, 1000, 3, 2)
        self.boxes = Mailboxes(settings, lambda: self.now)

    def taken(self, channel: str) -> List[bytes]:
        found = []
        while True:
            message = self.boxes.take(channel)
            if message is None:
                return found
            found.append(message)

    def test_a_full_one_says_so_until_a_quarter_is_taken(self) -> None:
        for number in range(6):
            self.assertEqual(self.boxes.put("l:c", b"%d" % number, True), number < 4)
        self.assertEqual((self.boxes.news.full, self.boxes.news.taken), ({"l:c": True}, {"l:c": 2}))
        self.assertEqual(self.boxes.news.dropped, 2)
        self.assertEqual(self.boxes.take("l:c"), b"0")
        self.assertEqual((self.boxes.news.full, self.boxes.news.taken), ({"l:c": False}, {"l:c": 3}))
        self.assertEqual(self.taken("l:c"), [b"1", b"2", b"3"])
        self.assertEqual(self.boxes.counts()["channels"], 0)

    def test_groups_have_members_and_lose_them(self) -> None:
        self.assertTrue(self.boxes.add("l:g", "l:a"))
        self.assertFalse(self.boxes.add("l:g", "l:b"))
        self.boxes.put_group("l:g", b"1")
        self.assertFalse(self.boxes.discard("l:g", "l:a"))
        self.assertFalse(self.boxes.discard("l:g", "l:a"))
        self.boxes.put_group("l:g", b"2")
        self.assertEqual((self.taken("l:a"), self.taken("l:b")), ([b"1"], [b"1", b"2"]))
        self.assertTrue(self.boxes.discard("l:g", "l:b"))
        self.assertEqual(self.boxes.counts(), {"channels": 0, "waiting": 0, "groups": 0, "members": 0})

    def test_who_does_not_read_leaves_its_groups(self) -> None:
        self.boxes.add("l:g", "l:a")
        self.boxes.add("l:h", "l:a")
        self.boxes.put_group("l:g", b"1")
        self.now = 61
        self.boxes.put_group("l:g", b"2")
        self.assertEqual(sorted(self.boxes.left), ["l:g", "l:h"])
        self.assertEqual((self.taken("l:a"), self.boxes.news.expired), ([], 1))
        self.assertEqual(self.boxes.counts(), {"channels": 0, "waiting": 0, "groups": 0, "members": 0})

    def test_a_membership_is_good_for_so_long_after_the_last_time(self) -> None:
        self.boxes.add("l:g", "l:a")
        self.now = 900
        self.boxes.add("l:g", "l:a")
        self.boxes.add("l:g", "l:b")
        self.now = 1800
        self.boxes.add("l:g", "l:b")
        self.boxes.put_group("l:g", b"1")
        self.assertEqual((self.taken("l:a"), self.taken("l:b")), ([b"1"], [b"1"]))
        self.now = 1901
        self.boxes.put_group("l:g", b"2")
        self.assertEqual((self.taken("l:a"), self.taken("l:b")), ([], [b"2"]))

    def test_what_nobody_uses_is_swept(self) -> None:
        self.boxes.add("l:g", "l:a")
        self.boxes.put("l:b", b"1", True)
        self.now = 61
        self.boxes.sweep()
        self.assertEqual(self.boxes.counts()["channels"], 0)
        self.assertEqual((self.boxes.news.taken, self.boxes.left), ({"l:b": 1}, []))
        self.now = 1001
        self.boxes.sweep()
        self.assertEqual((self.boxes.counts()["members"], self.boxes.left), (0, ["l:g"]))

    def test_there_are_so_many_at_most(self) -> None:
        for name in "abc":
            self.assertTrue(self.boxes.put("l:" + name, b"1", False))
        self.assertFalse(self.boxes.put("l:d", b"1", True))
        self.assertEqual((self.boxes.news.dropped, self.boxes.news.taken), (1, {"l:d": 1}))
        with self.assertRaisesRegex(TooMany, r"over 3 channels in this process \(max_channels\): d"):
            self.boxes.wait("l:d", None)
        for name in "gh":
            self.boxes.add("l:" + name, "l:a")
        with self.assertRaisesRegex(TooMany, r"over 2 groups in this process \(max_groups\): i"):
            self.boxes.add("l:i", "l:a")

    def test_who_is_woken_and_leaves_has_the_next_one_woken(self) -> None:
        async def two() -> None:
            loop = asyncio.get_running_loop()
            first, second = self.boxes.wait("l:c", loop), self.boxes.wait("l:c", loop)
            self.boxes.put("l:c", b"1", False)
            self.assertTrue(first.future.done() and not second.future.done())
            self.boxes.unwait("l:c", first, False)
            self.assertTrue(second.future.done())
            third = self.boxes.wait("l:c", loop)
            third.future.cancel()
            fourth = self.boxes.wait("l:c", loop)
            self.boxes.put("l:c", b"2", False)
            self.assertTrue(fourth.future.done())
            for waiter in (second, third, fourth):
                self.boxes.unwait("l:c", waiter, True)

        asyncio.run(two())
        self.assertEqual(self.taken("l:c"), [b"1", b"2"])


class Messages(unittest.TestCase):
    def test_what_is_written_is_read(self) -> None:
        messages: List[Any] = [
            {},
            {"a": [None, True, 1, -1.5, "\ud800\u20ac", [[]], {"": {}}]},
            {"a": b"\x00\xff", "b": ["b", "s", "", b""], "s": {"b": bytearray(b"x")}},
        ]
        for message in messages:
            self.assertEqual(decode(encode(message, 1000)), message)
        self.assertEqual(encode({"a": 1}, 1000), b'j{"a":1}')
        self.assertEqual(encode({"a": b"x", "b": "x"}, 1000), b'b{"a":"beA==","b":"sx"}')

    def test_what_is_no_message_says_so(self) -> None:
        for data in (
            b"",
            b"j",
            b"x{}",
            b"j[]",
            b"j{",
            b"j\xff",
            b'b{"a":"x"}',
            b'b{"a":"bA"}',
            b"j" + b"[" * 100_000,
        ):
            with self.assertRaises(Malformed):
                decode(data)


if __name__ == "__main__":
    unittest.main()
