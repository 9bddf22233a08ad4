"""Routing: the URLs of endpoints."""

from __future__ import annotations

from typing import Any

from family_routing import BIND, rules, url_map
from shared import case, untagged
from werkzeug.routing import BuildError


def routing_build(case: Any) -> Any:
    adapter = url_map(case["map"]).bind(**case["bind"])
    answers: list[Any] = []
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


# fmt: off
def builds(url_map: Any, *wanted: Any, **bind: Any) -> None:
    case("routing.build", {"map": url_map, "bind": {**BIND, **bind}, "builds": list(wanted)})


def build(endpoint: str, values: Any = None, **options: Any) -> Any:
    made: dict[str, Any] = {"endpoint": endpoint, **options}
    if values:
        made["values"] = values
    return made


def cases() -> None:
    plain = rules(
        {"rule": "/", "endpoint": "index"}, {"rule": "/foo", "endpoint": "foo"}, {"rule": "/bar/<baz>", "endpoint": "bar"},
        {"rule": "/int/<int:n>", "endpoint": "int"}, {"rule": "/digits/<int(fixed_digits=4):n>", "endpoint": "digits"},
        {"rule": "/float/<float:f>", "endpoint": "float"}, {"rule": "/any/<any(a,b):x>", "endpoint": "any"},
        {"rule": "/path/<path:p>/end", "endpoint": "path"}, {"rule": "/uuid/<uuid:u>", "endpoint": "uuid"},
        {"rule": "/v<int:a>.<int:b>/", "endpoint": "two"}, {"rule": "/st\u00e4tic x/(y)/<z>", "endpoint": "static"},
        {"rule": "/a//b", "endpoint": "merged"},
        {"rule": "/get", "endpoint": "m", "methods": ["GET"]}, {"rule": "/post/<x>", "endpoint": "m", "methods": ["POST"]},
    )
    texts = ["x", "a b", "\u00e4", "a/b", "a?b", "a#b", "a&b=c", "100%", "a+b", "~-._", "!$'()*,;:@", "\U0001f600", "[]{}|\\^`\"<>", "a\nb"]
    wanted = [build("index"), build("foo"), build("bar"), build("nope"), build("m"), build("m", {"x": "1"}), build("m", {"x": "1"}, method="POST")]
    wanted += [build("m", {"x": "1"}, method="PUT"), build("m", method="GET"), build("merged"), build("two", {"a": 1, "b": 2})]
    wanted += [build("bar", {"baz": text}) for text in texts] + [build("path", {"p": text}) for text in texts]
    wanted += [build("static", {"z": text}) for text in texts[:3]]
    wanted += [build("index", {"q": text}) for text in texts] + [build("index", {text: "v"}) for text in texts]
    wanted += [build("index", {"q": {"list": ["a", "b c", "d"]}, "r": "1"}), build("bar", {"baz": "x", "q": "y", "r": 2})]
    wanted += [build("bar", {"baz": "x", "q": "y"}, append_unknown=False), build("int", {"n": 42}), build("int", {"n": -1}), build("digits", {"n": 42})]
    wanted += [build("digits", {"n": 123456}), build("digits", {"n": -3}), build("float", {"f": {"float": "1.5"}}), build("float", {"f": {"float": "3"}})]
    wanted += [build("float", {"f": {"float": "0.001"}}), build("float", {"f": {"float": "123456789.125"}}), build("float", {"f": {"float": "1e-7"}})]
    wanted += [build("any", {"x": "a"}), build("any", {"x": "c"}), build("uuid", {"u": {"uuid": "a8098c1a-f86e-11da-bd1a-00112233ab88"}})]
    wanted += [build("foo", force_external=True), build("foo", force_external=True, url_scheme="https"), build("foo", url_scheme="https"), build("foo", {"a": "1"}, force_external=True, url_scheme="")]
    wanted += [build("index", {"q": {"list": values}}) for values in ([None], [], ["a", None, "b"], [None, None], ["null", "None"])]
    wanted += [build("int", {"n": {"int": str(n)}}) for n in (2**70, -(2**70), 2**63, 2**63 - 1, -(2**63), -(2**63) - 1)]
    wanted += [build("foo", {"q": {"float": "174068442.0"}}), build("bar", {"baz": {"float": "174068442.0"}})]
    bind: Any
    for bind in {}, {"script_name": "/app"}, {"script_name": "/app/", "url_scheme": "https"}, {"server_name": "EXAMPLE.org:8080", "url_scheme": "wss"}, {"url_scheme": ""}, {"default_method": "POST"}:
        builds(plain, *(wanted if not bind else [w for w in wanted if w["endpoint"] in ("foo", "index", "m", "nope")][:40]), **bind)
    defaults = {
        "rules": [
            {"rule": "/foo/", "endpoint": "foo", "defaults": {"page": {"int": 1}}}, {"rule": "/foo/<int:page>", "endpoint": "foo"},
            {"rule": "/old/<int:page>", "endpoint": "foo", "alias": True}, {"rule": "/d/<a>/", "endpoint": "d", "defaults": {"b": {"str": "x"}}},
            {"rule": "/d/<a>/<b>", "endpoint": "d"}, {"rule": "/c/<x>", "endpoint": "c", "defaults": {"x": {"str": "fixed v"}}},
            {"rule": "/ws", "endpoint": "ws", "websocket": True}, {"rule": "/built", "endpoint": "built", "build_only": True},
        ]
    }
    wanted = [build("foo"), build("foo", {"page": 1}), build("foo", {"page": 2}), build("foo", {"page": 1, "q": "x"}), build("d", {"a": "1"})]
    wanted += [build("d", {"a": "1", "b": "x"}), build("d", {"a": "1", "b": "y"}), build("d", {"b": "y"}), build("c"), build("c", {"x": "fixed v"})]
    wanted += [build("c", {"x": "other"}), build("ws"), build("ws", url_scheme="https"), build("built"), build("built", {"page": 1})]
    for scheme in "http", "https", "wss":
        builds(defaults, *wanted, url_scheme=scheme)
    subdomains = rules(
        {"rule": "/", "endpoint": "index"}, {"rule": "/x", "endpoint": "api", "subdomain": "api"}, {"rule": "/y", "endpoint": "user", "subdomain": "<user>"},
    )
    wanted = [build("index"), build("api"), build("user", {"user": "bob"}), build("user"), build("api", force_external=True), build("user", {"user": "api"})]
    for subdomain in "", "api", "bob":
        builds(subdomains, *wanted, subdomain=subdomain, script_name="/app")
    builds({**subdomains, "options": {"default_subdomain": "www"}}, *wanted)
    hosts = rules(
        {"rule": "/", "endpoint": "index", "host": "a.example.org"}, {"rule": "/b", "endpoint": "index", "host": "b.example.org"},
        {"rule": "/y", "endpoint": "user", "host": "<user>.example.org"}, host_matching=True,
    )
    for host in "a.example.org", "b.example.org", "other.net":
        builds(hosts, *[w for w in wanted if w["endpoint"] != "api"], server_name=host)


ANSWERS = {"routing.build": routing_build}
