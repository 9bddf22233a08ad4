package dev.loomgate.gateway.lint;

import static dev.loomgate.gateway.lint.Case.answering;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.specification.Clause;
import java.util.ArrayList;
import java.util.List;

/// Middleware, and containers' use of hooks, that break the specification.
final class MiddlewareCases {
    private static final String REQUEST = ", in GET /app/path";

    private MiddlewareCases() {}

    static List<Case> all() {
        return List.of(
                between(
                        Clause.MIDDLEWARE_WAITS,
                        "content was asked for during the call" + REQUEST,
                        Body.chunks(List.of(new byte[1])),
                        inner -> (environ, start) -> {
                            List<byte[]> collected = new ArrayList<>();
                            try (Body body = inner.call(environ, start)) {
                                ((Body.Chunks) body).chunks().forEachRemaining(collected::add);
                            }
                            return Body.bytes(collected.getFirst());
                        }),
                between(
                        Clause.MIDDLEWARE_CLOSES,
                        "the body of the application within is open" + REQUEST,
                        Body.text("hello"),
                        inner -> (environ, start) -> {
                            inner.call(environ, start);
                            return Body.text("replaced");
                        }),
                between(
                        Clause.MIDDLEWARE_CLOSES,
                        "the body of the application within is open" + REQUEST,
                        Body.text("hello"),
                        inner -> (environ, start) -> {
                            inner.call(environ, start);
                            throw new IllegalStateException("failed");
                        }),
                new Case(
                        Clause.START_FIRST,
                        "GET /app/path came before start",
                        lint -> Container.answer(lint.wrap(new Hooked()), Requests.get())),
                new Case(Clause.START_FIRST, "GET /app/path came before start", lint -> {
                    // A middleware that hides the hooks: the container starts nothing.
                    Application linted = lint.wrap(new Hooked());
                    Application hiding = (environ, start) -> linted.call(environ, start);
                    if (hiding instanceof Lifecycle hooks) {
                        hooks.start();
                    }
                    Container.answer(hiding, Requests.get());
                }),
                new Case(Clause.STOP_AFTER_START, "stop was called 1 times, start returned 0 times", lint -> {
                    Lifecycle hooks = (Lifecycle) lint.wrap(new FailingToStart());
                    try {
                        hooks.start();
                    } catch (IllegalStateException e) {
                        hooks.stop();
                    }
                }),
                new Case(Clause.STOP_LAST, "GET /app/path came after stop", lint -> {
                    Application application = lint.wrap(new Hooked());
                    ((Lifecycle) application).start();
                    ((Lifecycle) application).stop();
                    Container.answer(application, Requests.get());
                }),
                new Case(Clause.CLOSED, "the body of the answer to GET /app/path is open", lint -> {
                    Application application = lint.wrap(new Hooked());
                    ((Lifecycle) application).start();
                    application.call(Requests.get(), (status, headers, cause) -> {});
                    ((Lifecycle) application).stop();
                }));
    }

    /// A middleware with the lint on both sides of it.
    private static Case between(Clause clause, String value, Body body, Middleware middleware) {
        return new Case(
                clause,
                value,
                lint -> Container.answer(lint.around(middleware).around(lint).wrap(answering(body)), Requests.get()));
    }

    /// An application with hooks that do nothing.
    static class Hooked implements Application, Lifecycle {
        @Override
        public Body call(Environ environ, StartResponse startResponse) {
            return Case.hello(environ, startResponse);
        }
    }

    private static final class FailingToStart extends Hooked {
        @Override
        public void start() {
            throw new IllegalStateException("no database");
        }
    }
}
