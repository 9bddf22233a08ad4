package dev.loomgate.toolkit.debug;

import dev.loomgate.toolkit.syntax.JsonText;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// An exception and what led to it, as it is shown.
///
/// @param links the exception itself first
record Failure(Throwable thrown, List<Link> links) {
    private static final int MAX_LINKS = 20;
    private static final int MAX_FRAMES = 200;

    /// One of the exceptions.
    ///
    /// @param relation how it belongs to the one before: `Caused by`, `Suppressed`; or empty
    /// @param frames without those that the one before has, too
    record Link(String relation, Throwable exception, List<StackTraceElement> frames) {
        String type() {
            return exception.getClass().getName();
        }

        String message() {
            String message = exception.getMessage();
            return message == null ? "" : message.stripTrailing();
        }

        /// What it comes down to: of a traceback from elsewhere, whose every line is in the message, the last
        /// line.
        String summary() {
            String message = message();
            return isTraceback() ? message.substring(message.lastIndexOf('\n') + 1) : message;
        }

        boolean isTraceback() {
            return message().startsWith("Traceback (most recent call last):");
        }
    }

    static Failure of(Throwable thrown) {
        List<Link> links = new ArrayList<>();
        collect("", thrown, List.of(), links, Collections.newSetFromMap(new IdentityHashMap<>()));
        return new Failure(thrown, List.copyOf(links));
    }

    // Exceptions may have each other for causes.
    private static void collect(
            String relation,
            Throwable exception,
            List<StackTraceElement> outer,
            List<Link> links,
            Set<Throwable> seen) {
        if (links.size() == MAX_LINKS || !seen.add(exception)) {
            return;
        }
        List<StackTraceElement> frames = List.of(exception.getStackTrace());
        int own = frames.size();
        for (int of = outer.size(); own > 0 && of > 0 && frames.get(own - 1).equals(outer.get(of - 1)); of--) {
            own--;
        }
        links.add(new Link(relation, exception, frames.subList(0, Math.min(own, MAX_FRAMES))));
        for (Throwable suppressed : exception.getSuppressed()) {
            collect("Suppressed", suppressed, frames, links, seen);
        }
        if (exception.getCause() != null) {
            collect("Caused by", exception.getCause(), frames, links, seen);
        }
    }

    /// As Java prints it.
    String text() {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    /// As a problem (RFC 9457).
    String problem() {
        Link first = links.getFirst();
        return "{\"type\":\"about:blank\",\"title\":%s,\"status\":500,\"detail\":%s,\"trace\":[%s]}"
                .formatted(
                        JsonText.quote(first.type()),
                        JsonText.quote(first.summary()),
                        text().lines().map(JsonText::quote).collect(Collectors.joining(",")));
    }
}
