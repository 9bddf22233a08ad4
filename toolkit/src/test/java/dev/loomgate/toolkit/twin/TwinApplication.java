package dev.loomgate.toolkit.twin;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.Cookie;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.headers.Authorization;
import dev.loomgate.toolkit.headers.ETag;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The routes of `twin.py`.
final class TwinApplication {
    private TwinApplication() {}

    static final Application APPLICATION = WebApplication.of(
            Rule.of("/", Index.class),
            Rule.of("/user", User.class),
            Rule.of("/items/<int:number>", Item.class),
            Rule.of("/items/", Items.class),
            Rule.of("/files/<path:name>", Files.class),
            Rule.of("/price/<float:price>", Price.class),
            Rule.of("/uuid/<uuid:key>", Key.class),
            Rule.of("/pick/<any(red, green):colour>/<string(length=2):code>", Pick.class),
            Rule.of("/redirect/<int:code>", Redirect.class),
            Rule.of("/form", Form.class),
            Rule.of("/upload", Upload.class),
            Rule.of("/json", Json.class),
            Rule.of("/cookies", Cookies.class),
            Rule.of("/cookies/<name>/<value>", SetCookie.class),
            Rule.of("/error/<int:code>", Failure.class),
            Rule.of("/versioned", Versioned.class),
            Rule.of("/stream", Stream.class),
            Rule.of("/args", Args.class),
            Rule.of("/accept", Accepted.class),
            Rule.of("/who", Who.class));

    static final class Index {
        Response get() {
            return Response.html("<h1>Hello world!</h1>");
        }
    }

    static final class User {
        String get(Request request) {
            return "Hello %s!".formatted(request.args().get("name", "World!"));
        }
    }

    static final class Item {
        String get(long number) {
            return "GET " + number;
        }

        String put(long number) {
            return "PUT " + number;
        }

        void delete(long number) {}
    }

    static final class Items {
        String get() {
            return "all items";
        }

        Response post() {
            return new Response("created", 201).header("Location", "/items/7");
        }
    }

    static final class Files {
        String get(String name) {
            return "file " + name;
        }
    }

    static final class Price {
        String get(double price) {
            return "price " + price;
        }
    }

    static final class Key {
        String get(UUID key) {
            return "key " + key;
        }
    }

    static final class Pick {
        String get(String colour, String code) {
            return colour + " " + code;
        }
    }

    static final class Redirect {
        Response get(long code) {
            return Response.redirect("/user?name=ä b", (int) code);
        }
    }

    static final class Form {
        String post(Request request) {
            StringBuilder text = new StringBuilder();
            request.form()
                    .forEach((name, value) ->
                            text.append(name).append('=').append(value).append(';'));
            return text.toString();
        }
    }

    static final class Upload {
        String post(Request request) throws IOException {
            StringBuilder text = new StringBuilder();
            request.files()
                    .forEach((name, file) ->
                            text.append("%s %s %s %d;".formatted(name, file.filename(), file.mimetype(), file.size())));
            return text.toString();
        }
    }

    static final class Json {
        String post(Request request) {
            return String.valueOf(request.json(Map.class).get("a"));
        }
    }

    static final class Cookies {
        String get(Request request) {
            StringBuilder text = new StringBuilder();
            request.cookies()
                    .forEach((name, value) ->
                            text.append(name).append('=').append(value).append(';'));
            return text.toString();
        }
    }

    static final class SetCookie {
        Response get(String name, String value) {
            return new Response("set")
                    .cookie(Cookie.of(name, value)
                            .withMaxAge(Duration.ofMinutes(1))
                            .withHttpOnly()
                            .withSameSite(Cookie.SameSite.LAX));
        }
    }

    static final class Failure {
        HttpException get(long code) {
            return HttpException.of((int) code);
        }
    }

    static final class Versioned {
        Response get(Request request) {
            return new Response("0123456789")
                    .etag(ETag.strong("v1"))
                    .lastModified(Instant.parse("2026-11-20T12:00:00Z"))
                    .makeConditional(request);
        }
    }

    static final class Stream {
        Response get() {
            return Response.stream("text/plain", writer -> {
                for (int i = 0; i < 3; i++) {
                    writer.write("line " + i + "\n");
                }
            });
        }
    }

    static final class Args {
        String get(Request request) {
            StringBuilder text = new StringBuilder();
            request.args()
                    .forEach((name, value) ->
                            text.append(name).append('=').append(value).append(';'));
            return text.toString();
        }
    }

    static final class Accepted {
        String get(Request request) {
            return request.acceptMimetypes()
                    .bestMatch(List.of("text/html", "application/json", "text/plain"))
                    .orElse("nothing");
        }
    }

    static final class Who {
        Response get(Request request) {
            Optional<Authorization> authorization = request.authorization();
            return authorization.isPresent()
                            && authorization.get().parameter("password").equals("secret")
                    ? new Response("you are " + authorization.get().parameter("username"))
                    : new Response("who?", 401).header("WWW-Authenticate", "Basic realm=\"twin\"");
        }
    }
}
