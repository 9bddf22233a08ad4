package dev.loomgate.toolkit.vectors;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Where we differ from Werkzeug on purpose, of cases that nobody has seen yet: what `deviations.jsonl` is for
/// recorded ones, as rules that say when they apply, and are as narrow as can be.
final class KnownDifferences {
    private static final Pattern BARE_WEAK_MARK = Pattern.compile("(?:^|,)[ \t]*[Ww]/[ \t]*(?:,|$)");
    private static final Pattern EMPTY_HEAD = Pattern.compile("[\r\n]--b[ \t\f\u000b]*(?:\r\n|\r(?!\n)|\n)[\r\n]");

    private static final Pattern LOOSE_BASE64 =
            Pattern.compile("(?i)^basic (?![ \t]*(?:[A-Z0-9+/]{4})*(?:[A-Z0-9+/]{3}=|[A-Z0-9+/]{2}==)?[ \t]*$)");
    private static final Pattern YEAR_BELOW_100 = Pattern.compile("\\b00[0-9]{2}\\b");
    private static final Pattern MINUS_ZERO = Pattern.compile("[-/][ \t]*-0");
    private static final Pattern FIRST_BOUNDARY = Pattern.compile("([\r\n])?--b(?:--|[ \t\f\u000b]*[\r\n])");

    private KnownDifferences() {}

    /// Why our answer to this question differs; empty if it should not.
    static Optional<String> reason(String family, JsonNode question, JsonNode werkzeug, JsonNode ours) {
        return Optional.ofNullable(
                switch (family) {
                    case "multipart" -> multipart(question, werkzeug, ours);
                    case "etags" ->
                        BARE_WEAK_MARK.matcher(question.asString()).find()
                                ? "A W/ that no tag follows is no tag."
                                : null;
                    case "www_authenticate" ->
                        werkzeug.path("header").asString("").contains("=None")
                                ? "A parameter without a value is its name, where Werkzeug writes Python's None."
                                : null;
                    case "range" ->
                        ours.isNull()
                                        && MINUS_ZERO
                                                .matcher(question.get("header").asString())
                                                .find()
                                ? "A place is a number without a sign."
                                : range(question, werkzeug, ours);
                    case "content_range" ->
                        ours.isNull() && MINUS_ZERO.matcher(question.asString()).find()
                                ? "A place is a number without a sign."
                                : null;
                    case "conditional" -> conditional(question, werkzeug, ours);
                    case "cache_control" ->
                        werkzeug.get("directives").equals(ours.get("directives"))
                                        && !question.asString()
                                                .equals(question.asString().toLowerCase(Locale.ROOT))
                                ? "Directives compare without regard to case (RFC 9111 section 5.2)."
                                : null;
                    case "proxy_fix" -> proxied(werkzeug, ours);
                    case "authorization" ->
                        ours.isNull()
                                        && LOOSE_BASE64
                                                .matcher(question.asString())
                                                .find()
                                ? "Credentials are in Base64 with the padding that they need, and no more."
                                : null;
                    case "date" ->
                        YEAR_BELOW_100.matcher(question.asString()).find()
                                ? "A year of four digits is that year, where Python takes 0094 for 1994."
                                : null;
                    case "form" -> form(question, werkzeug);
                    case "routing.match", "routing.plain", "routing.factories", "routing.limits", "routing.options" ->
                        RoutingDifferences.reason(question, werkzeug, ours);
                    case "routing.built" ->
                        RoutingDifferences.EXPONENT.matcher(werkzeug.toString()).find()
                                ? "A float in a URL has no exponent, which its converter could not read."
                                : null;
                    case "static_files" -> files(question, werkzeug, ours);
                    default -> null;
                });
    }

    private static @Nullable String proxied(JsonNode werkzeug, JsonNode ours) {
        String theirs = werkzeug.path("REMOTE_ADDR").asString("");
        return theirs.startsWith("[" + ours.path("REMOTE_ADDR").asString("") + "]")
                ? "An address has no brackets and no port, by whichever header it comes."
                : null;
    }

    private static @Nullable String multipart(JsonNode question, JsonNode werkzeug, JsonNode ours) {
        boolean refused = ours.path("malformed").asBoolean(false);
        for (JsonNode field : werkzeug.path("form")) {
            if (refused && field.get(0).isNull()) {
                return "A part without a name is refused.";
            }
        }
        for (JsonNode file : werkzeug.path("files")) {
            if (refused && file.get("name").isNull()) {
                return "A part without a name is refused.";
            }
        }
        String body = "\n"
                + new String(Base64.getDecoder().decode(question.get("body").asString()), StandardCharsets.ISO_8859_1);
        if (refused && EMPTY_HEAD.matcher(body).find()) {
            return "A part without headers has no name: it is refused, where Werkzeug takes its first lines for headers.";
        }
        Matcher first = FIRST_BOUNDARY.matcher(body);
        return first.find() && first.group(1) == null ? "A boundary begins a line (RFC 2046 section 5.1.1)." : null;
    }

    /// Raw bytes that are no UTF-8: Werkzeug takes the form for empty.
    private static @Nullable String form(JsonNode question, JsonNode werkzeug) {
        byte[] body = Base64.getDecoder().decode(question.get("body").asString());
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            return null;
        } catch (CharacterCodingException e) {
            return werkzeug.get("form").isEmpty()
                    ? "Of a form, a byte that is no UTF-8 is shown as %XX, as in a query."
                    : null;
        }
    }

    private static @Nullable String range(JsonNode question, JsonNode werkzeug, JsonNode ours) {
        if (werkzeug.isNull() && ours.path("ranges").size() > 1) {
            return "Ranges may come in any order, and overlap (RFC 9110 section 14.2).";
        }
        JsonNode ranges = ours.path("ranges");
        long begin = ranges.path(0).path(0).asLong(0);
        return ranges.size() == 1
                        && begin < 0
                        && -begin > question.get("length").asLong(0)
                ? "A suffix longer than the resource is all of it (RFC 9110 section 14.1.2)."
                : null;
    }

    /// Both answers are just those that they should be, and this is the first cause why they aren't the same.
    private static @Nullable String conditional(JsonNode question, JsonNode werkzeug, JsonNode ours) {
        ConditionalModel model = new ConditionalModel(question);
        if (!ours.equals(model.byRfc9110()) || !werkzeug.equals(model.byWerkzeug())) {
            return null;
        }
        JsonNode request = question.get("request");
        boolean ranged = request.has("Range");
        if (request.has("If-Match") || request.has("If-Unmodified-Since")) {
            return "If-Match and If-Unmodified-Since are evaluated, first of all (RFC 9110 section 13.2.2).";
        }
        if (ranged && (request.has("If-None-Match") || request.has("If-Modified-Since"))) {
            return "Conditions are evaluated before ranges (RFC 9110 section 13.2.2).";
        }
        if (request.has("If-None-Match")) {
            return "If-None-Match needs no tag for a star, and overrules If-Modified-Since (RFC 9110 section 13.1).";
        }
        if (ranged && question.get("method").asString().equals("HEAD")) {
            return "A range is for GET only (RFC 9110 section 14.2).";
        }
        if (ranged && request.has("If-Range")) {
            return "If-Range compares tags strongly and dates exactly (RFC 9110 section 13.1.5).";
        }
        return ranged
                ? "Several ranges, long suffixes, other units and what is not well formed (RFC 9110 section 14.2)."
                : null;
    }

    /// Ours is the application's, and Werkzeug's the file that a shorter path has.
    private static @Nullable String files(JsonNode question, JsonNode werkzeug, JsonNode ours) {
        String path = question.get("environ").get("PATH_INFO").asString();
        ObjectNode applications = Vectors.JSON.createObjectNode().put("application", path);
        if (!path.startsWith("/static/") || !ours.equals(applications)) {
            return null;
        }
        ObjectNode shorter = ((ObjectNode) question).deepCopy();
        ((ObjectNode) shorter.get("environ"))
                .put("PATH_INFO", "/static/" + normal(path.substring("/static/".length())));
        return werkzeug.has("code")
                        && !shorter.equals(question)
                        && StaticFilesVectorsTest.answer(shorter).equals(werkzeug)
                ? "A file has one URL, without empty parts, . and .. in it, and without a slash at the end."
                : null;
    }

    /// As Python's `posixpath.normpath`.
    private static String normal(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..") && !parts.isEmpty() && !parts.peekLast().equals("..")) {
                parts.removeLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return String.join("/", parts);
    }
}
