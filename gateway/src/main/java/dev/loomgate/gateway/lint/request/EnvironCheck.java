package dev.loomgate.gateway.lint.request;

import static dev.loomgate.gateway.lint.exchange.Findings.show;

import dev.loomgate.gateway.EarlyHints;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.LogId;
import dev.loomgate.gateway.Offload;
import dev.loomgate.gateway.Trailers;
import dev.loomgate.gateway.WebSocketHandshake;
import dev.loomgate.gateway.lint.exchange.Findings;
import dev.loomgate.gateway.specification.Clause;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a container puts into an environ. Walks through a copy, so that the application still gets a lazy one.
public final class EnvironCheck {
    private static final List<String> ALWAYS_THERE = List.of(
            "REQUEST_METHOD",
            "SCRIPT_NAME",
            "PATH_INFO",
            "QUERY_STRING",
            "SERVER_NAME",
            "SERVER_PORT",
            "SERVER_PROTOCOL");
    private static final Set<String> DECODED = Set.of("SCRIPT_NAME", "PATH_INFO");
    private static final Predicate<String> TOKEN = matching("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Predicate<String> DIGITS = matching("[0-9]+");
    private static final Predicate<String> LENGTH = matching("[0-9]{1,18}");
    private static final Predicate<String> PROTOCOL = matching("HTTP/[0-9](\\.[0-9])?");
    private static final Predicate<String> SCRIPT_NAME = matching("(?s)(/.*[^/])?");
    // Every character of a field name's token, in upper case and with the hyphen mapped.
    private static final Predicate<String> FIELD_KEY = matching("HTTP_[!#$%&'*+.^_`|~0-9A-Z]+");

    private final Environ environ;
    private final Findings findings;

    /// The check of one environ.
    public EnvironCheck(Environ environ, Findings findings) {
        this.environ = environ;
        this.findings = findings;
    }

    /// Throws at the first thing that is wrong with it.
    public void run() {
        Environ walked = environ.copy();
        for (String key : ALWAYS_THERE) {
            check(key, Clause.VARIABLES_PRESENT, value -> value != null);
        }
        for (Map.Entry<String, Object> variable : walked.entrySet()) {
            Object found = environ.get(variable.getKey());
            findings.check(
                    variable.getValue().equals(found),
                    Clause.LOOK_UP_AGREES,
                    "%s is %s in a walk, looked up it is %s"
                            .formatted(show(variable.getKey()), show(variable.getValue()), show(found)));
            checkCgi(variable.getKey(), variable.getValue());
        }
        for (String key : ALWAYS_THERE) {
            findings.check(walked.containsKey(key), Clause.LOOK_UP_AGREES, key + " is missing in a walk");
        }
        checkForms();
        checkObjects();
    }

    private void checkCgi(String key, Object value) {
        if (key.indexOf('.') >= 0) {
            return;
        }
        check(key, Clause.CGI_TEXT, String.class::isInstance);
        String text = (String) value;
        findings.check(
                DECODED.contains(key) || text.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0),
                Clause.FIELD_TEXT,
                show(key) + " is " + show(text));
        if (key.startsWith("HTTP_")) {
            findings.check(
                    !key.equals("HTTP_CONTENT_TYPE") && !key.equals("HTTP_CONTENT_LENGTH"), Clause.CONTENT_KEYS, key);
            findings.check(FIELD_KEY.test(key), Clause.FIELD_KEYS, "a header field has the name " + show(key));
        }
    }

    private void checkForms() {
        checkText("REQUEST_METHOD", Clause.METHOD_TOKEN, TOKEN);
        checkText("SCRIPT_NAME", Clause.SCRIPT_NAME_FORM, SCRIPT_NAME);
        checkText("PATH_INFO", Clause.PATH_INFO_FORM, path -> path.isEmpty() || path.startsWith("/"));
        checkText("SERVER_NAME", Clause.SERVER_NAME_FORM, name -> !name.isEmpty());
        checkText("SERVER_PORT", Clause.SERVER_PORT_FORM, DIGITS);
        checkText("SERVER_PROTOCOL", Clause.SERVER_PROTOCOL_FORM, PROTOCOL);
        checkText("REMOTE_ADDR", Clause.REMOTE_FORM, address -> !address.isEmpty());
        checkText("REMOTE_PORT", Clause.REMOTE_FORM, DIGITS);
        checkText("CONTENT_LENGTH", Clause.CONTENT_LENGTH_DIGITS, LENGTH);
    }

    private void checkObjects() {
        check("wsgi.url_scheme", Clause.URL_SCHEME, scheme -> "http".equals(scheme) || "https".equals(scheme));
        check("wsgi.multithread", Clause.FLAGS, Boolean.class::isInstance);
        check("wsgi.multiprocess", Clause.FLAGS, Boolean.class::isInstance);
        check("wsgi.run_once", Clause.FLAGS, Boolean.class::isInstance);
        check("wsgi.input", Clause.INPUT_TYPE, InputStream.class::isInstance);
        check("wsgi.input_terminated", Clause.INPUT_TERMINATED, Boolean.TRUE::equals);
        check("wsgi.errors", Clause.ERRORS_TYPE, PrintWriter.class::isInstance);
        check("loomgate.client_gone", Clause.CLIENT_GONE_TYPE, gone -> gone == null || gone instanceof CompletionStage);
        check("loomgate.stopping", Clause.STOPPING_TYPE, stage -> stage == null || stage instanceof CompletionStage);
        check("loomgate.request_id", Clause.REQUEST_ID_TYPE, id -> id == null || id instanceof LogId);
        check("loomgate.early_hints", Clause.EARLY_HINTS_TYPE, hints -> hints == null || hints instanceof EarlyHints);
        check("loomgate.offload", Clause.OFFLOAD_TYPE, offload -> offload == null || offload instanceof Offload);
        check("loomgate.route", Clause.ROUTE_TYPE, route -> route == null || route instanceof Consumer);
        check("loomgate.trailers", Clause.TRAILERS_TYPE, this::mayBeTrailers);
        check("loomgate.websocket", Clause.WEBSOCKET_TYPE, this::mayBeHandshake);
    }

    private boolean mayBeTrailers(@Nullable Object offer) {
        return offer == null
                || (offer instanceof Trailers
                        && environ.get("HTTP_TE") instanceof String te
                        && te.toLowerCase(Locale.ROOT).contains("trailers"));
    }

    private boolean mayBeHandshake(@Nullable Object offer) {
        return offer == null
                || (offer instanceof WebSocketHandshake
                        && Set.of("GET", "CONNECT").contains(environ.method()));
    }

    private void check(String key, Clause clause, Predicate<@Nullable Object> rule) {
        Object value = environ.get(key);
        findings.check(rule.test(value), clause, key + " is " + show(value));
    }

    /// A variable that may be absent.
    private void checkText(String key, Clause clause, Predicate<String> rule) {
        check(key, clause, value -> !(value instanceof String text) || rule.test(text));
    }

    private static Predicate<String> matching(String pattern) {
        return Pattern.compile(pattern).asMatchPredicate();
    }
}
