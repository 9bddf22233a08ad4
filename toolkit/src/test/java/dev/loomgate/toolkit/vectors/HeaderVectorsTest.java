package dev.loomgate.toolkit.vectors;

import dev.loomgate.toolkit.headers.Accept;
import dev.loomgate.toolkit.headers.Authorization;
import dev.loomgate.toolkit.headers.CacheControl;
import dev.loomgate.toolkit.headers.CharsetAccept;
import dev.loomgate.toolkit.headers.ContentRange;
import dev.loomgate.toolkit.headers.ETag;
import dev.loomgate.toolkit.headers.ETags;
import dev.loomgate.toolkit.headers.IfRange;
import dev.loomgate.toolkit.headers.LanguageAccept;
import dev.loomgate.toolkit.headers.MimeAccept;
import dev.loomgate.toolkit.headers.Range;
import dev.loomgate.toolkit.headers.WwwAuthenticate;
import dev.loomgate.toolkit.syntax.HeaderList;
import dev.loomgate.toolkit.syntax.HostHeader;
import dev.loomgate.toolkit.syntax.HttpDate;
import dev.loomgate.toolkit.syntax.OptionsHeader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Tag("once")
class HeaderVectorsTest {
    static final Map<String, Function<JsonNode, JsonNode>> FAMILIES = Map.ofEntries(
            Map.entry("accept", HeaderVectorsTest::accept),
            Map.entry("header.list", question -> json(HeaderList.parse(question.asString()))),
            Map.entry("header.dict", question -> pairs(HeaderList.parsePairs(question.asString()))),
            Map.entry("options_extended", HeaderVectorsTest::options),
            Map.entry("cache_control", HeaderVectorsTest::cacheControl),
            Map.entry("etags", HeaderVectorsTest::etags),
            Map.entry("if_range", HeaderVectorsTest::ifRange),
            Map.entry("range", HeaderVectorsTest::range),
            Map.entry("content_range", HeaderVectorsTest::contentRange),
            Map.entry("date", HeaderVectorsTest::date),
            Map.entry("authorization", HeaderVectorsTest::authorization),
            Map.entry("www_authenticate", HeaderVectorsTest::wwwAuthenticate),
            Map.entry("trusted_host", HeaderVectorsTest::trustedHost));

    static List<String> families() {
        return List.copyOf(new TreeSet<>(FAMILIES.keySet()));
    }

    @ParameterizedTest
    @MethodSource("families")
    void headersAreReadAsWerkzeugReadsThem(String family) {
        Vectors.replay(family, 8, Objects.requireNonNull(FAMILIES.get(family)));
    }

    private static JsonNode json(@Nullable Object value) {
        return Vectors.JSON.valueToTree(value);
    }

    private static ObjectNode pairs(Map<String, Optional<String>> pairs) {
        ObjectNode object = Vectors.JSON.createObjectNode();
        pairs.forEach((name, value) -> object.put(name, value.orElse(null)));
        return object;
    }

    private static JsonNode options(JsonNode question) {
        OptionsHeader header = OptionsHeader.parse(question.asString());
        return Vectors.JSON.createArrayNode().add(header.value()).add(json(header.options()));
    }

    private static JsonNode accept(JsonNode question) {
        String header = question.get("header").asString();
        Accept accept =
                switch (question.get("kind").asString()) {
                    case "mime" -> MimeAccept.parse(header);
                    case "language" -> LanguageAccept.parse(header);
                    case "charset" -> CharsetAccept.parse(header);
                    default -> Accept.parse(header);
                };
        List<String> values = new ArrayList<>();
        question.get("values").forEach(value -> values.add(value.asString()));
        ObjectNode answer = Vectors.JSON.createObjectNode();
        ArrayNode items = answer.putArray("items");
        accept.items().forEach(item -> items.addArray().add(item.value()).add(item.quality()));
        answer.put("best", accept.best().orElse(null));
        answer.set("qualities", json(values.stream().map(accept::quality).toList()));
        answer.set("contains", json(values.stream().map(accept::contains).toList()));
        answer.put("best_match", accept.bestMatch(values).orElse(null));
        return answer.put("header", accept.toString());
    }

    private static JsonNode cacheControl(JsonNode question) {
        CacheControl control = CacheControl.parse(question.asString());
        ObjectNode answer = Vectors.JSON.createObjectNode();
        answer.set("directives", pairs(control.directives()));
        answer.put("no_cache", control.noCache()).put("no_store", control.noStore());
        answer.set("max_age", seconds(control.maxAge()));
        answer.set("s_maxage", seconds(control.sharedMaxAge()));
        answer.set("min_fresh", seconds(control.minFresh()));
        return answer.put("header", control.toString());
    }

    private static JsonNode seconds(Optional<Duration> duration) {
        return number(duration.map(Duration::toSeconds).orElse(null));
    }

    // As small as it is read back, so that 5 equals 5.
    private static JsonNode number(@Nullable Long number) {
        return number == null ? Vectors.JSON.nullNode() : Vectors.JSON.readTree(number.toString());
    }

    private static JsonNode etags(JsonNode question) {
        ETags tags = ETags.parse(question.asString());
        TreeSet<String> all = new TreeSet<>(tags.strong());
        all.addAll(tags.weak());
        ObjectNode answer = Vectors.JSON.createObjectNode();
        answer.set("strong", json(new TreeSet<>(tags.strong())));
        answer.set("all", json(all));
        return answer.put("star", tags.star())
                .put("empty", tags.isEmpty())
                .put("weakly_a", tags.matchesWeakly(ETag.strong("a")))
                .put("strongly_a", tags.matchesStrongly(ETag.strong("a")));
    }

    private static JsonNode ifRange(JsonNode question) {
        IfRange range = IfRange.parse(question.asString());
        ObjectNode answer = Vectors.JSON.createObjectNode();
        answer.put("etag", range.etag().map(ETag::value).orElse(null));
        answer.set("date", number(range.date().map(Instant::getEpochSecond).orElse(null)));
        return answer;
    }

    private static JsonNode range(JsonNode question) {
        Optional<Range> parsed = Range.parse(question.get("header").asString());
        if (parsed.isEmpty()) {
            return Vectors.JSON.nullNode();
        }
        Range range = parsed.get();
        ObjectNode answer = Vectors.JSON.createObjectNode().put("units", range.unit());
        ArrayNode ranges = answer.putArray("ranges");
        for (Range.Spec spec : range.specs()) {
            Long end = spec.end().isPresent() ? spec.end().getAsLong() : null;
            ranges.addArray().add(number(spec.begin())).add(number(end));
        }
        answer.put("header", range.toString());
        JsonNode length = question.get("length");
        // Werkzeug knows only single ranges of bytes.
        boolean single = range.unit().equals("bytes") && range.specs().size() == 1 && !length.isNull();
        Optional<Range.Part> part = single ? range.specs().getFirst().of(length.asLong()) : Optional.empty();
        if (part.isPresent()) {
            answer.putArray("parts")
                    .add(number(part.get().begin()))
                    .add(number(part.get().end()));
            answer.put(
                    "content_range",
                    ContentRange.of(part.get(), length.asLong()).toString());
        } else {
            answer.putNull("parts").putNull("content_range");
        }
        return answer;
    }

    private static JsonNode contentRange(JsonNode question) {
        Optional<ContentRange> parsed = ContentRange.parse(question.asString());
        if (parsed.isEmpty()) {
            return Vectors.JSON.nullNode();
        }
        ContentRange range = parsed.get();
        ObjectNode answer = Vectors.JSON.createObjectNode().put("units", range.unit());
        answer.putArray("part")
                .add(number(range.part().map(Range.Part::begin).orElse(null)))
                .add(number(range.part().map(Range.Part::end).orElse(null)));
        answer.set("length", number(range.length().isPresent() ? range.length().getAsLong() : null));
        return answer.put("header", range.toString());
    }

    private static JsonNode date(JsonNode question) {
        Optional<Instant> date = HttpDate.parse(question.asString());
        ObjectNode answer = Vectors.JSON.createObjectNode();
        answer.set("timestamp", number(date.map(Instant::getEpochSecond).orElse(null)));
        return answer.put("header", date.map(HttpDate::format).orElse(null));
    }

    private static JsonNode authorization(JsonNode question) {
        return Authorization.parse(question.asString())
                .map(found -> credentials(found.scheme(), found.token(), found.parameters(), found.header()))
                .orElse(Vectors.JSON.nullNode());
    }

    private static JsonNode wwwAuthenticate(JsonNode question) {
        return WwwAuthenticate.parse(question.asString())
                .map(found -> credentials(found.scheme(), found.token(), found.parameters(), found.toString()))
                .orElse(Vectors.JSON.nullNode());
    }

    private static JsonNode credentials(
            String scheme, Optional<String> token, Map<String, Optional<String>> parameters, String header) {
        ObjectNode answer = Vectors.JSON.createObjectNode().put("scheme", scheme);
        answer.put("token", token.orElse(null));
        answer.set("parameters", pairs(parameters));
        return answer.put("header", header);
    }

    private static JsonNode trustedHost(JsonNode question) {
        List<String> trusted = new ArrayList<>();
        question.get("trusted").forEach(host -> trusted.add(host.asString()));
        String host = HostHeader.of("http", question.get("host").asString());
        return Vectors.JSON.getNodeFactory().booleanNode(HostHeader.isTrusted(host, trusted));
    }
}
