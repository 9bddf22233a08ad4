"""Multipart forms: the parts of a body, and the limits."""

from __future__ import annotations

import base64
import io
import itertools
import random
from typing import Any

from shared import case, environ
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.utils import secure_filename
from werkzeug.wrappers import Request

DISPOSITION = b"Content-Disposition: form-data; "
A = DISPOSITION + b'name="a"'
FILE = DISPOSITION + b'name="f"; filename="x.txt"'


def base64_text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def unpacked(body: Any) -> bytes:
    """The bytes of a body, which is recorded as one text, or as texts that are repeated a number of times."""
    if isinstance(body, str):
        return base64.b64decode(body)
    return b"".join(base64.b64decode(text) * times for text, times in body)


def packed(*pieces: tuple[bytes, int]) -> Any:
    return [[base64_text(data), times] for data, times in pieces]


def short(text: str) -> str:
    return text if len(text) < 500 else f"{len(text)} characters"


def shown(fields: Any, files: Any) -> Any:
    return {
        "form": [[name, short(value)] for name, value in fields.items(multi=True)],
        "files": [
            {
                "name": name,
                "filename": file.filename,
                "mimetype": file.mimetype if file.content_type else "",
                "body": short(base64_text(file.stream.read())),
            }
            for name, file in files.items(multi=True)
        ],
    }


def multipart(case: Any) -> Any:
    body = unpacked(case["body"])
    parser = FormDataParser(silent=False, max_form_parts=1000, max_form_memory_size=500_000)
    options = {"boundary": case["boundary"]}
    try:
        _, fields, files = parser.parse(io.BytesIO(body), "multipart/form-data", len(body), options)
    except ValueError:
        return {"malformed": True}
    except RequestEntityTooLarge:
        return {"too_large": True}
    return shown(fields, files)


def form_limits(case: Any) -> Any:
    body = unpacked(case["body"])
    variables = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": case["type"], "wsgi.input": io.BytesIO(body)}
    if case.get("announced", True):
        variables["CONTENT_LENGTH"] = str(len(body))
    request = Request(environ(variables))
    request.max_content_length = case.get("body_bytes")
    request.max_form_memory_size = case.get("form_memory_bytes", 500_000)
    request.max_form_parts = case.get("form_parts", 1000)
    try:
        return shown(request.form, request.files)
    except HTTPException as e:
        return {"code": e.code}


def part(head: bytes, data: bytes, line: bytes = b"\r\n", boundary: bytes = b"b") -> bytes:
    return b"--" + boundary + line + head + line + line + data + line


def ask(body: bytes, boundary: str = "b") -> None:
    case("multipart", {"boundary": boundary, "body": base64_text(body)})


END = b"--b--\r\n"

# fmt: off


def grids() -> None:
    lines = [b"\r\n", b"\n", b"\r"]
    for line in lines:
        ask(part(A, b"1", line) + part(FILE, b"2", line) + b"--b--" + line)
        for start, end in itertools.product([b"", *lines, b"\r\r", b"\n\r"], [b"", *lines, b"\n\n", b"\r\n\r\n", b"\r\r\n"]):
            ask(part(A, start + b"x" + end, line) + b"--b--" + line)
            ask(part(A, start + end, line) + b"--b--" + line)
    for first, second in itertools.product(lines, repeat=2):
        ask(b"--b" + first + A + second + second + b"x" + first + b"--b--")
        ask(b"--b" + first + A + second + first + b"x" + second + b"--b--")


def shapes() -> None:
    whole = part(A, b"1") + END
    for body in [b"", b"--b--", b"--b--\r\n", b"\r\n--b--\r\n", b"--b", b"--b\r\n", b"--b\r\n\r\n", b"--b-", b"x", b"--c--", b"--b --", b"--bb--"]:
        ask(body)
    for before in [b"", b"\r\n", b"\n", b"preamble\r\n", b"a\r\n--c\r\nb\r\n", b"--bx\r\n", b"\r\n\r\n", b"--\r\n", b"-\n", b"x", b"--b"]:
        ask(before + whole)
    for after in [b"", b"epilogue", b"\r\n--b\r\n" + A + b"\r\n\r\n2\r\n--b--", b"--b--", b"\x00", b"  \r\n", b"--"]:
        ask(part(A, b"1") + b"--b--" + after)
    for rest in [b"", b"-", b"--", b" --", b" ", b"\t", b" \r\n", b"\r", b"\n", b"\r\n", b"x", b"- -", b"--x", b"\x0b\r\n", b"\x0c\n", b"\x1c\n", b" " * 200 + b"\r\n"]:
        ask(b"--b\r\n" + A + b"\r\n\r\n1\r\n--b" + rest)
        ask(b"--b\r\n" + A + b"\r\n\r\n1\r\n--b" + rest + A + b"\r\n\r\n2\r\n--b--")
    for data in [
        b"", b"\x00", b"\xff\xfe", b"\xc3\xa4", b"\xc3", b"--", b"--b", b"--b--", b"\r\n--", b"\r\n--c", b"\r\n--bb", b"\n-- b", b"\r\n-b", b"\r\r\n--x", b"\r\n--b x",
        b"\r\n\r\n--bx\r\n", b"\r" * 300, b"\n" * 300, b"\r\n" * 300, b"-" * 300, b"\r\n--" * 100, b"\r\n--b-" * 50, bytes(range(256)) * 3,
    ]:
        ask(part(A, data) + END)
        ask(part(FILE, data) + END)
    for boundary in ["b", "bb", "----WebKitFormBoundaryA1b2C3", "a b", "-", "--", "'()+_,-./:=?", "x" * 70, "0123456789" * 15, "b*[a]"]:
        coded = boundary.encode()
        ask(part(A, b"1", b"\r\n", coded) + part(FILE, b"--" + coded[:-1], b"\r\n", coded) + b"--" + coded + b"--\r\n", boundary)
    for boundary in ["", "\u00e4", "x\u20ac"]:
        ask(b"--b--", boundary)
    for kept in range(0, len(whole)):
        ask(whole[:kept])


def heads() -> None:
    dispositions = [
        b'name=a', b'name="a b"', b'name=""', b'name', b'', b'filename="x"', b'name="a"; filename', b'name="a"; filename=""', b'name="a"; filename=x.txt', b'NAME="a"; FILENAME="x"',
        b'name="a\\"b"', b'name="a%22b"', b'name="a\\\\b"', b'name="a;b"', b"name*=utf-8''%c3%a4", b"name=x; name*=UTF-8'en'%e2%82%ac", b"name*=latin-9''%a4", b'name="\xc3\xa4"', b'name="\xff"',
        b'name="a"; filename="C:\\path\\x.txt"', b'name="a"; filename="../../etc/passwd"', b"name=a; filename*=UTF-8''na%C3%AFve%20file.txt", b"name=a; filename=\"x\"; filename*=UTF-8''y",
        b"name=a; filename*0=\"x\"; filename*1=\"y.txt\"", b"name=a; filename*0*=utf-8''%c3; filename*1*=%a4; filename*2=.txt", b"name=a; filename*1=b; filename*0=a", b"name=a; filename*=iso-8859-1''%e4",
        b"name=a; filename*=''x", b"name=a; filename*=us-ascii''%e4x", b'name="a"; filename="\xe2\x82\xac.txt"', b'name="a"; name="b"', b'name="a', b'name="a"x; filename="y"', b"name='a'", b'name = "a"',
    ]
    for disposition in dispositions:
        ask(part(DISPOSITION + disposition, b"1") + END)
    for head in [
        b"", A, b"content-disposition:form-data;name=a", b"CONTENT-DISPOSITION :  form-data; name=a", b"Content-Disposition: attachment; name=a", b"Content-Disposition", b"Content-Disposition:",
        b"Content-Disposition: form-data;\r\n name=a", b"Content-Disposition: form-data;\r\n\tname=a;\r\n  filename=x", b"Content-Disposition: form-data;\n name=a", b"X: y\r\n" + A, A + b"\r\nX: y\r\nZ", b" " + A, A + b"\r\n" + FILE,
        b"Content-Type: text/plain", b"X\xff: 1\r\n" + A, b"\xc3\xa4: \xc3\xa4\r\n" + A, b": x\r\n" + A, A + b"\r\nContent-Type: text/plain; charset=iso-8859-1", A + b"\r\nContent-Type: text/plain; charset=US-ASCII",
        A + b"\r\nContent-Type: text/plain; charset=utf-16", A + b"\r\ncontent-type: text/plain;charset=\"ISO-8859-1\"", A + b"\r\nContent-Transfer-Encoding: base64", FILE + b"\r\nContent-Type: Image/PNG; q=1", FILE + b"\r\nContent-Type: x/y\r\nContent-Type: z/z",
        b"X: " + b"y" * 7000 + b"\r\n" + A, A + b"\r\nX: a\x00b",
    ]:
        ask(part(head, b"\xe4\xc3\xa4") + END)


PIECES = [
    b"\r\n", b"\n", b"\r", b"--", b"--b", b"\r\n--b", b"--b--", b"\r\n--b\r\n", b" ", b"\t", b"x", b"b", b"-", b"\xff", b":", b";", A, FILE, b"\r\n\r\n", b'name="', b"Content-Type: text/plain",
]


def random_body(dice: random.Random) -> Any:
    body = b""
    for _ in range(dice.randint(0, 4)):
        line = dice.choice([b"\r\n", b"\r\n", b"\n", b"\r"])
        data = b"".join(dice.choice(PIECES) for _ in range(dice.randint(0, 6)))
        body += part(dice.choice([A, A, FILE, A + line + b"X: y"]), data, line)
    body += dice.choice([END, END, END, b"--b--", b""])
    for _ in range(dice.choice([0, 0, 1, 2, 3])):
        place = dice.randint(0, len(body))
        body = body[:place] + dice.choice(PIECES) + body[place + dice.choice([0, 0, 1, 2]) :]
    return {"boundary": "b", "body": base64_text(body)}


def random_whole(dice: random.Random) -> Any:
    """A form as somebody means it, with anything in it that is no boundary."""
    body = b""
    for _ in range(dice.randint(0, 4)):
        data = b"".join(dice.choice([b"x", b"\r\n", b"\n", b"\r", b"--", b"\xc3\xa4", b"\xff", b"b", b" "]) for _ in range(dice.randint(0, 8)))
        body += part(dice.choice([A, FILE]), data.replace(b"--b", b"-b"))
    return {"boundary": "boundary", "body": base64_text(body.replace(b"--b\r\n", b"--boundary\r\n") + b"--boundary--\r\n")}


def limits() -> None:
    kind = "multipart/form-data; boundary=b"
    options: Any
    two = part(A, b"x" * 100) + part(A, b"y" * 100) + END
    upload = part(A, b"x") + part(FILE, b"y" * 3000) + END
    for body in two, upload:
        for options in [
            {}, {"body_bytes": len(body)}, {"body_bytes": len(body) - 1}, {"body_bytes": 0}, {"form_parts": 1}, {"form_parts": 2}, {"form_parts": 0}, {"form_memory_bytes": 10_000}, {"form_memory_bytes": 20},
            {"announced": False}, {"announced": False, "body_bytes": len(body) - 1}, {"announced": False, "body_bytes": len(body)},
        ]:
            case("form.limits", {"type": kind, "body": base64_text(body), **options})
    for parts in 999, 1000, 1001:
        case("form.limits", {"type": kind, "body": packed((part(A, b""), parts), (END, 1))})
    # Each field is within the limit, all together are not: Werkzeug takes them.
    for size, times in (90_000, 6), (499_000, 1), (500_001, 1), (700_000, 1):
        head, tail = part(A, b"#").split(b"#")
        case("form.limits", {"type": kind, "body": packed(*[(head, 1), (b"x", size), (tail, 1)] * times, (END, 1))})
    body = b"a=" + b"x" * 98
    for options in [{}, {"body_bytes": 100}, {"body_bytes": 99}, {"form_memory_bytes": 99}, {"announced": False, "body_bytes": 99}]:
        case("form.limits", {"type": "application/x-www-form-urlencoded", "body": base64_text(body), **options})
    for kind in ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"b\"", "Multipart/Form-Data; Boundary=b", "multipart/mixed; boundary=b"]:
        case("form.limits", {"type": kind, "body": base64_text(two)})


FILENAMES = [
    "", "x.txt", "My cool movie.mov", "../../../etc/passwd", "i contain cool \u00fcml\u00e4uts.txt", "a/b\\c.txt", ".", "..", "...", "__x__", ".hidden", "a  b", " a ", "\u30d5\u30a1\u30a4\u30eb.txt", "\ufb01x", "a\x00b", "CON", "a:b",
    "\u00a0x\u00a0y", "a\tb\nc", "-", "_-_", "a_ b", "\u2024\u2024/x", "na\u00efve", "x" * 300,
]


def cases() -> None:
    grids()
    shapes()
    heads()
    dice = random.Random(7578)
    for _ in range(600):
        case("multipart", random_body(dice))
    limits()
    for name in FILENAMES:
        case("secure_filename", name)


ANSWERS = {"multipart": multipart, "multipart.plain": multipart, "form.limits": form_limits, "secure_filename": secure_filename}
RANDOM = {
    "multipart.plain": random_whole,
    "multipart": random_body,
    "secure_filename": lambda dice: "".join(dice.choice([*"ab._-/\\ \t\u00e4\ufb01\u2026:\u00a0", "..", "/../"]) for _ in range(dice.randint(0, 12))),
}
