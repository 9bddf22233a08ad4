"""Bodies of requests and responses: their flow, files, and what a cancelled request leaves."""

from __future__ import annotations

import gzip
import os
import tempfile
import unittest

from every_mode import EveryMode as _EveryMode
from every_mode import every_mode
from surroundings import frames, wait


class Bodies(_EveryMode):
    def test_a_megabyte_both_ways(self) -> None:
        body = os.urandom(1000000)
        worker = self.worker
        # In mode asyncio, an application that joins a thread stops the loop, and with it what the thread waits for.
        threaded = ["/read-in-thread"] if self.mode != "asyncio" else []
        for path in ["/echo", "/echo-pieces", *threaded]:
            number = worker.begin(path, body[:5000], False)
            worker.send_body(number, body[5000:])
            self.assertAnswers(worker.end(number), body)

    def test_a_large_list_waits_for_credit(self) -> None:
        worker = self.worker
        self.assertAnswers(worker.get("/large"), b"x" * 1000000 + b"y" * 10)

    def test_lines(self) -> None:
        body = b"first\nsecond\nthird\nfourth\nlast"
        expected = (b"first\n", b"sec", [b"ond\n"], [b"third\n", b"fourth\n", b"last"], b"", b"")
        worker = self.worker
        self.assertAnswers(worker.end(worker.begin("/lines", body)), repr(expected).encode())
        number = worker.begin("/lines", body[:1], False)
        for at in range(1, len(body)):
            worker.send(frames.BODY, 0, number, body[at : at + 1])
        worker.send(frames.BODY, frames.COMPLETE, number)
        self.assertAnswers(worker.end(number), repr(expected).encode())

    def test_a_body_that_fails_is_an_oserror(self) -> None:
        worker = self.worker
        number = worker.begin("/read-all", b"abc", False)
        worker.send(frames.BODY_FAILED, 0, number, b"the client disconnected")
        self.assertAnswers(worker.end(number), b"OSError: the client disconnected")

    # ---- cancelling

    def test_cancel_while_reading(self) -> None:
        worker = self.worker
        number = worker.begin("/read-all", b"abc", False)
        worker.send(frames.BODY, 0, number, bytes(6000))
        worker.next(number, frames.CONSUMED)
        worker.send(frames.CANCEL, 0, number)
        self.assertTrue(worker.end(number).cancelled)
        self.assertLogged("read cancelled")

    def test_cancel_while_waiting_for_credit(self) -> None:
        worker = self.worker
        for path, said in [("/flood", "flood closed"), ("/write-forever", "write_forever cancelled")]:
            number = worker.begin(path)
            worker.next(number, frames.RESPONSE)
            worker.send(frames.CANCEL, frames.OVERTIME, number)
            frame = worker.next(number, frames.FAILED)
            self.assertEqual((frame.flags, frame.payload), (frames.CANCELLED, b""))
            self.assertLogged(said)

    def test_one_that_takes_too_long_is_shown_in_the_log(self) -> None:
        number = self.worker.begin("/endless")
        self.worker.next(number, frames.CHUNK)
        self.worker.send(frames.CANCEL, frames.OVERTIME, number)
        self.assertEqual(self.worker.next(number, frames.FAILED).flags, frames.CANCELLED)
        self.assertLogged("endless: generator closed")
        said = "loomgate: GET /endless: the application failed to end in time; it was here:"
        self.zygote.event("output", lambda e: e["line"] == said)

    def test_a_forked_process_does_not_answer(self) -> None:
        status = self.worker.get("/forks")
        self.assertEqual(status.body, b"7")
        self.assertAnswers(self.worker.get("/hello"), b"Hello world!\n")

    def test_cancel_closes_an_endless_generator(self) -> None:
        worker = self.worker
        number = worker.begin("/endless")
        worker.next(number, frames.CHUNK)
        worker.send(frames.CANCEL, 0, number)
        self.assertEqual(worker.next(number, frames.FAILED).flags, frames.CANCELLED)
        self.assertLogged("endless: generator closed")

    def test_cancel_for_what_is_over_is_dropped(self) -> None:
        worker = self.worker
        number = worker.begin("/hello")
        worker.end(number)
        worker.send(frames.CANCEL, 0, number)
        worker.send(frames.BODY, 0, number, b"late")
        self.assertAnswers(worker.get("/hello"), b"Hello world!\n")

    # ---- files

    def test_a_regular_file_is_sent_by_the_jvm(self) -> None:
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"0123456789" + b"f" * 100000)
            file.flush()
            worker = self.worker
            for end in (frames.FILE_SENT, frames.CANCEL):
                number = worker.begin("/file?" + file.name)
                response = worker.end(number)
                assert response.file is not None
                descriptor, offset, length = response.file
                self.assertEqual((response.status, offset, length), ("200 OK", 10, 100000))
                link = os.readlink(f"/proc/{worker.pid}/fd/{descriptor}")
                self.assertEqual(link, os.path.realpath(file.name))
                # Others go on meanwhile, and it stays open.
                self.assertAnswers(worker.get("/log"), b"")
                worker.send(end, 0, number)
                self.assertLogged("file closed")

    def test_other_files_go_as_chunks(self) -> None:
        with tempfile.NamedTemporaryFile(suffix=".gz") as zipped, tempfile.NamedTemporaryFile() as small:
            content = os.urandom(100000)
            zipped.write(gzip.compress(content))
            zipped.flush()
            small.write(b"0123456789" + b"s" * 1000)
            small.flush()
            worker = self.worker
            self.assertAnswers(worker.get("/zipped?" + zipped.name), content)
            self.assertAnswers(worker.get("/file?" + small.name), b"s" * 1000)
            self.assertLogged("file closed")
            self.assertAnswers(worker.get("/memory-file"), b"z" * 100000)
            number = worker.begin("/temporary-file")
            sent = worker.end(number).file
            assert sent is not None
            path = os.readlink(f"/proc/{worker.pid}/fd/{sent[0]}")
            worker.send(frames.FILE_SENT, 0, number)
            # The program's own end of it, which removes it.
            wait(lambda: not os.path.exists(path))


globals().update(every_mode(Bodies))
del Bodies


if __name__ == "__main__":
    unittest.main()
