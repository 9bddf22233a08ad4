package dev.loomgate.toolkit.vectors;

import dev.loomgate.toolkit.headers.ETag;
import dev.loomgate.toolkit.headers.ETags;
import dev.loomgate.toolkit.syntax.HttpDate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a case of the family `conditional` should come to, twice: as RFC 9110 has it, and as Werkzeug's
/// `make_conditional` is known to decide. So a difference is excused only if each side gave just that answer.
///
/// Tags and dates are read as everywhere, since families of their own compare that.
final class ConditionalModel {
    // RFC 9110 section 14.1.1.
    private static final Pattern SPEC = Pattern.compile("[ \t]*(?:(\\d+)-(\\d*)|-(\\d+))[ \t]*");
    private static final int BOUNDARY_CHARACTERS = 16;

    /// A range of the body; the end isn't in it.
    private record Part(int begin, int end) {
        String of(String body) {
            return body.substring(begin, end);
        }

        String header(String body) {
            return "bytes %d-%d/%d".formatted(begin, end - 1, body.length());
        }
    }

    private final JsonNode request;
    private final String body;
    private final boolean isGet;
    private final boolean reads;
    private final Optional<String> range;
    private final Optional<String> ifRange;
    private final ETags ifMatch;
    private final ETags ifNoneMatch;
    private final String etagHeader;
    private final @Nullable ETag etag;
    private final String modifiedHeader;
    private final @Nullable Instant modified;

    ConditionalModel(JsonNode question) {
        request = question.get("request");
        body = question.get("body").asString();
        isGet = question.get("method").asString().equals("GET");
        reads = isGet || question.get("method").asString().equals("HEAD");
        range = header("Range");
        ifRange = header("If-Range");
        ifMatch = header("If-Match").map(ETags::parse).orElse(ETags.NONE);
        ifNoneMatch = header("If-None-Match").map(ETags::parse).orElse(ETags.NONE);
        JsonNode response = question.get("response");
        etagHeader = response.path("ETag").asString("");
        boolean weak = etagHeader.startsWith("W/");
        etag = etagHeader.isEmpty()
                ? null
                : new ETag(etagHeader.substring(weak ? 3 : 1, etagHeader.length() - 1), weak);
        modifiedHeader = response.path("Last-Modified").asString("");
        modified = HttpDate.parse(modifiedHeader).orElse(null);
    }

    private Optional<String> header(String name) {
        return request.has(name) ? Optional.of(request.get(name).asString()) : Optional.empty();
    }

    private Optional<Instant> date(String name) {
        return header(name).flatMap(HttpDate::parse);
    }

    /// RFC 9110 section 13.2.2, step by step.
    JsonNode byRfc9110() {
        if (!reads) {
            return whole();
        }
        Optional<Instant> unmodifiedSince = date("If-Unmodified-Since");
        if (request.has("If-Match")) {
            // The document exists, so a star holds. Of a header without a tag that can be read, none matches.
            if (!ifMatch.star() && !ifMatch.matchesStrongly(etag)) {
                return failed();
            }
        } else if (unmodifiedSince.isPresent() && modified != null && modified.isAfter(unmodifiedSince.get())) {
            return failed();
        }
        if (!ifNoneMatch.isEmpty()) {
            if (ifNoneMatch.star() || ifNoneMatch.matchesWeakly(etag)) {
                return notModified();
            }
        } else if (modified != null
                && date("If-Modified-Since")
                        .filter(since -> !modified.isAfter(since))
                        .isPresent()) {
            return notModified();
        }
        boolean current = ifRange.isEmpty()
                || (etag != null && !etag.weak() && ifRange.get().equals(etagHeader))
                || (modified != null
                        && date("If-Range").filter(modified::equals).isPresent());
        return isGet && range.isPresent() && current && !body.isEmpty() ? parts(range.get()) : whole();
    }

    private JsonNode parts(String header) {
        if (!header.toLowerCase(Locale.ROOT).startsWith("bytes=")) {
            return whole();
        }
        List<Part> parts = new ArrayList<>();
        for (String spec : header.substring("bytes=".length()).split(",", -1)) {
            Matcher matcher = SPEC.matcher(spec);
            // A suffix of nothing is one of the headers that a server may ignore (section 14.2), as it is by us.
            if (!matcher.matches() || "0".equals(matcher.group(3))) {
                return whole();
            }
            if (matcher.group(3) != null) {
                int suffix = Math.min(Integer.parseInt(matcher.group(3)), body.length());
                parts.add(new Part(body.length() - suffix, body.length()));
                continue;
            }
            int begin = Integer.parseInt(matcher.group(1));
            int end = matcher.group(2).isEmpty() ? body.length() : Integer.parseInt(matcher.group(2)) + 1;
            if (!matcher.group(2).isEmpty() && end <= begin) {
                return whole();
            }
            parts.add(new Part(begin, Math.min(end, body.length())));
        }
        parts.removeIf(part -> part.begin() >= part.end());
        if (parts.isEmpty()) {
            return notSatisfiable();
        }
        if (parts.size() == 1) {
            return part(parts.getFirst());
        }
        // Section 14.2 leaves it to the server to send the whole where the parts are more than that.
        return parts.stream().mapToInt(part -> part.end() - part.begin()).sum() > body.length()
                ? whole()
                : several(parts);
    }

    /// `make_conditional` of Werkzeug 3.1: ranges first, of HEAD too; then one question for all conditions.
    JsonNode byWerkzeug() {
        if (!reads) {
            return whole();
        }
        if (range.isPresent() && !body.isEmpty() && (ifRange.isEmpty() || isUnmodified(true))) {
            return werkzeugsPart(range.get());
        }
        return !isUnmodified(false) ? whole() : ifMatch.isEmpty() ? notModified() : failed();
    }

    /// `is_resource_modified`: tags overrule dates, If-Match overrules If-None-Match, a star isn't known to
    /// If-Match, what the response's own tag is weak for isn't looked at, nor is If-Unmodified-Since.
    private boolean isUnmodified(boolean withIfRange) {
        Optional<Instant> ifRangeDate = withIfRange ? date("If-Range") : Optional.empty();
        boolean unmodified = modified != null
                && ifRangeDate
                        .or(() -> date("If-Modified-Since"))
                        .filter(since -> !modified.isAfter(since))
                        .isPresent();
        if (etag == null) {
            return unmodified;
        }
        if (withIfRange && ifRangeDate.isEmpty() && !ifRange.orElse("").isEmpty()) {
            return ifRange.get().replaceFirst("^[Ww]/", "").replace("\"", "").equals(etag.value());
        }
        ETag strong = ETag.strong(etag.value());
        if (!ifNoneMatch.isEmpty()) {
            unmodified = ifNoneMatch.matchesWeakly(strong);
        }
        if (!ifMatch.isEmpty()) {
            unmodified = ifMatch.star() || !ifMatch.matchesStrongly(strong);
        }
        return unmodified;
    }

    /// One range that is well formed and begins within the body; else 416.
    private JsonNode werkzeugsPart(String header) {
        Matcher matcher = SPEC.matcher(header.replaceFirst("(?i)^bytes=", ""));
        if (!header.toLowerCase(Locale.ROOT).startsWith("bytes=") || !matcher.matches()) {
            return notSatisfiable();
        }
        int begin = matcher.group(3) != null
                ? body.length() - Integer.parseInt(matcher.group(3))
                : Integer.parseInt(matcher.group(1));
        boolean open = matcher.group(3) != null || matcher.group(2).isEmpty();
        int end = open ? body.length() : Integer.parseInt(matcher.group(2)) + 1;
        return begin < 0 || begin >= end || begin >= body.length()
                ? notSatisfiable()
                : part(new Part(begin, Math.min(end, body.length())));
    }

    private ObjectNode answer(int code, int length, String content) {
        ObjectNode answer = Vectors.JSON.createObjectNode().put("code", code);
        ObjectNode headers = answer.putObject("headers");
        if (!etagHeader.isEmpty()) {
            headers.put("ETag", etagHeader);
        }
        if (code != 304) {
            if (!modifiedHeader.isEmpty()) {
                headers.put("Last-Modified", modifiedHeader);
            }
            headers.put("Content-Length", Integer.toString(length));
            if (reads) {
                headers.put("Accept-Ranges", "bytes");
            }
        }
        return answer.put("body", reads && !isGet ? "" : content);
    }

    private ObjectNode whole() {
        return answer(200, body.length(), body);
    }

    private ObjectNode notModified() {
        return answer(304, 0, "");
    }

    private static ObjectNode failed() {
        return Vectors.JSON.createObjectNode().put("code", 412);
    }

    private ObjectNode notSatisfiable() {
        return Vectors.JSON.createObjectNode().put("code", 416).put("range", "bytes */" + body.length());
    }

    private ObjectNode part(Part part) {
        ObjectNode answer = answer(206, part.end() - part.begin(), part.of(body));
        ((ObjectNode) answer.get("headers")).put("Content-Range", part.header(body));
        return answer;
    }

    private ObjectNode several(List<Part> parts) {
        String content = parts.stream()
                .map(part -> "\r\n--BOUNDARY\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: %s\r\n\r\n%s"
                        .formatted(part.header(body), part.of(body)))
                .collect(Collectors.joining("", "", "\r\n--BOUNDARY--\r\n"));
        int longer = (1 + parts.size()) * (BOUNDARY_CHARACTERS - "BOUNDARY".length());
        return answer(206, content.length() + longer, content);
    }
}
