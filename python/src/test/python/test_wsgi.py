"""PEP 3333, in every mode, with a real zygote and real workers."""

from __future__ import annotations

import ast
import unittest

from connections import request
from every_mode import EveryMode as _EveryMode
from every_mode import NamedPipe, every_mode
from surroundings import frames

from loomgate_worker.wsgi.heads import content_length


class ContentLength(unittest.TestCase):
    def test_only_the_header_counts(self) -> None:
        for head, expected in [
            (b"200 OK\nContent-Length\n5", 5),
            (b"200 OK\nX\ny\nContent-Length\n15\nZ\nz", 15),
            (b"200 OK\nContent-Length\n15", 15),
            (b"200 OK\nX\nContent-Length\n5\nz", None),
            (b"200 OK\nX-Content-Length\n5", None),
            (b"200 OK", None),
        ]:
            self.assertEqual(content_length(head), expected, head)


class Wsgi(_EveryMode):
    def test_a_list_is_one_frame(self) -> None:
        worker = self.worker
        response = worker.get("/hello")
        self.assertAnswers(response, b"Hello world!\n")
        self.assertEqual(response.headers, [("Content-Type", "text/plain")])
        self.assertEqual(len(response.frames), 1)

    def test_frames_may_come_byte_by_byte(self) -> None:
        worker = self.worker
        number = worker._next
        worker._next += 2
        data = request(number, "/echo", b"a", False) + frames.frame(frames.BODY, 1, number, b"bc")
        data += request(number + 1, "/hello")
        for at in range(len(data)):
            worker.data_socket.sendall(data[at : at + 1])
        self.assertAnswers(worker.end(number), b"abc")
        self.assertAnswers(worker.end(number + 1), b"Hello world!\n")

    def test_many_requests_in_one_write(self) -> None:
        worker = self.worker
        first = worker._next
        worker._next += 300
        worker.data_socket.sendall(b"".join(request(first + n, "/hello") for n in range(300)))
        for n in range(300):
            self.assertAnswers(worker.end(first + n), b"Hello world!\n")

    def test_fields_that_come_apart_are_made_variables(self) -> None:
        worker = self.worker
        number = worker._next
        worker._next += 1
        fields = [(b"host", b"h"), (b"x-a", b"1"), (b"content-type", b"a/b"), (b"x-a", b"\xe9")]
        worker.data_socket.sendall(request(number, "/environ", fields=fields))
        text = worker.end(number).body.decode()
        for shown in ("'HTTP_HOST': 'h'", "'HTTP_X_A': '1, \u00e9'", "'CONTENT_TYPE': 'a/b'"):
            self.assertIn(shown, text)
        self.assertNotIn("loomgate.fields", text)

    def test_the_environ_is_whole(self) -> None:
        worker = self.worker
        mode = worker.zygote.configuration["mode"]
        response = worker.get("/environ", HTTP_X="\u00e9", QUERY_STRING="q")
        text = response.body.decode()
        self.assertIn("'HTTP_X': '\u00e9'", text)
        text = text.replace("<class 'loomgate_worker.wsgi.files.FileWrapper'>", "'FileWrapper'")
        environ = ast.literal_eval(text)
        self.assertEqual(environ["wsgi.version"], (1, 0))
        self.assertEqual(environ["wsgi.multithread"], mode == "threads")
        self.assertIs(environ["wsgi.multiprocess"], True)
        self.assertIs(environ["wsgi.run_once"], False)
        self.assertIs(environ["wsgi.input_terminated"], True)
        self.assertEqual(environ["wsgi.file_wrapper"], "FileWrapper")
        self.assertEqual(environ["uwsgi.version"], b"1.2.3")
        self.assertIsInstance(environ["uwsgi.node"], bytes)
        self.assertEqual(environ["wsgi.url_scheme"], "http")

    def test_a_generator_goes_chunk_by_chunk(self) -> None:
        worker = self.worker
        response = worker.get("/generator")
        self.assertAnswers(response, b"0\n1\n2\n")
        self.assertGreaterEqual(len(response.frames), 3)

    def test_the_head_may_come_with_the_first_bytes(self) -> None:
        worker = self.worker
        self.assertAnswers(worker.get("/late-head"), b"late", "201 Created")

    def test_write_sends_before_what_is_returned(self) -> None:
        worker = self.worker
        self.assertAnswers(worker.get("/written"), b"one two three")

    def test_exc_info_replaces_a_head_that_was_not_sent(self) -> None:
        worker = self.worker
        self.assertAnswers(worker.get("/replaced"), b"replaced", "500 Oops")

    def test_exc_info_is_raised_when_the_head_was_sent(self) -> None:
        worker = self.worker
        response = worker.get("/too-late")
        self.assertEqual(response.status, "200 OK")
        self.assertIn("ValueError: after the head", response.failed or "")

    def test_a_second_start_response_fails(self) -> None:
        worker = self.worker
        self.assertIn("a second time without exc_info", worker.get("/twice").failed or "")

    def test_an_exception_ends_its_request_alone(self) -> None:
        worker = self.worker
        for path, said in [
            ("/fails", "RuntimeError: deliberately, with \u00fcmlaut"),
            ("/exits", "SystemExit: 7"),
            ("/interrupts", "KeyboardInterrupt"),
            ("/nothing", "returned None, not an iterable"),
            ("/headless", "without having called start_response"),
            ("/number", "is a int, not bytes: 7"),
        ]:
            response = worker.get(path)
            self.assertIn(said, response.failed or "nothing failed")
            self.assertEqual(response.status, "")
            first = (response.failed or "").split("\n")[1]
            for ours in ("exchange.py", "response.py"):
                self.assertNotIn(ours, first, "frames of ours come first")
        self.assertAnswers(worker.get("/hello"), b"Hello world!\n")

    def test_a_generator_that_fails_is_closed(self) -> None:
        worker = self.worker
        response = worker.get("/fails-midway")
        self.assertEqual((response.status, response.body), ("200 OK", b"begun"))
        self.assertIn("RuntimeError: midway", response.failed or "")
        self.assertLogged("midway closed")

    def test_close_is_called_on_every_path(self) -> None:
        worker = self.worker
        self.assertAnswers(worker.get("/closing"), b"ab")
        self.assertLogged("closing closed")
        self.assertIn("broken", worker.get("/breaking").failed or "")
        self.assertLogged("breaking closed")

    def test_a_first_chunk_of_the_declared_length_is_all(self) -> None:
        worker = self.worker
        whole = worker.get("/declared?5")
        self.assertAnswers(whole, b"12345")
        self.assertEqual(len(whole.frames), 1)
        self.assertLogged("declared closed")
        worker.zygote.event("output", lambda e: "more bytes than its Content-Length says" in e["line"])
        self.assertAnswers(worker.get("/declared?8"), b"12345678")
        self.assertLogged("declared closed")

    def test_a_failing_close_harms_nobody(self) -> None:
        worker = self.worker
        self.assertAnswers(worker.get("/closing-fails"), b"ab")
        self.assertLogged("closing_fails closed")
        worker.zygote.event("output", lambda e: e["line"] == "RuntimeError: close failed")

    def test_a_slow_close_does_not_keep_the_response_back(self) -> None:
        worker = self.worker
        with NamedPipe() as pipe:
            self.assertAnswers(worker.get("/slow-close?" + pipe.path), b"early")
            pipe.release()
            self.assertLogged("slow_close closed")

    def test_a_chunk_goes_out_while_the_next_one_is_made(self) -> None:
        worker = self.worker
        for _ in range(3):
            with NamedPipe() as pipe:
                number = worker.begin("/fifo?" + pipe.path)
                self.assertTrue(worker.next(number, frames.RESPONSE).payload.endswith(b"before "))
                pipe.release("after")
                self.assertEqual(worker.end(number).body, b"after")

    def test_an_empty_body(self) -> None:
        worker = self.worker
        self.assertAnswers(worker.get("/empty"), b"", "204 No Content")

    def test_str_is_encoded_with_one_warning(self) -> None:
        worker = self.worker
        self.assertAnswers(worker.get("/text"), "Hello w\u00f6rld!\n".encode())
        self.assertAnswers(worker.get("/text-list"), b"abc")
        self.assertAnswers(worker.get("/bare-text"), b"bare text")
        worker.zygote.event("output", lambda e: "PEP 3333 wants bytes" in e["line"])
        warnings = [line for line in worker.zygote.output(worker.pid, "stderr") if "PEP 3333" in line]
        self.assertEqual(len(warnings), 1)

    def test_bare_bytes_are_one_chunk(self) -> None:
        worker = self.worker
        response = worker.get("/bare")
        self.assertAnswers(response, b"bare bytes")
        self.assertEqual(len(response.frames), 1)

    def test_duplicate_and_latin_headers(self) -> None:
        worker = self.worker
        headers = worker.get("/duplicates").headers
        self.assertEqual(headers, [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Latin", "\u00e9")])

    def test_a_bad_head_is_explained(self) -> None:
        said = {
            "status": "the status is a bytes, not a str",
            "digits": "isn't three digits",
            "newline": r"the status contains '\n'",
            "value": "the value of the header 'X' is a int, not a str: 5",
            "inject": r"the value of the header 'X' contains '\n'",
            "latin": "the value of the header 'X' has a character outside of latin-1",
            "pair": "isn't a tuple (name, value)",
            "none": "the headers are a NoneType",
        }
        worker = self.worker
        for case, message in said.items():
            self.assertIn(message, worker.get("/bad-head?" + case).failed or "")

    def test_write_after_the_end_fails(self) -> None:
        worker = self.worker
        self.assertAnswers(worker.get("/kept-write"), b"kept")
        self.assertAnswers(worker.get("/kept-write"), b"write() was called after the end of its request")

    # ---- bodies and windows (20,000 bytes here)


class Validated(_EveryMode):
    """wsgiref's validator finds nothing to say."""

    boot = {"processes": 2, "callable": "checked"}

    def test_the_validator_is_silent(self) -> None:
        worker = self.worker
        for path in ("/hello", "/written", "/closing", "/large"):
            self.assertIsNone(worker.get(path).failed, path)
        number = worker.begin("/lines", b"a\nb", True)
        worker.end(number)
        number = worker.begin("/echo-iterator", b"a", False)
        worker.send_body(number, b"b" * 100000)
        self.assertAnswers(worker.end(number), b"a" + b"b" * 100000)
        worker.stop()
        worker.zygote.exited(worker)
        self.assertEqual(worker.zygote.output(worker.pid, "stderr"), [])
        self.assertEqual(worker.zygote.errors, b"")


globals().update(every_mode(Wsgi, Validated))
del Wsgi, Validated


if __name__ == "__main__":
    unittest.main()
