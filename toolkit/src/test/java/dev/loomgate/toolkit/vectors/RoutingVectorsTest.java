package dev.loomgate.toolkit.vectors;

import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.Environs;
import dev.loomgate.toolkit.routing.BuildError;
import dev.loomgate.toolkit.routing.MapAdapter;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.routing.UrlBuilder;
import dev.loomgate.toolkit.routing.UrlMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Tag("once")
class RoutingVectorsTest {
    @Test
    void pathsLeadWhereWerkzeugSaysTheyDo() {
        Vectors.replayEach("routing.match", "requests", 6000, RoutingVectorsTest::match);
    }

    static JsonNode match(JsonNode question) {
        JsonNode request = question.get("request");
        return Maps.answer(Maps.bound(question)
                .tryMatch(request.get(0).asString(), request.get(1).asString()));
    }

    @Test
    void urlsAreBuiltAsWerkzeugBuildsThem() {
        Vectors.replayEach(
                "routing.build", "builds", 250, question -> built(Maps.bound(question), question.get("request")));
    }

    static JsonNode built(JsonNode question) {
        MapAdapter<String> urls = Maps.bound(question);
        ArrayNode answers = Vectors.JSON.createArrayNode();
        for (JsonNode request : question.get("builds")) {
            ObjectNode answer = built(urls, request);
            answers.add(answer.has("value_error") ? answer.put("value_error", true) : answer);
        }
        return answers;
    }

    private static ObjectNode built(MapAdapter<String> urls, JsonNode request) {
        ObjectNode answer = Vectors.JSON.createObjectNode();
        try {
            return answer.put("url", build(urls, request));
        } catch (BuildError e) {
            return answer.put("build_error", true);
        } catch (IllegalArgumentException e) {
            return answer.put("value_error", e.getMessage());
        }
    }

    private static String build(MapAdapter<String> urls, JsonNode request) {
        UrlBuilder<String> url = urls.url(request.get("endpoint").asString());
        for (Map.Entry<String, JsonNode> option : request.properties()) {
            JsonNode value = option.getValue();
            switch (option.getKey()) {
                case "endpoint" -> {}
                case "values" -> url.with(Maps.values(value));
                case "method" -> url.method(value.asString());
                case "force_external" -> url.external();
                case "append_unknown" -> url.withoutUnknown();
                case "url_scheme" -> url.scheme(value.asString());
                default -> throw new IllegalArgumentException(option.getKey());
            }
        }
        return url.build();
    }

    @Test
    void factoriesAndRedirectsLeadWhereTheyDoInWerkzeug() {
        Vectors.replayEach("routing.factories", "requests", 1000, RoutingVectorsTest::factories);
    }

    static JsonNode factories(JsonNode question) {
        JsonNode request = question.get("request");
        return Maps.answer(Maps.ofFactories(question.get("rules"))
                .bind(Maps.binding(question.get("bind")))
                .tryMatch(request.get(0).asString(), request.get(1).asString()));
    }

    @Test
    void aMapKnowsItselfAsInWerkzeug() {
        Vectors.replay("routing.meta", 5, question -> {
            UrlMap<String> map = Maps.ofFactories(question.get("rules"));
            MapAdapter<String> urls = map.bind(Maps.binding(question.get("bind")));
            ObjectNode answer = Vectors.JSON.createObjectNode();
            ArrayNode test = answer.putArray("test");
            ArrayNode allowed = answer.putArray("allowed");
            ArrayNode rules = answer.putArray("rules");
            ArrayNode expecting = answer.putArray("expecting");
            for (JsonNode path : question.get("paths")) {
                test.add(urls.test(path.asString(), "GET"));
                allowed.add(Vectors.JSON.<JsonNode>valueToTree(urls.allowedMethods(path.asString())));
            }
            for (JsonNode endpoint : question.get("endpoints")) {
                rules.add(Vectors.JSON.<JsonNode>valueToTree(map.rules(endpoint.asString()).stream()
                        .map(Rule::pattern)
                        .toList()));
            }
            for (JsonNode asked : question.get("expecting")) {
                String[] names = asked.size() == 1
                        ? new String[0]
                        : new String[] {asked.get(1).asString()};
                expecting.add(map.isEndpointExpecting(asked.get(0).asString(), names));
            }
            return answer;
        });
    }

    @Test
    void aRequestBindsAsInWerkzeug() {
        Vectors.replay("routing.bind", 300, question -> {
            UrlMap<String> map = Maps.of(question.get("map"));
            Environ environ = Environs.of(question.get("environ"));
            JsonNode name = question.path("bind").path("server_name");
            MapAdapter<String> urls =
                    name.isMissingNode() ? map.bindToEnviron(environ) : map.bindToEnviron(environ, name.asString());
            ObjectNode answer = Vectors.JSON.createObjectNode();
            answer.set("match", Maps.answer(urls.tryMatch()));
            return answer.put("url", urls.url("index").external().build());
        });
    }
}
