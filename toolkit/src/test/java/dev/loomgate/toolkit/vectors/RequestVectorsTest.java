package dev.loomgate.toolkit.vectors;

import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.Cookie;
import dev.loomgate.toolkit.Environs;
import dev.loomgate.toolkit.MultiMap;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.RequestUrl;
import dev.loomgate.toolkit.syntax.CookieHeader;
import dev.loomgate.toolkit.syntax.Iri;
import dev.loomgate.toolkit.syntax.OptionsHeader;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Tag("once")
class RequestVectorsTest {
    @Test
    void queriesAreDecodedAsWerkzeugDecodesThem() {
        Vectors.replay("args", 250, RequestVectorsTest::args);
    }

    static JsonNode args(JsonNode question) {
        Environ environ = Environs.of("GET", new byte[0]);
        environ.put("QUERY_STRING", question.asString());
        return pairs(new Request(environ).args());
    }

    @Test
    void formsAreDecodedAsWerkzeugDecodesThem() {
        Vectors.replay("form", 260, RequestVectorsTest::form);
    }

    static JsonNode form(JsonNode question) {
        Environ environ = Environs.of(
                "POST", Base64.getDecoder().decode(question.get("body").asString()));
        environ.put("CONTENT_TYPE", question.get("type").asString());
        Request request = new Request(environ);
        ObjectNode answer = Vectors.JSON.createObjectNode();
        answer.set("form", pairs(request.form()));
        return answer.put("mimetype", request.mimetype());
    }

    @Test
    void cookiesAreReadAsWerkzeugReadsThem() {
        Vectors.replay("cookie.parse", 250, RequestVectorsTest::cookies);
    }

    static JsonNode cookies(JsonNode question) {
        MultiMap.Builder<String> cookies = MultiMap.builder();
        CookieHeader.parse(question.asString(), cookies::add);
        return pairs(cookies.build());
    }

    @Test
    void cookiesAreWrittenAsWerkzeugWritesThem() {
        Vectors.replay(
                "cookie.dump",
                30,
                question -> Vectors.JSON.valueToTree(cookie(question).header()));
    }

    private static Cookie cookie(JsonNode question) {
        Cookie cookie =
                Cookie.of(question.get("key").asString(), question.get("value").asString());
        for (Map.Entry<String, JsonNode> option : question.properties()) {
            JsonNode value = option.getValue();
            cookie = switch (option.getKey()) {
                case "key", "value" -> cookie;
                case "max_age" -> cookie.withMaxAge(Duration.ofSeconds(value.asLong()));
                case "expires" -> cookie.withExpires(Instant.ofEpochSecond(value.asLong()));
                case "path" -> cookie.withPath(value.isNull() ? "" : value.asString());
                case "domain" -> cookie.withDomain(value.asString());
                case "secure" -> cookie.withSecure();
                case "httponly" -> cookie.withHttpOnly();
                case "partitioned" -> cookie.withPartitioned();
                case "samesite" ->
                    cookie.withSameSite(Cookie.SameSite.valueOf(value.asString().toUpperCase(Locale.ROOT)));
                default -> throw new IllegalArgumentException(option.getKey());
            };
        }
        return cookie;
    }

    @Test
    void urlsArePutTogetherAsInWerkzeug() {
        Vectors.replay("url", 200, RequestVectorsTest::url);
    }

    static JsonNode url(JsonNode question) {
        Request request = new Request(Environs.of(question));
        RequestUrl url = request.url();
        return Vectors.JSON
                .createObjectNode()
                .put("url", url.full())
                .put("base_url", url.base())
                .put("root_url", url.root())
                .put("host_url", url.host())
                .put("host", url.hostName())
                .put("path", request.path())
                .put("script_root", request.scriptName());
    }

    @Test
    void irisAreConvertedAsInWerkzeug() {
        Vectors.replay("iri", 40, question -> Vectors.JSON
                .createObjectNode()
                .put("to_uri", Iri.toUri(question.asString()))
                .put("to_iri", Iri.toIri(question.asString())));
    }

    @Test
    void headerOptionsAreReadAsInWerkzeug() {
        Vectors.replay("options_header", 250, RequestVectorsTest::options);
    }

    static JsonNode options(JsonNode question) {
        OptionsHeader header = OptionsHeader.parse(question.asString());
        ArrayNode answer = Vectors.JSON.createArrayNode().add(header.value());
        return answer.add(Vectors.JSON.<JsonNode>valueToTree(header.options()));
    }

    private static ArrayNode pairs(MultiMap<String> map) {
        ArrayNode pairs = Vectors.JSON.createArrayNode();
        // Werkzeug shows all values of a name where the name first occurs.
        map.toMap()
                .forEach((name, values) ->
                        values.forEach(value -> pairs.addArray().add(name).add(value)));
        return pairs;
    }
}
