"""Marks before the lines of requests (process/marks.py)."""

from __future__ import annotations

import io
import unittest
from typing import Optional

from surroundings import MAIN  # noqa: F401

from loomgate_worker.process import marks


class MarksTest(unittest.TestCase):
    def setUp(self) -> None:
        self.bytes = io.BytesIO()
        self.stream = marks.MarkedStream(self.bytes, "utf-8", line_buffering=True)
        self.request: Optional[str] = None
        self.before = marks._begin, marks.current
        marks._begin = "<"
        marks.current = lambda: self.request

    def tearDown(self) -> None:
        marks._begin, marks.current = self.before

    def write(self, request: Optional[str], *texts: str) -> None:
        self.request = request
        for text in texts:
            self.assertEqual(self.stream.write(text), len(text))

    def written(self) -> str:
        return self.bytes.getvalue().decode().replace("\x1f", ">")

    def test_each_line_of_a_request_has_a_mark(self) -> None:
        self.write("a", "one\ntwo\n\nthree\n")
        self.assertEqual(self.written(), "<a>one\n<a>two\n\n<a>three\n")

    def test_lines_outside_of_requests_have_none(self) -> None:
        self.write(None, "one\n")
        self.assertEqual(self.written(), "one\n")

    def test_what_two_requests_write_at_once_are_two_lines(self) -> None:
        self.write("a", "of ")
        self.write("b", "of ")
        self.write("a", "a", "\n")
        self.write("b", "b", "\n")
        self.assertEqual(self.written(), "<a>of a\n<b>of b\n")

    def test_what_is_flushed_is_seen_and_goes_on(self) -> None:
        self.write("a", "1 ")
        self.stream.flush()
        self.assertEqual(self.written(), "<a>1 ")
        self.write("a", "2\n3\n")
        self.assertEqual(self.written(), "<a>1 2\n<a>3\n")

    def test_another_request_ends_a_flushed_line(self) -> None:
        self.write("a", "1 ")
        self.stream.flush()
        self.write("b", "2\n")
        self.assertEqual(self.written(), "<a>1 \n<b>2\n")

    def test_what_requests_leave_behind_comes_with_the_next_flush_outside(self) -> None:
        self.write("a", "left")
        self.request = None
        self.stream.flush()
        self.assertEqual(self.written(), "<a>left")

    def test_what_is_kept_is_bounded(self) -> None:
        for number in range(200):
            self.write(f"r{number}", "x" * 10_000)
            self.write(f"r{number}", "rest")
        self.assertLess(sum(map(len, self.stream._begun.values())), 64 * 8192)
        self.stream.flush()
        self.assertLessEqual(len(self.stream._begun), 64)

    def test_without_a_token_nothing_is_marked(self) -> None:
        marks._begin = ""
        self.assertEqual(marks.marked("a", "one\ntwo"), "one\ntwo")


if __name__ == "__main__":
    unittest.main()
