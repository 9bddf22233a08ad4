package dev.loomgate.python.differential;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What came back for a request.
///
/// @param status code and reason, or what there was in its place
/// @param fields `Name: value`, as they came
/// @param body without its framing
/// @param notes on what was wrong with it
/// @param persistent whether the server means to keep the connection
/// @param spread between the body's first byte and its end
@SuppressWarnings("ArrayRecordComponent") // never compared
record Answer(
        String status, List<String> fields, byte[] body, List<String> notes, boolean persistent, Duration spread) {
    private static final int SHOWN_BYTES = 3000;
    // What servers say in their own words.
    private static final Set<String> SERVERS_OWN = Set.of("400", "500", "502");
    private static final Duration SPREAD = Duration.ofMillis(300);

    /// There is none, and this is what happened.
    static Answer none(String why) {
        return new Answer(why, List.of(), new byte[0], List.of(), false, Duration.ZERO);
    }

    /// The first field of that name, or empty.
    String field(String name) {
        return fields.stream()
                .filter(field -> field.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(field -> field.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    private String code() {
        return status.matches("\\d{3}( .*)?") ? status.substring(0, 3) : status;
    }

    boolean contains(String text) {
        return new String(body, StandardCharsets.ISO_8859_1).contains(text);
    }

    /// What counts when answers are compared.
    List<String> compared(ScriptedRequest request) {
        List<String> lines = new ArrayList<>();
        if (request.has("status-only") || (SERVERS_OWN.contains(code()) && !request.has("whole"))) {
            lines.add(code());
            lines.addAll(notes);
            return lines;
        }
        lines.add(status);
        fields.stream()
                .filter(field -> counts(field, request))
                // Where the server adds it, it may be anywhere.
                .sorted(Comparator.comparing(field -> isContentLength(field)))
                .forEach(lines::add);
        if (!fields.isEmpty() || body.length > 0) {
            lines.add(bodyAsText());
        }
        lines.addAll(notes);
        if (request.has("keep")) {
            lines.add(persistent ? "(connection kept)" : "(connection closed)");
        }
        if (request.has("streamed")) {
            lines.add(spread.compareTo(SPREAD) > 0 ? "(bit by bit)" : "(all at once)");
        }
        return lines;
    }

    private static boolean isContentLength(String field) {
        return field.regionMatches(true, 0, "Content-Length:", 0, 15);
    }

    // Framing is the server's matter, like its name and the time.
    private boolean counts(String field, ScriptedRequest request) {
        String lowerCase = field.toLowerCase(Locale.ROOT);
        return switch (lowerCase.substring(0, Math.max(0, lowerCase.indexOf(':')))) {
            case "date", "connection", "transfer-encoding" -> false;
            case "server" -> !lowerCase.matches("server: (gunicorn|loomgate|nginx).*");
            case "content-length" -> request.isHead() || !lowerCase.equals("content-length: " + body.length);
            default -> true;
        };
    }

    private String bodyAsText() {
        if (body.length == 0) {
            return "0 bytes";
        }
        String text = new String(body, 0, Math.min(body.length, SHOWN_BYTES), StandardCharsets.ISO_8859_1)
                .replace("\\", "\\\\")
                .replace("\r", "\\r")
                .replace("\n", "\\n");
        if (body.length <= SHOWN_BYTES) {
            return body.length + " bytes: " + text;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
            return body.length + " bytes, SHA-256 " + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
