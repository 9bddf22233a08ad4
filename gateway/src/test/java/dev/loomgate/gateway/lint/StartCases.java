package dev.loomgate.gateway.lint;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.specification.Clause;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Calls of the application, and of `startResponse`, that break the specification.
final class StartCases {
    private static final String REQUEST = ", in GET /app/path";

    private StartCases() {}

    static List<Case> all() {
        return Stream.of(calls(), starts(), late(), heads())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Case> calls() {
        return List.of(
                new Case(Clause.CALL_ARGUMENTS, "environ is null", lint -> lint.wrap(Case::hello)
                        .call(Case.nothing(), (status, headers, cause) -> {})),
                new Case(Clause.CALL_ARGUMENTS, "startResponse is null", lint -> lint.wrap(Case::hello)
                        .call(Requests.get(), Case.nothing())),
                Case.of(Clause.BODY_RETURNED, "the body is null" + REQUEST, (environ, start) -> {
                    Case.hello(environ, start);
                    return Case.nothing();
                }),
                Case.of(
                        Clause.STARTED_BEFORE_RETURN,
                        "a body was returned, but startResponse not called" + REQUEST,
                        (environ, start) -> Body.text("hello")));
    }

    private static List<Case> starts() {
        Headers constant = Headers.of("Content-Type", "text/plain");
        return List.of(
                Case.of(Clause.START_ARGUMENTS, "the status is null" + REQUEST, (environ, start) -> {
                    start.start(Case.nothing(), new Headers());
                    return Body.empty();
                }),
                Case.of(Clause.START_ARGUMENTS, "the headers are null" + REQUEST, (environ, start) -> {
                    start.start(Status.OK, Case.nothing());
                    return Body.empty();
                }),
                head(Clause.FINAL_STATUS, "the status is 103 Early Hints", Status.of(103)),
                Case.of(
                        Clause.STARTED_AGAIN,
                        "startResponse was called with 404 Not Found after 200 OK" + REQUEST,
                        (environ, start) -> {
                            start.start(Status.OK, new Headers());
                            start.start(Status.NOT_FOUND, new Headers());
                            return Body.empty();
                        }),
                new Case(
                        Clause.START_THREAD,
                        "startResponse was called in thread #",
                        lint -> Container.answer(
                                lint.wrap((environ, start) -> {
                                    Case.elsewhere(() -> start.start(Status.OK, new Headers()));
                                    return Body.empty();
                                }),
                                Requests.get())),
                new Case(Clause.START_IN_TIME, "startResponse was called with 404 Not Found" + REQUEST, lint -> {
                    List<StartResponse> kept = new ArrayList<>();
                    Container.answer(
                            lint.wrap((environ, start) -> {
                                kept.add(start);
                                return Case.hello(environ, start);
                            }),
                            Requests.get());
                    kept.getFirst().start(Status.NOT_FOUND, new Headers(), new IOException("late"));
                }),
                new Case(
                        Clause.EARLY_HINTS_IN_TIME,
                        "early hints were sent in thread #",
                        lint -> Container.answer(
                                lint.wrap((environ, start) -> {
                                    Case.elsewhere(() -> environ.earlyHints().send("</a>; rel=preload"));
                                    return Case.hello(environ, start);
                                }),
                                Requests.hinted(new ArrayList<>()))),
                new Case(Clause.EARLY_HINTS_IN_TIME, "early hints were sent after the call" + REQUEST, lint -> {
                    Environ environ = Requests.hinted(new ArrayList<>());
                    Container.answer(lint.wrap(Case::hello), environ);
                    environ.earlyHints().send("</a>; rel=preload");
                }),
                new Case(
                        Clause.HEADERS_FRESH,
                        "the same headers were passed before, now with 200 OK" + REQUEST,
                        lint -> {
                            Application application = lint.wrap((environ, start) -> {
                                start.start(Status.OK, constant);
                                return Body.text("hello");
                            });
                            Container.answer(application, Requests.get());
                            Container.answer(application, Requests.get());
                        }),
                Case.of(
                        Clause.HEADERS_LEFT_ALONE,
                        "the headers became \"Content-Type: text/plain\\x0aX: 1\\x0a\"" + REQUEST,
                        (environ, start) -> {
                            Headers headers = Headers.of("Content-Type", "text/plain");
                            start.start(Status.OK, headers);
                            headers.add("X", "1");
                            return Body.text("hello");
                        }));
    }

    private static List<Case> late() {
        StartResponse refusing = (status, headers, cause) -> {
            throw new IllegalStateException("no");
        };
        StartResponse taking = (status, headers, cause) -> {};
        StartResponse throwingAnother = (status, headers, cause) -> {
            if (cause != null) {
                throw new IllegalStateException("too late");
            }
        };
        return List.of(
                new Case(
                        Clause.START_TAKEN,
                        "200 OK was refused with java.lang.IllegalStateException: no",
                        lint -> lint.wrap(Case::hello).call(Requests.get(), refusing)),
                new Case(
                        Clause.START_TAKEN,
                        "500 Internal Server Error was refused with java.lang.IllegalStateException: too late",
                        lint -> answer(lint.wrap(replacing(List.of(""))), throwingAnother)),
                new Case(
                        Clause.START_TOO_LATE,
                        "500 Internal Server Error was taken after content, with java.io.IOException: disk" + REQUEST,
                        lint -> answer(lint.wrap(replacing(List.of("", "a"))), taking)),
                new Case(
                        Clause.START_TOO_LATE,
                        "java.lang.IllegalStateException: too late was thrown instead of java.io.IOException: disk",
                        lint -> answer(lint.wrap(replacing(List.of("a"))), throwingAnother)),
                Case.of(
                        Clause.CAUSE_PASSED_ON,
                        "content went on after a start that came too late" + REQUEST,
                        swallowing(writer -> writer.write("more"))),
                Case.of(
                        Clause.CAUSE_PASSED_ON,
                        "content went on after a start that came too late" + REQUEST,
                        swallowing(writer -> {})));
    }

    /// Runs the stream that it answers with, in a container that takes every write.
    private static void answer(Application application, StartResponse startResponse) throws Exception {
        try (Body body = application.call(Requests.get(), startResponse)) {
            ((Body.Stream) body).content().writeTo(bytes -> bytes.position(bytes.limit()));
        }
    }

    /// Writes something, and then starts again with a cause.
    private static Application replacing(List<String> written) {
        return (environ, start) -> {
            start.start(Status.OK, Headers.of("Content-Type", "text/plain"));
            return Body.stream(writer -> {
                for (String text : written) {
                    writer.write(text);
                }
                start.start(Status.INTERNAL_SERVER_ERROR, new Headers(), new IOException("disk"));
            });
        };
    }

    /// Swallows the cause that a start throws, and then goes on.
    private static Application swallowing(Body.Content rest) {
        return (environ, start) -> {
            start.start(Status.OK, Headers.of("Content-Type", "text/plain"));
            return Body.stream(writer -> {
                writer.write("a");
                try {
                    start.start(Status.INTERNAL_SERVER_ERROR, new Headers(), new IOException("disk"));
                } catch (IOException e) {
                    rest.writeTo(writer);
                }
            });
        };
    }

    private static List<Case> heads() {
        Status ok = Status.OK;
        return List.of(
                head(Clause.HOP_BY_HOP, "Connection is \"close\"", ok, "Connection", "close"),
                head(Clause.HOP_BY_HOP, "keep-alive is \"5\"", ok, "keep-alive", "5"),
                head(Clause.HOP_BY_HOP, "Transfer-Encoding is \"chunked\"", ok, "Transfer-Encoding", "chunked"),
                head(Clause.HOP_BY_HOP, "Upgrade is \"h2c\"", Status.of(426), "Upgrade", "h2c"),
                head(Clause.STATUS_FIELD, "Status is \"200 OK\"", ok, "Status", "200 OK"),
                head(Clause.LENGTH_FORM, "Content-Length is \"+5\"", ok, "Content-Length", "+5"),
                head(Clause.LENGTH_FORM, "Content-Length is \"5, 5\"", ok, "Content-Length", "5, 5"),
                head(
                        Clause.LENGTH_FORM,
                        "Content-Length occurs 2 times",
                        ok,
                        "Content-Length",
                        "5",
                        "content-length",
                        "5"),
                head(
                        Clause.LENGTH_WITHOUT_CONTENT,
                        "Content-Length is \"0\"",
                        Status.NO_CONTENT,
                        "Content-Length",
                        "0"),
                Case.of(
                        Clause.TYPE_OF_CONTENT,
                        "no Content-Type, and the body has 5 bytes" + REQUEST,
                        (environ, start) -> {
                            start.start(Status.OK, new Headers());
                            return Body.text("hello");
                        }));
    }

    private static Case head(Clause clause, String value, Status status, String... fields) {
        return Case.of(clause, value + REQUEST, (environ, start) -> {
            start.start(status, Headers.of(fields));
            return Body.empty();
        });
    }
}
