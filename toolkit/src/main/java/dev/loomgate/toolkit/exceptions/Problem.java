package dev.loomgate.toolkit.exceptions;

import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.headers.MimeAccept;
import dev.loomgate.toolkit.syntax.JsonText;
import dev.loomgate.toolkit.syntax.OptionsHeader;
import dev.loomgate.toolkit.syntax.Percent;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// An error as `application/problem+json` (RFC 9457), and who gets it so.
final class Problem {
    static final String TYPE = "application/problem+json";

    private static final List<String> HTML_FIRST = List.of("text/html", TYPE, "application/json");
    private static final List<String> JSON_FIRST = List.of(TYPE, "application/json", "text/html");

    private Problem() {}

    /// Whether the client would rather have JSON than HTML. Where it likes both the same, or doesn't say, it gets
    /// what it sent: JSON for JSON.
    static boolean isFor(Environ environ) {
        String accept = environ.text("HTTP_ACCEPT", "");
        boolean sentJson = environ.contentType().map(Problem::isJson).orElse(false);
        if (accept.isEmpty()) {
            return sentJson;
        }
        return MimeAccept.parse(accept)
                .bestMatch(sentJson ? JSON_FIRST : HTML_FIRST)
                .filter(best -> !best.equals("text/html"))
                .isPresent();
    }

    private static boolean isJson(String contentType) {
        return JsonText.isJson(OptionsHeader.parse(contentType).value().toLowerCase(Locale.ROOT));
    }

    static String text(HttpException e, Environ environ) {
        return "{\"type\":%s,\"title\":%s,\"status\":%d,\"detail\":%s,\"instance\":%s%s}"
                .formatted(
                        JsonText.quote(e.type()),
                        JsonText.quote(e.problemTitle()),
                        e.code(),
                        JsonText.quote(e.description()),
                        JsonText.quote(instance(environ)),
                        errors(e.errors()));
    }

    // A second slash at its start would make it a URL of another host.
    private static String instance(Environ environ) {
        String path = (environ.scriptName() + environ.path()).replaceFirst("^/+", "");
        return "/" + Percent.quote(path, Percent.QUOTED_PATH);
    }

    private static String errors(List<InputError> errors) {
        return errors.isEmpty()
                ? ""
                : errors.stream().map(Problem::error).collect(Collectors.joining(",", ",\"errors\":[", "]"));
    }

    private static String error(InputError error) {
        return "{\"%s\":%s,\"message\":%s}"
                .formatted(error.place().member(), JsonText.quote(error.name()), JsonText.quote(error.message()));
    }
}
