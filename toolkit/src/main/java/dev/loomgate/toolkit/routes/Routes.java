package dev.loomgate.toolkit.routes;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.files.StaticFiles;
import dev.loomgate.toolkit.routes.Action.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Rules on requests and responses, in the words of uWSGI's `route` options.
///
/// ```java
/// Routes.of()
///         .with("route", "^/old/(.*) redirect-permanent:/new/$1")
///         .with("route-if", "equal:${HTTP_HOST};internal addheader:X-Robots-Tag: noindex")
///         .with("error-route-status", "404 file:filename=/srv/404.html,status=404 Not Found")
///         .withHeader("X-Frame-Options", "DENY")
///         .wrap(application)
/// ```
///
/// Rules of a phase are asked in their order, until one answers in the application's place or says that it is enough.
/// What they add and take away holds for every response, also for those of rules and of files. Which words there are
/// is in `docs/routing-rules.md`.
///
/// Immutable: each method returns a new one.
public final class Routes implements Middleware {
    private final Map<Phase, List<Rule>> rules;
    private final List<HeaderRule> headers;
    private final List<StaticFiles> files;

    /// @param variable where its value is kept; empty for nowhere
    /// @param value what it is; empty to take it away
    private record HeaderRule(String name, Optional<String> variable, Optional<String> value, boolean removed) {}

    private Routes(Map<Phase, List<Rule>> rules, List<HeaderRule> headers, List<StaticFiles> files) {
        this.rules = rules;
        this.headers = List.copyOf(headers);
        this.files = List.copyOf(files);
    }

    /// None.
    public static Routes of() {
        return new Routes(Map.of(), List.of(), List.of());
    }

    /// Whether there is nothing to do.
    public boolean isEmpty() {
        return rules.isEmpty() && headers.isEmpty();
    }

    /// One more rule.
    ///
    /// @param option uWSGI's name without dashes: `route`, `route-if`, `final-route-host`, `error-route-status`,
    /// `response-route-run`
    /// @param text its value
    /// @throws IllegalArgumentException if it is no rule; the message says why
    public Routes with(String option, String text) {
        for (Phase phase : Phase.values()) {
            String begin = phase.option();
            if (option.equals(begin) || option.startsWith(begin + "-")) {
                String subject = option.equals(begin) ? "" : option.substring(begin.length() + 1);
                Map<Phase, List<Rule>> more = new EnumMap<>(Phase.class);
                more.putAll(rules);
                List<Rule> ofPhase = new ArrayList<>(more.getOrDefault(phase, List.of()));
                ofPhase.add(RuleText.parse(subject, text));
                more.put(phase, ofPhase);
                return new Routes(more, headers, files);
            }
        }
        throw new IllegalArgumentException("'%s' names no rules".formatted(option));
    }

    /// Files that go before the application, but not before the rules: they are looked for by the path that the
    /// client has asked for, whatever the rules make of it.
    public Routes withFiles(List<StaticFiles> before) {
        return new Routes(rules, headers, before);
    }

    /// A header that every response has.
    ///
    /// @throws IllegalArgumentException if it can't be one
    public Routes withHeader(String name, String value) {
        Headers.of(name, value);
        return with(new HeaderRule(name, Optional.empty(), Optional.of(value), false));
    }

    /// Takes a header away from the application's responses.
    public Routes withoutHeader(String name) {
        return with(new HeaderRule(name, Optional.empty(), Optional.empty(), true));
    }

    /// Keeps a response's header as a variable of the request, for rules, and for the request's line in the log.
    ///
    /// @param removed whether the client doesn't get it
    public Routes withCollected(String name, String variable, boolean removed) {
        return with(new HeaderRule(name, Optional.of(variable), Optional.empty(), removed));
    }

    private Routes with(HeaderRule rule) {
        List<HeaderRule> more = new ArrayList<>(headers);
        more.add(rule);
        return new Routes(rules, more, files);
    }

    @Override
    public Application wrap(Application inner) {
        return Lifecycle.passOn(inner, (environ, startResponse) -> call(inner, environ, startResponse));
    }

    private Body call(Application inner, Environ environ, StartResponse startResponse) throws Exception {
        Trip trip = new Trip(environ);
        Optional<Response> file = file(environ);
        Optional<Response> answer = ask(Phase.REQUEST, trip);
        HeldStart held = counts() ? new HeldStart(startResponse, trip) : null;
        RoutedStart start = new RoutedStart(
                held == null ? startResponse : held,
                (status, headers, mayReplace) -> changed(trip, status, headers, mayReplace));
        startResponse.viewedBy(start);
        Body body;
        try {
            body = answer.isPresent()
                    ? answer.get().call(environ, start)
                    : file.isPresent() ? file.get().call(environ, start) : inner.call(environ, start);
            body = start.bodyInstead(body);
        } catch (Exception | Error e) {
            if (held != null) {
                held.letPass();
            }
            throw e;
        }
        if (held != null) {
            body = held.release(body);
        }
        return rules.containsKey(Phase.FINAL) ? body.onClose(() -> atTheEnd(trip)) : body;
    }

    private boolean counts() {
        return rules.values().stream()
                .flatMap(List::stream)
                .anyMatch(rule -> rule instanceof Rule.Step step && step.action() instanceof BodyLength);
    }

    private Optional<Response> file(Environ environ) throws IOException {
        for (StaticFiles each : files) {
            Optional<Response> found = each.find(environ);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /// What rules on responses make of one; empty for its own status and body.
    private Optional<Response> changed(Trip trip, int status, Headers headers, boolean mayReplace) throws IOException {
        trip.status(status);
        collect(trip, headers);
        Optional<Response> instead = status >= 400 ? ask(Phase.ERROR, trip) : Optional.empty();
        if (instead.isPresent()) {
            trip.status(instead.get().status().code());
        } else {
            instead = ask(Phase.RESPONSE, trip);
        }
        if (!mayReplace) {
            instead = Optional.empty();
        }
        Headers sent = instead.isPresent() ? instead.get().headers() : headers;
        for (HeaderRule rule : this.headers) {
            if (rule.removed()) {
                sent.remove(rule.name());
            }
        }
        trip.changeHeaders(sent);
        for (HeaderRule rule : this.headers) {
            rule.value().ifPresent(value -> sent.add(rule.name(), value));
        }
        return instead;
    }

    private void collect(Trip trip, Headers headers) {
        for (HeaderRule rule : this.headers) {
            rule.variable().ifPresent(variable -> headers.first(rule.name()).ifPresent(value -> {
                trip.environ().put(variable, value);
                trip.environ().logVariables().put(variable, value);
            }));
        }
    }

    private void atTheEnd(Trip trip) {
        try {
            ask(Phase.FINAL, trip);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<Response> ask(Phase phase, Trip trip) throws IOException {
        List<Rule> all = rules.getOrDefault(phase, List.of());
        int at = 0;
        while (at < all.size()) {
            int next = at + 1;
            trip.groups(List.of());
            if (all.get(at) instanceof Rule.Step(Condition condition, Action action)
                    && (condition == null || condition.holds(trip))) {
                switch (action.run(trip)) {
                    case Outcome.Next() -> {}
                    case Outcome.Enough() -> {
                        return Optional.empty();
                    }
                    case Outcome.Answer(Response response) -> {
                        return Optional.of(response);
                    }
                    case Outcome.Jump(String label) -> next = after(label, all, at);
                }
            }
            at = next;
        }
        return Optional.empty();
    }

    /// Only forwards, so that it ends; past all rules where there is no such label.
    private static int after(String label, List<Rule> all, int from) {
        int to = all.subList(from, all.size()).indexOf(new Rule.Label(label));
        return to < 0 ? all.size() : from + to + 1;
    }
}
