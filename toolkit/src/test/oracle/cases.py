"""Writes the cases that oracle.py answers: by hand what the rules of the game are, then by a seed what nobody thinks of."""

import base64
import itertools
import json
import random


def case(family, value):
    print(json.dumps({"family": family, "input": value}))


def rules(*patterns, **options):
    made = []
    for number, pattern in enumerate(patterns):
        rule = dict(pattern) if isinstance(pattern, dict) else {"rule": pattern}
        rule.setdefault("endpoint", rule["rule"] if "defaults" not in rule else f"e{number}")
        made.append(rule)
    return {"rules": made, "options": options}


BIND = {"server_name": "example.org", "script_name": "/"}


def matches(url_map, *paths, methods=("GET",), **bind):
    case(
        "routing.match",
        {"map": url_map, "bind": {**BIND, **bind}, "requests": [[p, m] for p in paths for m in methods]},
    )


def routing_match():
    matches(rules("/", "/foo", "/bar/"), "/", "/foo", "/bar/", "/bar", "/foo/", "", "//", "//foo", "/blub", "/Foo", "/foo?x")
    matches(rules("/bar/", "/foo"), "/bar", "/foo", "/x", "", "/b%C3%A4r", query_args="a=1&b=%C3%A4")
    matches(rules("/bar/"), "/bar", "", "//bar", query_args="x", script_name="/app")
    matches(rules("/bar/"), "/bar", script_name="/app/", url_scheme="https")
    matches(
        rules(
            {"rule": "/", "endpoint": "get", "methods": ["GET"]},
            {"rule": "/", "endpoint": "post", "methods": ["POST"]},
            {"rule": "/leaf", "endpoint": "leaf", "methods": ["PUT", "get"]},
            {"rule": "/branch/", "endpoint": "branch", "methods": ["POST"]},
        ),
        "/", "/leaf", "/branch/", "/branch", "/none",
        methods=("GET", "HEAD", "POST", "PUT", "DELETE", "get", "OPTIONS"),
    )
    matches(
        rules({"rule": "/<foo>", "methods": ["GET"]}, {"rule": "/foo", "methods": ["POST"]}, {"rule": "/<int:n>", "methods": ["PUT"]}),
        "/foo", "/bar", "/1", methods=("GET", "POST", "PUT", "DELETE"),
    )
    converters = [
        "/<a>", "/<string:a>", "/<string(length=2):a>", "/<string(minlength=2):a>", "/<string(maxlength=3):a>",
        "/<string(minlength=2,maxlength=3):a>", "/<int:a>", "/<int(signed=True):a>", "/<int(fixed_digits=4):a>",
        "/<int(min=2,max=20):a>", "/<int(max=3,signed=True):a>", "/<float:a>", "/<float(signed=True):a>",
        "/<float(min=0.5, max=2.5):a>", "/<path:a>", '/<any(foo, bar, "a,b", "x y"):a>', "/<uuid:a>", "/<path:a>/edit",
        "/<path:a>/", "/<a>/", "/x<a>", "/<a>x", "/x<a>y/", "/<int:a>.<int:b>", "/v<int:a>.<int:b>/<path:c>",
        "/<a>-<b>", "/<a>-<int:b>", "/<path:a>/<b>", "/<path:a>/<path:b>/z", "/<string(length=2):a>/<any(x,y):b>",
        "/<any(a.b, ab):a>", "/x.y<a>", "/<int:a>/<float:b>/<uuid:c>", "/(<a>)", "/<a>+<b>",
    ]
    paths = [
        "/", "/a", "/ab", "/abc", "/abcd", "/foo", "/bar", "/a,b", "/x y", "/1", "/01", "/0001", "/12345", "/-1", "/--1",
        "/19", "/20", "/21", "/1.5", "/1.", "/.5", "/-1.5", "/2.6", "/0.5", "/1e5", "/a/b", "/a/b/", "/a//b", "/a/b/edit",
        "/a/edit", "/edit", "/\u00e4", "/\U0001f600", "/\U0001f600\U0001f601", "/\u0661", "/a\n", "/1\n", "/a\nb/c", "/xa", "/ax", "/xay",
        "/xay/", "/1.2", "/v1.2/a/b", "/v1.2/", "/v1.2", "/a-b", "/a-b-c", "/a-1", "/a-b-1", "/-", "/a/b/z", "/a/b/c/z",
        "/ab/x", "/ab/y/", "/a.b", "/axb", "/x.yz", "/xyz", "/1/1.5/a8098c1a-f86e-11da-bd1a-00112233ab88", "/(a)", "/a+b",
        "/a8098c1a-f86e-11da-bd1a-00112233ab88", "/A8098C1A-F86E-11DA-BD1A-00112233AB88", "/a8098c1a-f86e-11da-bd1a", "/ ", "//",
        "/a/", "/1/", "/+1", "/1_0", "/%41",
    ]
    for converter in converters:
        matches(rules({"rule": converter, "endpoint": "e"}), *paths)
    # Which rule wins.
    wins = [
        ("/", "/<a>", "/<path:p>", "/<int:i>", "/a", "/a/", "/a/<b>", "/<b>/a", "/<path:p>/edit"),
        ("/<path:p>", "/<a>", "/<a>/<b>", "/a/<b>"),
        ("/<a>/", "/<a>/<b>/", "/<path:p>/"),
        ("/foo/<a>", "/<b>/bar", "/<path:p>"),
        ("/a/<x>/c", "/a/b/<y>", "/<z>/b/c", "/a/<x>/<y>"),
        ("/<int:a>", "/<float:a>", "/<uuid:a>", "/<any(a,b):a>", "/<a>"),
        ("/<a>.html", "/<a>.<b>", "/x<a>", "/index.html", "/<a>"),
        ("/<a>-<b>", "/a-<b>", "/<a>-b", "/<a>"),
        ("/<path:a>/edit", "/<path:a>", "/wiki/<path:a>", "/wiki/<path:a>/edit", "/wiki/edit"),
        ("/<path:a>/<b>", "/<a>/<path:b>", "/<a>/x"),
        ("/blog/<int:y>/", "/blog/<int:y>/<int:m>/", "/blog/<s>", "/blog/", "/<path:rest>"),
        ("/<string(length=2):lang>/", "/<string(length=2):lang>/<path:p>", "/<p>", "/en/about"),
        ("/v<int:a>.<int:b>", "/v<a>", "/v1.<int:b>", "/<path:p>"),
    ]
    asked = [
        "/", "/a", "/a/", "/b", "/b/", "/1", "/1.5", "/1/", "/a/b", "/a/b/", "/a/b/c", "/a/x/c", "/x/b/c", "/x/y/z", "/foo/bar",
        "/foo/x", "/x/bar", "/x/y/bar", "/index.html", "/x.html", "/xa.html", "/x", "/a-b", "/a-c", "/c-b", "/c-d", "/a/edit", "/edit",
        "/wiki/edit", "/wiki/a/edit", "/wiki/a", "/wiki", "/blog", "/blog/", "/blog/2024", "/blog/2024/", "/blog/2024/5", "/blog/2024/5/",
        "/blog/x", "/blog/x/", "/en", "/en/", "/en/about", "/en/about/", "/en/x/y", "/eng", "/v1.2", "/v1", "/v1.x", "/v2.1", "/v1/2",
        "/a8098c1a-f86e-11da-bd1a-00112233ab88",
    ]
    for chosen in wins:
        matches(rules(*chosen), *asked)
        matches(rules(*reversed(chosen)), *asked)
    # Where Werkzeug's order depends on an unrelated rule (pallets/werkzeug#3156), and where a refused value ends its search.
    for chosen in ("/<any(a,b):n>", "/<s>"), ("/<x>/unrelated", "/<any(a,b):n>", "/<s>"), ("/<int(max=5):n>", "/<s>"), ("/<int(max=5):n>", "/<int(min=6):m>"):
        matches(rules(*chosen), "/a", "/c", "/5", "/7", "/a/unrelated")
    matches(rules({"rule": "/<int(max=5):n>", "methods": ["POST"]}), "/5", "/7")
    # Slashes.
    slashy = ["/a", "/a/", "/a//", "//a", "/a//b", "/a/b//", "/a//b/", "///a///b///", "/x//y", "/x/y//z", "/x//", "/w//a//b", "/w/a//b/"]
    for strict, merge in itertools.product((True, False), repeat=2):
        for chosen in [
            ("/a", "/a/b/", "/x/<y>", "/w/<path:p>"),
            ("/a/", "/a/b", "/x/<y>/", "/w/<path:p>/"),
            ("/a", "/a/", "/x/<y>", "/x/<y>/"),
            ("/<a>", "/<a>/<b>/"),
            ("/a//b", "/x/"),
        ]:
            matches(rules(*chosen, strict_slashes=strict, merge_slashes=merge), *slashy)
    matches(
        rules(
            {"rule": "/yes/<path:p>", "merge_slashes": True}, {"rule": "/no/x", "merge_slashes": False},
            {"rule": "/leaf", "strict_slashes": False}, {"rule": "/branch/", "strict_slashes": False},
            {"rule": "/strict/"}, {"rule": "/tail/"},
        ),
        "/yes/a//b", "/yes//a", "/no//x", "/no/x", "/leaf/", "/leaf", "/branch", "/branch/", "/strict", "//strict", "/tail//",
        "/yes/a b//c%2F", "/yes//a b%2F\u00e4", methods=("GET", "POST"),
    )
    # Defaults, alias, build_only, websocket.
    matches(
        {
            "rules": [
                {"rule": "/foo/", "endpoint": "foo", "defaults": {"page": {"int": 1}}},
                {"rule": "/foo/<int:page>", "endpoint": "foo"},
                {"rule": "/bar/", "endpoint": "bar", "defaults": {"foo": {"bool": False}, "n": {"int": 3}}},
                {"rule": "/old/<int:page>", "endpoint": "foo", "alias": True},
                {"rule": "/built/<x>", "endpoint": "built", "build_only": True},
                {"rule": "/only", "endpoint": "only", "methods": ["GET"], "defaults": {"a": {"str": "b"}}},
                {"rule": "/d/<a>/", "endpoint": "d", "defaults": {"b": {"str": "x"}}},
                {"rule": "/d/<a>/<b>", "endpoint": "d"},
            ]
        },
        "/foo/", "/foo/1", "/foo/2", "/foo", "/bar/", "/old/1", "/old/2", "/built/x", "/only", "/d/q/", "/d/q/x", "/d/q/y",
        "/d/\u00e4 b/x", query_args="q=1",
    )
    matches(
        {
            "rules": [{"rule": "/foo/", "endpoint": "foo", "defaults": {"page": {"int": 1}}}, {"rule": "/foo/<int:page>", "endpoint": "foo"}],
            "options": {"redirect_defaults": False},
        },
        "/foo/", "/foo/1",
    )
    websocket = rules(
        {"rule": "/ws", "websocket": True}, {"rule": "/both", "websocket": True, "endpoint": "w"}, {"rule": "/both", "endpoint": "h"},
        {"rule": "/http/"}, {"rule": "/wsb/", "websocket": True},
    )
    for scheme in "http", "ws", "wss":
        matches(websocket, "/ws", "/both", "/http", "/http/", "/wsb", "/none", url_scheme=scheme)
    # Subdomains and hosts.
    subdomains = rules(
        {"rule": "/", "endpoint": "root"}, {"rule": "/", "endpoint": "api", "subdomain": "api"},
        {"rule": "/x/", "endpoint": "user", "subdomain": "<user>"}, {"rule": "/x", "endpoint": "n", "subdomain": "n<int:i>"},
    )
    for subdomain in "", "api", "bob", "n5", "a.b":
        matches(subdomains, "/", "/x", "/x/", subdomain=subdomain)
    hosts = rules(
        {"rule": "/", "endpoint": "www", "host": "www.example.org"}, {"rule": "/x/", "endpoint": "any", "host": "<h>"},
        {"rule": "/", "endpoint": "sub", "host": "<user>.example.org"}, host_matching=True,
    )
    for host in "www.example.org", "bob.example.org", "other.net", "WWW.Example.org", "a.b.example.org":
        matches(hosts, "/", "/x", "/x/", server_name=host)
    matches(rules("/a/", {"rule": "/", "endpoint": "api", "subdomain": "api"}, default_subdomain="www"), "/a", "/", "/a/")
    matches(rules("/a/", {"rule": "/", "endpoint": "api", "subdomain": "api"}, default_subdomain="www"), "/a", "/", subdomain="api")


def random_maps(seed, count):
    dice = random.Random(seed)
    segments = ["a", "b", "ab", "x-y", "1", "<s>", "<s>", "<int:i>", "<path:p>", "<float:f>", "a<s>", "<s>-<t>", "<any(a,b):n>", "<string(length=2):l>", "<int(max=5):m>"]
    words = ["a", "b", "ab", "x-y", "1", "7", "ba", "1.5", "ab-1", "", "zz", "a b"]
    for _ in range(count):
        known, made = set(), []
        for number in range(dice.randint(2, 9)):
            parts, used = [], 0
            for _ in range(dice.randint(1, 4)):
                segment = dice.choice(segments)
                for name in "s", "t", "i", "p", "f", "n", "l", "m":
                    for old in f"<{name}>", f":{name}>":
                        if old in segment:
                            segment = segment.replace(old, old.replace(f"{name}>", f"v{used}>"))
                            used += 1
                parts.append(segment)
            pattern = "/" + "/".join(parts) + dice.choice(["", "", "/"])
            if pattern in known:
                continue
            known.add(pattern)
            rule = {"rule": pattern, "endpoint": f"r{number}"}
            if dice.random() < 0.3:
                rule["methods"] = dice.sample(["GET", "POST", "PUT"], dice.randint(1, 2))
            if dice.random() < 0.1:
                rule["strict_slashes"] = False
            made.append(rule)
        requests = []
        for _ in range(12):
            path = "/" + "/".join(dice.choice(words) for _ in range(dice.randint(1, 4))) + dice.choice(["", "", "/"])
            requests.append([path, dice.choice(["GET", "GET", "POST", "DELETE"])])
        case("routing.match", {"map": {"rules": made}, "bind": BIND, "requests": requests})


def builds(url_map, *wanted, **bind):
    case("routing.build", {"map": url_map, "bind": {**BIND, **bind}, "builds": list(wanted)})


def build(endpoint, values=None, **options):
    made = {"endpoint": endpoint, **options}
    if values:
        made["values"] = values
    return made


def routing_build():
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


def routing_bind():
    plain = rules({"rule": "/", "endpoint": "index"}, {"rule": "/b/", "endpoint": "b"}, {"rule": "/ws", "endpoint": "ws", "websocket": True},
                  {"rule": "/", "endpoint": "api", "subdomain": "api"}, {"rule": "/u", "endpoint": "u", "subdomain": "<user>"})
    hosts = ["example.org", "EXAMPLE.org", "example.org:80", "example.org:443", "example.org:8080", "api.example.org", "bob.example.org", "evil@example.org",
             "example.org:99999", "example.org:0", "", "[::1]", "[::1]:8080", "a b", "example.org:x", "a.b.example.org", "\u00e4.example.org", "api.example.org:80"]
    for host, path, scheme in itertools.product(hosts, ("/", "/b", "/u"), ("http", "https")):
        extra = {"HTTP_HOST": host, "PATH_INFO": path, "wsgi.url_scheme": scheme}
        case("routing.bind", {"map": plain, "environ": extra})
        case("routing.bind", {"map": plain, "environ": extra, "bind": {"server_name": "example.org"}})
    for name, port, scheme in [("localhost", "80", "http"), ("localhost", "8000", "http"), ("::1", "443", "https"), ("host", "443", "https"), ("host", "80", "https")]:
        case("routing.bind", {"map": plain, "environ": {"SERVER_NAME": name, "SERVER_PORT": port, "wsgi.url_scheme": scheme, "PATH_INFO": "/b", "QUERY_STRING": "x=1"}})
    for configured in "example.org:80", "example.org:443", "Example.org", "www.example.org", "org":
        for scheme in "http", "https":
            case("routing.bind", {"map": plain, "environ": {"HTTP_HOST": "example.org", "wsgi.url_scheme": scheme}, "bind": {"server_name": configured}})
    for connection, upgrade in [("upgrade", "websocket"), ("Upgrade", "WebSocket"), ("keep-alive, Upgrade", "websocket"), ("close", "websocket"), ("upgrade", "h2c"), ("upgraded", "websocket"), ("a,\tupgrade ", "websocket")]:
        for path, scheme in itertools.product(("/ws", "/", "/b"), ("http", "https")):
            case("routing.bind", {"map": plain, "environ": {"HTTP_CONNECTION": connection, "HTTP_UPGRADE": upgrade, "PATH_INFO": path, "wsgi.url_scheme": scheme, "HTTP_HOST": "example.org"}})
    for script, path, query in itertools.product(("", "/app", "/app/"), ("", "/", "/b", "//b", "/b//"), ("", "a=1&b=2", "\u00c3\u00a4=1")):
        case("routing.bind", {"map": plain, "environ": {"SCRIPT_NAME": script, "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "example.org"}})


QUERIES = [
    "", "a=1", "a=1&b=2", "a=1&a=2", "a", "a=", "=a", "=", "&", "&&a=1&&", "a=1;b=2", "a==", "a=b=c", "a+b=c+d", "a%20b=c%2Bd", "%C3%A4=%E2%82%AC",
    "a=%FF", "a=%C3", "a=%C3%28", "a=%E2%82", "a=%ED%A0%80", "a=%F0%9F%98%80", "a=%zz", "a=%", "a=%1", "a=%41%", "a=%2", "a=%c3%a4", "a=%00", "a=%26&b=%3D",
    "\u00c3\u00a4=\u00e2\u0082\u00ac", "name=Bob", "name=World%21", "a=\u00c3\u00a4%C3%A4", "a=%F5%80%80%80", "a=%C0%80", "a=%E0%80%80", "a=%FFx%FE", "a=%F0%9F%98", "x[]=1&x[]=2",
    "a=1&b", "b&a=1", "a%3Db=c", "a=%25", "a=%2525", "a=%e4", "a=b%0Ac", "a=+", "+=a", "a=%2B+%20",
]


def texts(dice, alphabet, count, longest):
    for _ in range(count):
        yield "".join(dice.choice(alphabet) for _ in range(dice.randint(0, longest)))


def queries_and_forms():
    dice = random.Random(20)
    random_ones = list(texts(dice, ["a", "b", "=", "&", "+", "%", "%41", "%C3%A4", "%FF", "%C3", ";", "1", " "], 250, 12))
    for query in QUERIES + random_ones:
        case("args", query)
        body = base64.b64encode(query.encode("latin-1")).decode()
        case("form", {"type": "application/x-www-form-urlencoded", "body": body})
    body = base64.b64encode(b"a=1&b=2").decode()
    for kind in [
        "application/x-www-form-urlencoded; charset=utf-8", "Application/X-WWW-Form-Urlencoded", "text/plain", "", "application/x-url-encoded",
        " application/x-www-form-urlencoded ;x=y", "application/json", ";", "application/x-www-form-urlencoded;", "TEXT/HTML; charset=\"utf-8\"",
    ]:
        case("form", {"type": kind, "body": body})


def cookies():
    headers = [
        "", "a=1", "a=1; b=2", "a=1;b=2", "a = 1", " a=1 ", "a", "a;b", "a;b=1", "=1", "=__Host-x=bad", "a==1", "a=1=2", "a=\"1\"", "a=\"1;2\"; b=3", "a=\"1\\\"2\"",
        "a=\"\\303\\244\"", "a=\"\\054\\073\"", "a=\"x", "a=x\"", "a=\"x\"y; b=1", "a=1; a=2", "a=1,b=2", "$Version=1; a=b", "a=\u00c3\u00a4", "\u00c3\u00a4=1", "a=%20", "a b=1",
        "a\t=\t1", ";;a=1;;", "a=1;", "a=\"\"", "a=\"", "a=\"\\", "a=\"\\\"", "a=\"\\400\"", "a=\"\\377\"", "a=1 2", "a=\"1 2\"", "a=b c; d=e", "a=b\"c; d=e", "a=;b=", "a=\"a\\b\"", "a=x;=y;b=z", "a: b; c=d",
    ]
    dice = random.Random(6265)
    for header in headers + list(texts(dice, ["a", "b", "=", ";", " ", "\"", "\\", "\\101", ",", "\t", "1", "$", "\u00c3\u00a4"], 250, 12)):
        case("cookie.parse", header)
    for value in ["", "1", "a b", "a,b", "a;b", "a\"b", "a\\b", "\u00e4", "\U0001f600", "a=b", "a\tb", "a\nb", "\x7f", "\x00", "!#$%&'()*+-./:<=>?@[]^`{|}~", "x" * 50, "a\"\\;,b"]:
        case("cookie.dump", {"key": "k", "value": value})
    for options in [
        {"max_age": 60}, {"max_age": 0, "expires": 0}, {"expires": 784111777}, {"path": None}, {"path": "/a b"}, {"path": "/\u00e4;x"}, {"path": "/a%20b"}, {"domain": "example.com"},
        {"domain": ".example.com"}, {"domain": "example.com:80"}, {"domain": "\u00e4.com"}, {"secure": True}, {"httponly": True}, {"secure": True, "httponly": True, "samesite": "lax"},
        {"samesite": "Strict"}, {"samesite": "none", "secure": True}, {"partitioned": True}, {"max_age": 5, "path": "/x", "domain": "a.b", "secure": True, "httponly": True, "samesite": "Lax", "partitioned": True},
    ]:
        case("cookie.dump", {"key": "k", "value": "v", **options})


CLASSES = [
    "BadRequest", "Unauthorized", "Forbidden", "NotFound", "MethodNotAllowed", "NotAcceptable", "RequestTimeout", "Conflict", "Gone", "LengthRequired", "PreconditionFailed",
    "RequestEntityTooLarge", "RequestURITooLarge", "UnsupportedMediaType", "RequestedRangeNotSatisfiable", "ExpectationFailed", "ImATeapot", "MisdirectedRequest", "UnprocessableEntity",
    "Locked", "FailedDependency", "PreconditionRequired", "TooManyRequests", "RequestHeaderFieldsTooLarge", "UnavailableForLegalReasons", "InternalServerError", "NotImplemented",
    "BadGateway", "ServiceUnavailable", "GatewayTimeout", "HTTPVersionNotSupported", "BadRequestKeyError",
]


def exceptions_and_responses():
    for name in CLASSES:
        case("exception", {"class": name})
        case("exception", {"class": name, "method": "HEAD"})
        if name != "BadRequestKeyError":
            for description in "not implemented", "", "a\nb", "<script>alert('x')</script> & \"y\"", "\u00e4\u20ac":
                case("exception", {"class": name, "arguments": {"description": description}})
    case("exception", {"class": "MethodNotAllowed", "arguments": {"valid_methods": ["GET", "HEAD"]}})
    case("exception", {"class": "TooManyRequests", "arguments": {"retry_after": 60}})
    case("exception", {"class": "ServiceUnavailable", "arguments": {"retry_after": 60}})
    case("exception", {"class": "RequestedRangeNotSatisfiable", "arguments": {"length": 10}})
    for status, method, streamed in itertools.product((200, 201, 204, 205, 304, 404, 500), ("GET", "HEAD", "POST"), (False, True)):
        case("response", {"body": "Hello w\u00f6rld!", "arguments": {"status": status}, "method": method, "streamed": streamed})
    for mimetype in ["text/html", "text/plain", "application/json", "image/png", "application/xml", "image/svg+xml", "application/javascript", "application/octet-stream", "text/css", "application/xhtml+xml", "application/sql", "font/woff2"]:
        case("response", {"body": "x", "arguments": {"mimetype": mimetype}})
    for content_type in "text/html", "text/html; charset=latin-1", "application/json":
        case("response", {"body": "x", "arguments": {"content_type": content_type}})
    headers = [["Allow", "GET"], ["Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"], ["Expires", "0"], ["Content-Location", "/\u00e4"], ["ETag", "\"x\""], ["Content-Encoding", "x"], ["Content-Language", "en"], ["Content-MD5", "x"], ["Content-Range", "x"], ["X-Other", "1"]]
    for status, method in itertools.product((200, 204, 304), ("GET", "HEAD")):
        case("response", {"body": "x", "arguments": {"status": status, "headers": headers}, "method": method})
    for target in ["/", "/x?y=z", "/\u00e4 b", "http://example.org/\u00e4?q=\u00f6#f", "http://\u00e4.org/", "//other/x", "?x=1", "<script>", "/a'b\"c&d", "http://u:p@h:80/x y", "/%41%zz", "#f", "HTTP://EXAMPLE.org/A"]:
        for code in 301, 302, 303, 307, 308:
            case("response", {"redirect": [target, code]})


IRIS = [
    "", "/", "/a", "/a b", "/\u00e4", "/%C3%A4", "/%c3%a4", "/%FF", "/%2F", "/%2f%20", "/a%00b", "http://example.org", "http://example.org/", "http://\u00e4.org/\u00e4?\u00e4=\u00e4#\u00e4", "http://xn--4ca.org/",
    "http://user:pass@host:8080/x?y#z", "http://us%40er:pa%3Ass@host/", "http://host/?a=%26&b=%3D&c=%2B", "http://host/%3Fx%23y", "http://host/?q=a b", "http://host/#a%20b", "mailto:a@b", "//host/x", "?q=1", "#f", "a:b", "http:x", "ftp://h/x y",
    "http://[::1]:80/x", "http://HOST/Path", "/path;p=1?q=(1)!*'", "/a[b]{c}|\\^`", "/%", "/%z", "/%1", "http://h/\U0001f600", "/a?b?c", "/a#b#c", "http://h?q", "http://h#f", "/%7F%20%25", "/%e2%82%ac%e2%82",
]


def urls():
    for iri in IRIS:
        case("iri", iri)
    for host, script, path, query in itertools.product(
        ("example.org", "example.org:80", "example.org:8080", "bad host", ""), ("", "/app", "/\u00c3\u00a4"), ("/", "/a b", "/\u00c3\u00a4/%41", "//x", "/a%2Fb?c"), ("", "a=1&b=%C3%A4", "q=\u00c3\u00a4 b&x=%26")
    ):
        case("url", {"HTTP_HOST": host, "SCRIPT_NAME": script, "PATH_INFO": path, "QUERY_STRING": query})
    for name, port, scheme in [("localhost", "80", "http"), ("localhost", "443", "https"), ("h", "8443", "https"), ("::1", "80", "http"), ("::1", "81", "http")]:
        case("url", {"SERVER_NAME": name, "SERVER_PORT": port, "wsgi.url_scheme": scheme})


def option_headers():
    headers = [
        "", "text/html", "text/html; charset=utf-8", "text/html;charset=utf-8", "Text/HTML ; Charset=\"UTF-8\"", "a; b=c; d=\"e;f\"; g=h", "a; b", "a; b; c=d", "a; =b", "a; b=", "a; b=\"", "a; b=\"c", "a; b=\"c\\\"d\"",
        "a; b=\"c\\\\d\"", "a; b=\"c\\xd\"", "a; b = c", "a;;b=c", "; b=c", "a; b=c d", "a; b=\"c\" d; e=f", "a; b=c; b=d", "multipart/form-data; boundary=----x", "multipart/form-data; boundary=\"a b\"", "a; b=\u00e4", "a\t;\tb=c", "a; B=C",
        "a; b='c'", "a, b; c=d", "a; b=c,d", "a; b=\"%22\"", "a; b=\"\"; c=\"d\"", "a; b=\"c\"e=f; g=h", "a; b=c;", "a;b=c;d=e",
    ]
    dice = random.Random(9110)
    for header in headers + list(texts(dice, ["a", "b", "=", ";", " ", "\"", "\\", "\t", "1", ",", "c=d", "; e=\"f\""], 250, 10)):
        case("options_header", header)


routing_match()
random_maps(31, 150)
routing_build()
routing_bind()
queries_and_forms()
cookies()
exceptions_and_responses()
urls()
option_headers()
