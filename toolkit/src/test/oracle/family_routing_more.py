"""Routing: rule factories, redirect_to, and what a map says about itself."""

from __future__ import annotations

import random
import re
from typing import Any

from family_routing import match
from shared import case, untagged
from werkzeug.routing import EndpointPrefix, Map, Rule, Subdomain, Submount


def factory(spec: Any) -> Any:
    spec = dict(spec)
    for name, kind in {
        "submount": Submount,
        "subdomain_of": Subdomain,
        "endpoint_prefix": EndpointPrefix,
    }.items():
        if name in spec:
            made: Any = kind
            return made(spec[name], [factory(each) for each in spec["rules"]])
    if "defaults" in spec:
        spec["defaults"] = {name: untagged(value) for name, value in spec["defaults"].items()}
    return Rule(spec.pop("rule"), **spec)


def bound(case: Any) -> Any:
    return Map([factory(spec) for spec in case["rules"]]).bind(**case["bind"])


def routing_factories(case: Any) -> Any:
    adapter = bound(case)
    return [match(adapter, path, method) for path, method in case["requests"]]


def routing_meta(case: Any) -> Any:
    adapter = bound(case)
    return {
        "test": [adapter.test(path, "GET") for path in case["paths"]],
        "allowed": [sorted(adapter.allowed_methods(path)) for path in case["paths"]],
        "rules": [[rule.rule for rule in adapter.map.iter_rules(endpoint)] for endpoint in case["endpoints"]],
        "expecting": [adapter.map.is_endpoint_expecting(*each) for each in case["expecting"]],
    }


# fmt: off
BIND = {"server_name": "example.org", "script_name": "/"}
BLOG = [
    {"rule": "/", "endpoint": "index"},
    {"submount": "/blog", "rules": [{"endpoint_prefix": "blog/", "rules": [{"rule": "/", "endpoint": "index"}, {"rule": "/<slug>", "endpoint": "show", "methods": ["GET", "PUT"]}, {"submount": "/<int:year>/", "rules": [{"rule": "/archive/", "endpoint": "archive"}]}]}]},
    {"subdomain_of": "api", "rules": [{"rule": "/", "endpoint": "api"}, {"submount": "/v1", "rules": [{"rule": "/<x>", "endpoint": "v1"}]}]},
    {"subdomain_of": "<string(length=2):lang>", "rules": [{"rule": "/about", "endpoint": "about"}]},
    {"rule": "/old/<slug>", "endpoint": "old", "redirect_to": "blog/<slug>"},
    {"rule": "/older/<int:n>/<path:p>", "endpoint": "older", "redirect_to": "/x/<p>?n=<n>"},
    {"rule": "/out", "endpoint": "out", "redirect_to": "https://other.net/a"},
    {"rule": "/scheme", "endpoint": "scheme", "redirect_to": "//other.net/b"},
    {"rule": "/here/", "endpoint": "here", "redirect_to": "there"},
    {"rule": "/page/", "endpoint": "page", "defaults": {"n": {"int": 1}}}, {"rule": "/page/<int:n>", "endpoint": "page"},
    {"rule": "/post", "endpoint": "post", "methods": ["POST"]}, {"rule": "/post", "endpoint": "delete", "methods": ["DELETE"]},
]
PATHS = ["/", "/blog", "/blog/", "/blog/x", "/blog/2024/archive", "/blog/2024/archive/", "/blog/x/archive/", "/v1/a", "/about", "/old/a b", "/old/\u00e4", "/older/7/a/b", "/older/x/a", "/out", "/scheme", "/here", "/here/", "/page/", "/page/1", "/page/2", "/post", "/none", "//blog//x"]


def flat(specs: list[Any], path: str, subdomain: str) -> list[str]:
    found = []
    for spec in specs:
        if "rule" in spec:
            found.append(re.sub("[vm][0-9]+", "v", f"{subdomain} {path}{spec['rule']}"))
        else:
            below = path + spec.get("submount", "").rstrip("/")
            found += flat(spec["rules"], below, subdomain or spec.get("subdomain_of", ""))
    return found


def random_factories(dice: random.Random) -> Any:
    def rules(depth: int) -> list[Any]:
        made: list[Any] = []
        for _ in range(dice.randint(1, 3)):
            number = dice.randint(0, 10**9)
            if depth and dice.random() < 0.5:
                kind = dice.choice(["submount", "submount", "endpoint_prefix", "subdomain_of"])
                argument = {"submount": dice.choice(["/a", "/b/", "/a/b", f"/<m{number}>"]), "endpoint_prefix": "p/", "subdomain_of": dice.choice(["api", "www"])}[kind]
                made.append({kind: argument, "rules": rules(depth - 1)})
            else:
                pattern = dice.choice(["/", "/a", "/b/", f"/<v{number}>", f"/<int:v{number}>/"])
                rule = {"rule": pattern, "endpoint": f"e{number}"}
                if dice.random() < 0.2:
                    rule["redirect_to"] = dice.choice(["to", "/to", "to/x"])
                made.append(rule)
        return made

    made = rules(2)
    # The same rule twice is an error here.
    while len(set(flat(made, "", ""))) < len(flat(made, "", "")):
        made = rules(2)
    paths = ["/" + "/".join(dice.choice(["a", "b", "7", "x"]) for _ in range(dice.randint(0, 3))) + dice.choice(["", "/"]) for _ in range(10)]
    return {"rules": made, "bind": {**BIND, "subdomain": dice.choice(["", "api", "www"])}, "requests": [[path, "GET"] for path in paths]}


def cases() -> None:
    bind: Any
    for bind in {}, {"subdomain": "api"}, {"subdomain": "de"}, {"script_name": "/app"}, {"url_scheme": "https", "script_name": "/app/", "query_args": "q=1"}:
        case("routing.factories", {"rules": BLOG, "bind": {**BIND, **bind}, "requests": [[path, method] for path in PATHS for method in ("GET", "POST")]})
        expecting = [["blog/show", "slug"], ["blog/show"], ["blog/show", "x"], ["page", "n"], ["blog/archive", "year"], ["about", "lang"]]
        endpoints = ["index", "blog/show", "page", "blog/archive", "post"]
        case("routing.meta", {"rules": BLOG, "bind": {**BIND, **bind}, "paths": PATHS, "endpoints": endpoints, "expecting": expecting})
    dice = random.Random(404)
    for _ in range(100):
        case("routing.factories", random_factories(dice))


ANSWERS = {"routing.factories": routing_factories, "routing.meta": routing_meta}
RANDOM = {"routing.factories": random_factories}
