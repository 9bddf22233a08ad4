"""Asks real Werkzeug: reads cases as JSON lines, writes them back with its answers.

    python3 cases.py | PYTHONPATH=<werkzeug 3.1> python3 oracle.py ../resources/vectors

Each line is {"family": ..., "input": ...}; each answer goes to <family>.jsonl in the directory as {"input": ...,
"answer": ...}, after a first line that names the versions. Nobody types an expected value by hand. Without a directory,
the answers go to standard output.
"""

import base64
import io
import json
import pathlib
import platform
import sys
import warnings
from importlib import metadata
from uuid import UUID

import werkzeug
from werkzeug import exceptions
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.http import dump_cookie, parse_cookie, parse_options_header
from werkzeug.routing import BuildError, Map, RequestRedirect, Rule
from werkzeug.routing.exceptions import WebsocketMismatch
from werkzeug.urls import iri_to_uri, uri_to_iri
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

warnings.simplefilter("ignore")


def tagged(value):
    """A value with its type, as JSON would lose it."""
    if isinstance(value, UUID):
        return {"uuid": str(value)}
    if isinstance(value, bool):
        return {"bool": value}
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, float):
        return {"float": repr(value)}
    return {"str": value}


def untagged(value):
    if isinstance(value, dict):
        ((kind, content),) = value.items()
        return {"uuid": UUID, "int": int, "float": float, "str": str, "bool": bool, "list": list}[kind](content)
    return value


def url_map(spec):
    rules = []
    for rule in spec["rules"]:
        rule = dict(rule)
        if "defaults" in rule:
            rule["defaults"] = {name: untagged(value) for name, value in rule["defaults"].items()}
        rules.append(Rule(rule.pop("rule"), **rule))
    return Map(rules, **spec.get("options", {}))


def match(adapter, path, method):
    try:
        endpoint, args = adapter.match(path, method)
    except RequestRedirect as e:
        return {"redirect": e.new_url}
    except MethodNotAllowed as e:
        return {"methods": sorted(e.valid_methods)}
    except WebsocketMismatch:
        return {"websocket": True}
    except NotFound:
        return {"missing": True}
    return {"found": endpoint, "args": {name: tagged(value) for name, value in args.items()}}


def routing_match(case):
    adapter = url_map(case["map"]).bind(**case["bind"])
    return [match(adapter, path, method) for path, method in case["requests"]]


def routing_build(case):
    adapter = url_map(case["map"]).bind(**case["bind"])
    answers = []
    for build in case["builds"]:
        build = dict(build)
        build["values"] = {name: untagged(value) for name, value in build.get("values", {}).items()}
        try:
            answers.append({"url": adapter.build(**build)})
        except BuildError:
            answers.append({"build_error": True})
        except ValueError as e:
            answers.append({"value_error": str(e)})
    return answers


def environ(extra):
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.input_terminated": True,
        **extra,
    }


def routing_bind(case):
    try:
        adapter = url_map(case["map"]).bind_to_environ(environ(case["environ"]), **case.get("bind", {}))
    except HTTPException as e:
        return {"raises": e.code}
    return {"match": match(adapter, None, None), "url": adapter.build("index", force_external=True)}


def pairs(multi):
    return list(multi.items(multi=True))


def args(case):
    return pairs(Request(environ({"QUERY_STRING": case})).args)


def cookie_parse(case):
    return pairs(parse_cookie(case))


def cookie_dump(case):
    return dump_cookie(**case, sync_expires=False)


def form(case):
    body = base64.b64decode(case["body"])
    request = Request(
        environ(
            {
                "REQUEST_METHOD": "POST",
                "CONTENT_TYPE": case["type"],
                "CONTENT_LENGTH": str(len(body)),
                "wsgi.input": io.BytesIO(body),
            }
        )
    )
    return {"form": pairs(request.form), "mimetype": request.mimetype}


def called(application, method="GET"):
    answer = {}

    def start_response(status, headers, exc_info=None):
        answer["code"] = int(status.split()[0])
        answer["headers"] = headers

    chunks = application(environ({"REQUEST_METHOD": method}), start_response)
    answer["body"] = b"".join(chunks).decode("utf-8")
    return answer


def exception(case):
    kind = getattr(exceptions, case["class"])
    return called(kind(**case.get("arguments", {})), case.get("method", "GET"))


def response(case):
    if "redirect" in case:
        made = redirect(*case["redirect"])
    else:
        body = case["body"]
        if case.get("streamed"):
            body = iter([body.encode()])
        made = Response(body, **case.get("arguments", {}))
    return called(made, case.get("method", "GET"))


def url(case):
    request = Request(environ(case))
    return {
        "url": request.url,
        "base_url": request.base_url,
        "root_url": request.root_url,
        "host_url": request.host_url,
        "host": request.host,
        "path": request.path,
        "script_root": request.script_root,
    }


def iri(case):
    answer = {}
    for name, convert in ("to_uri", iri_to_uri), ("to_iri", uri_to_iri):
        try:
            answer[name] = convert(case)
        except ValueError:
            answer[name] = None
    return answer


def options_header(case):
    value, options = parse_options_header(case)
    return [value, options]


FAMILIES = {
    "routing.match": routing_match,
    "routing.build": routing_build,
    "routing.bind": routing_bind,
    "args": args,
    "cookie.parse": cookie_parse,
    "cookie.dump": cookie_dump,
    "form": form,
    "exception": exception,
    "response": response,
    "url": url,
    "iri": iri,
    "options_header": options_header,
}


def main():
    directory = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else None
    outputs = {}
    versions = {"werkzeug": metadata_version(), "python": platform.python_version()}
    for line in sys.stdin:
        case = json.loads(line)
        family = case["family"]
        answer = FAMILIES[family](case["input"])
        if family not in outputs:
            outputs[family] = open(directory / f"{family}.jsonl", "w", encoding="utf-8") if directory else sys.stdout
            print(json.dumps(versions), file=outputs[family])
        print(json.dumps({"input": case["input"], "answer": answer}), file=outputs[family])


def metadata_version():
    # The one that was imported: another one may be installed.
    root = pathlib.Path(werkzeug.__file__).parent.parent
    for distribution in metadata.distributions(path=[str(root)]):
        if distribution.metadata["Name"].lower() == "werkzeug":
            return distribution.version
    return "unknown"


if __name__ == "__main__":
    main()
