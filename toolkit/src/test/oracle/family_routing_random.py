"""Routing at random: limits, options of maps and rules, hosts, and the URLs that are built. Nothing of it is recorded."""

from __future__ import annotations

import random
import re
from typing import Any

from family_routing import routing_match
from family_routing_build import routing_build

# fmt: off
# Many with the same expression, so that only their limits tell them apart.
NUMBERS = ["<int:V>", "<int(min=1,max=9):V>", "<int(max=5):V>", "<int(min=3):V>", "<int(fixed_digits=2):V>", "<int(fixed_digits=1,min=2):V>"]
SIGNED = ["<int(signed=True):V>", "<int(signed=True,min=1):V>", "<int(signed=True,max=0):V>"]
DECIMALS = ["<float:V>", "<float(min=0.5,max=2.5):V>", "<float(max=1.0):V>"]
TEXTS = ["<V>", "<string(length=2):V>", "<string(minlength=2,maxlength=3):V>", "<any(a,b):V>", "<path:V>"]
FIXED = ["a", "x", "1", "x-y"]
MIXED = ["a<V>", "v<int:V>", "v<int(max=5):V>", "<int:V>-<int:V>", "<int(max=5):V>-<int:V>", "<V>-<V>"]
WORDS = ["a", "b", "x", "1", "1", "2", "5", "7", "12", "07", "-3", "1.5", "3.0", "x-y", "1-2", "7-8", "v1", "v7", "ab", ""]
METHODS = ["GET", "POST", "PUT"]
BIND = {"server_name": "example.org", "script_name": "/"}


def named(pattern: str) -> str:
    number = 0
    while "V>" in pattern:
        pattern = pattern.replace("V>", f"v{number}>", 1)
        number += 1
    return pattern


def pattern(dice: random.Random, pools: list[list[str]], longest: int = 3) -> str:
    parts = [dice.choice(dice.choice(pools)) for _ in range(dice.randint(1, longest))]
    return named("/" + "/".join(parts) + dice.choice(["", "/"]))


def asked(dice: random.Random, made: list[Any], words: list[str]) -> list[str]:
    """Paths of the rules' own forms mostly, with and without a slash at their end."""
    paths = []
    for _ in range(12):
        if dice.random() < 0.2:
            paths.append("/" + "/".join(dice.choice(words) for _ in range(dice.randint(1, 3))) + dice.choice(["", "/"]))
            continue
        one = re.sub("<[^<>]*>", lambda _: dice.choice(words), dice.choice(made)["rule"])
        paths.append(dice.choice([one, one, one.rstrip("/") or "/", one + "/", one.replace("/", "//", 1)]))
    return paths


def distinct(rules: list[Any]) -> list[Any]:
    """Without those that are the same to our side, which refuses them."""
    known: dict[str, Any] = {}
    for rule in rules:
        known.setdefault(f"{rule.get('subdomain')} {rule.get('host')} {re.sub('/+', '/', rule['rule'])}", rule)
    return list(known.values())


def rules(dice: random.Random, count: int, make: Any) -> list[Any]:
    return distinct([{"endpoint": f"r{number}", **make()} for number in range(count)])


def random_limits(dice: random.Random) -> Any:
    """Rules that weigh the same."""
    pools = [dice.choice([NUMBERS, SIGNED, DECIMALS]), FIXED]
    if dice.random() < 0.4:
        pools.append(dice.choice([TEXTS, MIXED, NUMBERS]))

    def rule() -> Any:
        made: dict[str, Any] = {"rule": pattern(dice, pools)}
        if dice.random() < 0.2:
            made["methods"] = dice.sample(METHODS, dice.randint(1, 2))
        if dice.random() < 0.15:
            made["strict_slashes"] = False
        return made

    made = rules(dice, dice.randint(2, 5), rule)
    requests = [[one, dice.choice(["GET", "GET", "POST"])] for one in asked(dice, made, WORDS)]
    return {"map": {"rules": made}, "bind": BIND, "requests": requests}


def random_options(dice: random.Random) -> Any:
    """All that a map and a rule may have, but no limits."""
    by_host = dice.random() < 0.3
    options = {name: False for name in ("strict_slashes", "merge_slashes", "redirect_defaults") if dice.random() < 0.3}
    if by_host:
        options["host_matching"] = True
    pools = [["<int:V>", "<V>", "<path:V>", "<float:V>"], FIXED, [""]]
    endpoints = ["e", "f", "g"]

    def rule() -> Any:
        made: dict[str, Any] = {"rule": pattern(dice, pools)}
        if dice.random() < 0.3:
            made["methods"] = dice.sample(METHODS, dice.randint(1, 2))
        for name in "strict_slashes", "merge_slashes":
            if dice.random() < 0.15:
                made[name] = dice.random() < 0.5
        if by_host:
            made["host"] = dice.choice(["example.org", "a.example.org", "<h>.example.org", "<h>"])
        elif dice.random() < 0.3:
            made["subdomain"] = dice.choice(["a", "<d>", "b.c"])
        if dice.random() < 0.1:
            made["websocket"] = True
            made.pop("methods", None)
        if dice.random() < 0.08:
            made["build_only"] = True
        return made

    made = rules(dice, dice.randint(2, 6), rule)
    if dice.random() < 0.4:
        name = dice.choice(endpoints)
        canonical = {"rule": dice.choice(["/d/", "/d", "/a/d/"]), "endpoint": name, "defaults": {"v0": {"int": 1}}}
        other = {"rule": dice.choice(["/d/<int:v0>", "/d/<int:v0>/", "/a/<int:v0>"]), "endpoint": name}
        made += dice.choice([[canonical, other], [other, canonical], [canonical, other, {"rule": "/old/<int:v0>", "endpoint": name, "alias": True}]])
    if by_host:
        for rule_ in made:
            rule_.setdefault("host", "example.org")
    made = distinct(made)
    bind: dict[str, Any] = {**BIND, "url_scheme": dice.choice(["http", "https", "ws"]), "query_args": dice.choice(["", "q=1"])}
    if by_host:
        bind["server_name"] = dice.choice(["example.org", "a.example.org", "b.example.org", "other.net"])
    else:
        bind["subdomain"] = dice.choice(["", "", "a", "b.c", "z"])
    if dice.random() < 0.3:
        bind["script_name"] = dice.choice(["/app", "/app/"])
    words = ["", "a", "x", "1", "1", "2", "d", "d", "old", "1.5", "b c", "\u00e4"]
    requests = [[one, dice.choice(["GET", "GET", "POST", "HEAD"])] for one in asked(dice, made, words)]
    return {"map": {"rules": made, "options": options}, "bind": bind, "requests": requests}


BUILT = [
    "/", "/a", "/a/<x>", "/a/<x>/", "/i/<int:x>", "/i/<int:x>/<y>", "/z/<int(fixed_digits=4):x>", "/f/<float:x>", "/p/<path:x>/end", "/any/<any(a,b):x>",
    "/m/<int:x>.<int:y>", "/m/<x>-<y>", "/ä b/<x>", "/a//b/<y>",
]
TEXT = ["x", "a", "b", "a b", "\u00e4", "a/b", "a?b", "100%", "+", "7", "\U0001f600"]


def random_value(dice: random.Random) -> Any:
    kind = dice.random()
    if kind < 0.4:
        size = dice.choice([1, 3, 8, 18, 19, 20, 25, 70])
        return {"int": str(dice.choice([dice.randint(-(10**size), 10**size), 2**63, -(2**63), 2**63 - 1, -(2**63) - 1, 2**70, 0]))}
    if kind < 0.55:
        return {"float": repr(dice.choice([0.5, 1.0, -2.25, 1234567.125, 1e15, dice.random() + 1, float(dice.randint(0, 10**9))]))}
    if kind < 0.7:
        return {"list": [dice.choice([None, "a", "b c", ""]) for _ in range(dice.randint(0, 3))]}
    return dice.choice(TEXT)


def random_build(dice: random.Random) -> Any:
    made = []
    for number, rule in enumerate(dice.sample(BUILT, dice.randint(1, 5))):
        one: dict[str, Any] = {"rule": rule, "endpoint": dice.choice(["e", "f"])}
        if dice.random() < 0.2:
            one["methods"] = dice.sample(METHODS, dice.randint(1, 2))
        if dice.random() < 0.15 and "<y>" not in rule:
            one["defaults"] = {"y": {"int": str(dice.randint(1, 2))}}
        if dice.random() < 0.2:
            one["subdomain"] = dice.choice(["a", "<d>"])
        made.append(one)
    builds = []
    for _ in range(10):
        one = {"endpoint": dice.choice(["e", "f"]), "values": {}}
        for name in "x", "y", "q", "d":
            if dice.random() < 0.6:
                value = random_value(dice)
                if name in "xyd" and isinstance(value, dict) and "list" in value:
                    value = "x"
                one["values"][name] = value
        if dice.random() < 0.2:
            one["force_external"] = True
        if dice.random() < 0.2:
            one["method"] = dice.choice(METHODS)
        if dice.random() < 0.1:
            one["append_unknown"] = False
        builds.append(one)
    return {"map": {"rules": made}, "bind": {**BIND, "subdomain": dice.choice(["", "a"])}, "builds": builds}


def built(case: Any) -> Any:
    # What is wrong with a value is said in other words.
    return [{**answer, "value_error": True} if "value_error" in answer else answer for answer in routing_build(case)]


def cases() -> None:
    pass


ANSWERS = {"routing.limits": routing_match, "routing.options": routing_match, "routing.built": built}
RANDOM = {"routing.limits": random_limits, "routing.options": random_options, "routing.built": random_build}
