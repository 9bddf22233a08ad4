"""Heads, bodies, inputs and files of unusual shapes, in every mode."""

from __future__ import annotations

import json
import unittest


from connections import Response
from every_mode import EveryMode as _EveryMode
from every_mode import every_mode
from surroundings import frames

LINES = b"".join(b"%07d\n" % n for n in range(20000))
LIMIT = 524288  # standin.py's --max-response-head


class Shapes(_EveryMode):
    module = "shapes"

    def failed(self, path: str, **environ: str) -> str:
        response = self.worker.get(path, **environ)
        self.assertEqual(response.body, b"")
        self.assertIsNotNone(response.failed, path)
        return response.failed or ""


class Heads(Shapes):
    def test_a_head_over_the_limit_fails_its_request_alone(self) -> None:
        for how in ("list", "generator", "write", "late", "many", "reason"):
            for size in (LIMIT, 1048500, 1048600, 3000000):
                with self.subTest(how=how, size=size):
                    other = self.worker.begin("/chunk?bytearray,bare")
                    said = self.failed(f"/head?{how},{size},2")
                    self.assertIn("start_response: the response's head (status and headers) has ", said)
                    self.assertIn(f" bytes, over {LIMIT} (maxResponseHeadBytes)", said)
                    self.assertAnswers(self.worker.end(other), b"abc")

    def test_a_large_head_passes_whatever_the_body(self) -> None:
        for how in ("list", "generator", "write", "late", "many", "reason"):
            for size in (9000, 70000, LIMIT - 1000):
                for body in (0, 2, 65536, 65537, 600000):
                    with self.subTest(how=how, size=size, body=body):
                        response = self.worker.get(f"/head?{how},{size},{body}")
                        self.assertIsNone(response.failed)
                        self.assertEqual(response.body, b"b" * body)
                        length = len(response.status) + sum(len(n) + len(v) for n, v in response.headers)
                        self.assertGreater(length, size * 8 // 10)

    def test_the_application_may_answer_with_another_head(self) -> None:
        response = self.worker.get("/error-page")
        self.assertEqual(response.status, "500 Mine")
        self.assertIn(b"(maxResponseHeadBytes)", response.body)

    def test_log_variables_that_no_frame_holds_are_left_out(self) -> None:
        response = self.worker.get("/log-variables?1000000")
        self.assertEqual(len(response.log_variables["name"]), 1000000)
        response = self.worker.get("/log-variables?1100000")
        self.assertAnswers(response, b"ok")
        self.assertEqual(response.log_variables, {})
        self.zygote.event("output", lambda e: "they are left out of the access log" in e["line"])

    def test_a_traceback_is_cut_to_what_a_frame_holds(self) -> None:
        said = self.failed("/huge-exception")
        self.assertLess(len(said), 70000)
        self.assertIn("in huge_exception", said)
        self.assertIn("characters are left out here", said)
        self.assertTrue(said.endswith("the end\n"))

    def test_a_request_may_be_larger_than_other_frames(self) -> None:
        worker = self.worker
        for size in (1048600, 5000000, 20000000):
            numbers = [worker.begin("/environ-size", HTTP_COOKIE="c" * size) for _ in range(2)]
            numbers.append(worker.begin("/environ-size", HTTP_COOKIE="c"))
            self.assertEqual(
                [worker.end(number).body.decode() for number in numbers], [str(size), str(size), "1"]
            )


class Iterables(Shapes):
    def test_iter_is_called_once(self) -> None:
        for how, body in [
            ("itself", b"partpart"),
            ("lazy", b"late"),
            ("list-iterator", b"ab"),
            ("only-next", b"ab"),
            ("sized", b"xy"),
        ]:
            with self.subTest(how):
                self.assertAnswers(self.worker.get("/iterable?" + how), body)
                self.assertLogged("iter closed")

    def test_whatever_can_be_iterated_is_a_body(self) -> None:
        for how, body in [
            ("indexed", b"onetwo"),
            ("dict-values", b"vw"),
            ("set", b"only"),
            ("range-map", b"012"),
            ("tuple", b"tu"),
        ]:
            with self.subTest(how):
                self.assertAnswers(self.worker.get("/iterable?" + how), body)

    def test_chunks_with_the_buffer_protocol(self) -> None:
        for what, body in [
            ("bytearray", b"abc"),
            ("view", b"abc"),
            ("view-of-ints", b"abcdefgh"),
            ("view-apart", b"abc"),
            ("array", b"abc"),
            ("array-of-ints", b"abcd"),
            ("mmap", b"mmap"),
            ("ctypes", b"abc"),
            ("text", b"\xc3\xa4"),
            ("empty", b""),
        ]:
            for where in ("bare", "list", "generator", "write"):
                with self.subTest(what=what, where=where):
                    end = b"!" if where in ("list", "generator") else b""
                    self.assertAnswers(self.worker.get(f"/chunk?{what},{where}"), body + end)

    def test_none_is_no_part_of_an_iterable(self) -> None:
        for where in ("list", "generator"):
            with self.subTest(where):
                self.assertAnswers(self.worker.get(f"/chunk?none,{where}"), b"!")

    def test_everything_else_is_an_error(self) -> None:
        for what, kind in [("number", "int"), ("zero", "int"), ("list", "list"), ("none", "NoneType")]:
            for where in ("write",) if what == "none" else ("list", "generator", "write"):
                with self.subTest(what=what, where=where):
                    said = self.failed(f"/chunk?{what},{where}")
                    self.assertIn(f"a part of the response's body is a {kind}, not bytes", said)


class Inputs(Shapes):
    """Every question is asked of a body that is there at once, and of one that comes in pieces: one answer."""

    def ask(self, question: str, body: bytes) -> object:
        worker = self.worker
        at_once = worker.end(worker.begin("/input?" + question, body))
        self.assertIsNone(at_once.failed, question)
        answer = json.loads(at_once.body)
        for first, piece in ((0, 7), (5, 3000), (len(body), 1)):
            number = worker.begin("/input?" + question, body[:first], False)
            for at in range(first, len(body), piece):
                worker.send(frames.BODY, 0, number, body[at : at + piece])
            worker.send(frames.BODY, frames.COMPLETE, number)
            response = worker.end(number)
            self.assertIsNone(response.failed, question)
            self.assertEqual(json.loads(response.body), answer, question)
        return answer

    def test_it_is_a_stream_that_is_read(self) -> None:
        self.assertEqual(
            self.ask("kind", b"body"), [True, True, False, False, False, False, False, False, True]
        )
        names = ["seek", "tell", "truncate", "write", "writelines", "fileno", "detach"]
        self.assertEqual(
            self.ask("refusals", b"body"),
            [f"{name} UnsupportedOperation" for name in names] + ["read TypeError"],
        )

    def test_a_closed_one_is_not_read(self) -> None:
        said = self.ask("close", b"a body\n" * 100)
        self.assertEqual(said, ["a b", True] + ["ValueError"] * 7 + ["ValueError"] * 3)
        self.assertEqual(self.ask("with", b"body"), [4, True, True])

    def test_it_may_be_wrapped(self) -> None:
        body = LINES[:8000]
        self.assertEqual(self.ask("text", body), 1000)
        self.assertEqual(self.ask("csv", body), 499500)
        self.assertEqual(self.ask("buffered", body), ["0000", 8, 7992])
        self.assertEqual(self.ask("copy", body), [None, 8000])

    def test_it_is_read_in_every_way(self) -> None:
        body = LINES[:8000]
        self.assertEqual(self.ask("readinto", body), [1000, 400, "0000000\n", True, 6600])
        self.assertEqual(self.ask("read1", body), [8000, 0, 0])
        self.assertEqual(self.ask("lines", body), ["0000000\n", 999, "", ""])
        self.assertEqual(self.ask("readlines", body), [3, 997, 0])
        self.assertEqual(self.ask("sizes", body), [0, 3, 2, 0, 7995, 0])

    def test_what_comes_after_close_harms_nobody(self) -> None:
        number = self.worker.begin("/input?close", b"a b", False)
        response = self.worker.end(number)
        self.assertIsNone(response.failed)
        for _ in range(3):
            self.worker.send(frames.BODY, 0, number, b"late")
        self.assertEqual(self.ask("with", b"body"), [4, True, True])


class Files(Shapes):
    def file(self, what: str, block: str = "", how: str = "") -> Response:
        number = self.worker.begin(f"/file?{what},{block},{how}")
        response = self.worker.end(number)
        if response.file is not None:
            self.worker.send(frames.FILE_SENT, 0, number)
        return response

    def test_plain_files_go_by_their_descriptor(self) -> None:
        for what, offset in [
            ("plain", 0),
            ("unbuffered", 0),
            ("read-write", 0),
            ("named", 0),
            ("offset", 8000),
        ]:
            with self.subTest(what):
                response = self.file(what)
                self.assertIsNone(response.failed)
                assert response.file is not None
                self.assertEqual(response.file[1:], (offset, len(LINES) - offset))

    def test_what_has_its_own_read_is_read(self) -> None:
        changed = LINES.replace(b"0", b"o")
        for what, body in [
            ("only-read", LINES),
            ("memory", LINES),
            ("zipped", LINES),
            ("zipped-on-disk", LINES),
            ("upper", changed),
            ("upper-file", changed),
            ("upper-raw", changed),
            ("own-read", changed),
            ("own-read-named", changed),
            ("text", LINES),
            ("string", LINES),
            ("spooled", LINES),
            ("rolled", LINES),
            ("socket", LINES[:100000]),
            ("pipe", LINES),
        ]:
            with self.subTest(what):
                response = self.file(what)
                self.assertIsNone(response.file)
                self.assertAnswers(response, body)
        self.assertIn(b"Name:", self.file("proc").body)
        self.assertIn("UnsupportedOperation", self.file("write-only").failed or "")

    def test_the_block_size_is_a_suggestion(self) -> None:
        for block in ("none", "zero", "negative", "one"):
            with self.subTest(block):
                self.assertAnswers(self.file("only-read", block), LINES)

    def test_it_may_be_wrapped_or_yielded(self) -> None:
        for how, body in [
            ("inside", b"<" + LINES + b">"),
            ("listed", LINES),
            ("from", LINES),
            ("wrapped", LINES),
        ]:
            for what in ("plain", "only-read"):
                with self.subTest(how=how, what=what):
                    self.assertAnswers(self.file(what, "", how), body)
        self.worker.get("/log")

    def test_it_is_closed_once(self) -> None:
        for how in ("", "inside", "listed"):
            self.assertAnswers(
                self.file("memory", "", how), b"<" + LINES + b">" if how == "inside" else LINES
            )
            self.assertLogged("closed")


globals().update(every_mode(Heads, Iterables, Inputs, Files))
del Shapes, Heads, Iterables, Inputs, Files


if __name__ == "__main__":
    unittest.main()
