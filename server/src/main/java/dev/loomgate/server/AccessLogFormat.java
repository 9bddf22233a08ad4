package dev.loomgate.server;

import dev.loomgate.loop.settings.InvalidSetting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How the access log writes a request: [#TEXT], [#JSON], or after a pattern with variables ([#pattern]).
///
/// ```java
/// AccessLogFormat.pattern("%(addr) \"%(method) %(uri)\" %(status) %(msecs)").withForwardedFor()
/// ```
///
/// @param kind which of them
/// @param pieces of a pattern; empty for the other two
/// @param micros whether the time at the end of a line of text is in microseconds instead of milliseconds
/// @param forwardedFor whether the client's address is what the header field X-Forwarded-For says, where there is one
/// @param requestIds whether a line of text ends with the request's id
/// @param times how the variable `ftime` shows a time; or null for as `ltime` does
public record AccessLogFormat(
        Kind kind,
        List<Piece> pieces,
        boolean micros,
        boolean forwardedFor,
        boolean requestIds,
        @Nullable Function<Instant, String> times) {
    /// The three kinds of lines.
    public enum Kind {
        TEXT,
        JSON,
        PATTERN
    }

    /// A part of a pattern.
    ///
    /// @param text as it is written, or a variable's name
    public record Piece(String text, boolean isVariable) {}

    /// One line after the common log format, with the time taken at its end.
    public static final AccessLogFormat TEXT = new AccessLogFormat(Kind.TEXT, List.of(), false, false, false, null);

    /// One JSON object a line.
    public static final AccessLogFormat JSON = new AccessLogFormat(Kind.JSON, List.of(), false, false, false, null);

    /// Apache's common log format, `%h %l %u %t "%r" %>s %b` of its mod_log_config: the bytes of
    /// content, with `-` for 0.
    public static final AccessLogFormat COMMON =
            pattern("%(addr) - %(user) [%(ltime)] \"%(method) %(uri) %(proto)\" %(status) %(clfsize)");

    /// Apache's combined log format: the common one, `"%{Referer}i" "%{User-agent}i"`.
    public static final AccessLogFormat COMBINED = COMMON.and(pattern(" \"%(referer)\" \"%(uagent)\""));

    private static final String REQUEST_ID = "request_id";
    private static final String METRIC = "metric.";

    /// What is told of a request only where it is asked for: of the process that answers, and of the response's head.
    private static final Set<String> OF_PROCESS = Set.of("pid", "wid", "core", "rss", "vsz", "rssM", "vszM");

    private static final Set<String> OF_HEAD = Set.of("size", "hsize", "headers");

    /// Copies the list.
    public AccessLogFormat {
        pieces = List.copyOf(pieces);
    }

    /// Lines after a pattern, in which `%(name)` stands for a variable. `docs/logs.md` has the names, which
    /// are uWSGI's. A name that isn't among them is one of the application's own log variables. What a
    /// request doesn't have is `-`.
    ///
    /// @throws IllegalArgumentException if a parenthesis isn't closed, or there is no variable at all
    public static AccessLogFormat pattern(String text) {
        List<Piece> pieces = new ArrayList<>();
        int from = 0;
        for (int open = text.indexOf("%("); open >= 0; open = text.indexOf("%(", from)) {
            int close = text.indexOf(')', open);
            if (close < 0) {
                throw wrong(text, "'" + text.substring(open) + "' has no ')'");
            }
            if (open > from) {
                pieces.add(new Piece(text.substring(from, open), false));
            }
            String name = text.substring(open + 2, close);
            if (name.isEmpty()) {
                throw wrong(text, "'%()' names no variable");
            }
            if (name.startsWith(METRIC)) {
                throw wrong(text, "there are no metrics, so %(" + name + ") is none");
            }
            pieces.add(new Piece(name, true));
            from = close + 1;
        }
        if (from == 0) {
            throw wrong(text, "it has no variable, as in %(uri)");
        }
        if (from < text.length()) {
            pieces.add(new Piece(text.substring(from), false));
        }
        return new AccessLogFormat(Kind.PATTERN, pieces, false, false, false, null);
    }

    private static InvalidSetting wrong(String text, String problem) {
        return new InvalidSetting("accessLogFormat", "is '%s': %s".formatted(text, problem));
    }

    /// The same, with other units in lines of text.
    public AccessLogFormat withMicros() {
        return new AccessLogFormat(kind, pieces, true, forwardedFor, requestIds, times);
    }

    /// The same, with the address that X-Forwarded-For says.
    public AccessLogFormat withForwardedFor() {
        return new AccessLogFormat(kind, pieces, micros, true, requestIds, times);
    }

    /// The same, with `ftime` as this shows it.
    public AccessLogFormat withTimes(Function<Instant, String> shown) {
        return new AccessLogFormat(kind, pieces, micros, forwardedFor, requestIds, shown);
    }

    /// The same, with the request's id at the end, as in ` request_id="k3x9mq2a-1f"`. JSON has it always.
    public AccessLogFormat withRequestIds() {
        return switch (kind) {
            case TEXT -> new AccessLogFormat(kind, pieces, micros, forwardedFor, true, times);
            case PATTERN -> and(pattern(" request_id=\"%(" + REQUEST_ID + ")\""));
            case JSON -> this;
        };
    }

    private AccessLogFormat and(AccessLogFormat pattern) {
        List<Piece> all = new ArrayList<>(pieces);
        all.addAll(pattern.pieces);
        return new AccessLogFormat(kind, all, micros, forwardedFor, requestIds, times);
    }

    /// Whether lines have the request's id.
    public boolean namesRequests() {
        return kind == Kind.JSON || requestIds || names(Set.of(REQUEST_ID));
    }

    /// Whether a pattern names a request's route, `%(route)`.
    public boolean namesRoutes() {
        return names(Set.of("route"));
    }

    /// Whether lines are JSON objects.
    public boolean isJson() {
        return kind == Kind.JSON;
    }

    /// Whether lines tell which process has answered.
    public boolean namesProcesses() {
        return names(OF_PROCESS);
    }

    /// Whether lines tell more of a response than its status, its content's length and the time it took.
    boolean hasDetails() {
        return namesProcesses() || names(OF_HEAD);
    }

    private boolean names(Set<String> variables) {
        return pieces.stream().anyMatch(piece -> piece.isVariable() && variables.contains(piece.text()));
    }
}
