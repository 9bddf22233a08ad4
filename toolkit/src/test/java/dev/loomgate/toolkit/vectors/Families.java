package dev.loomgate.toolkit.vectors;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Our side of each family that the oracle makes cases of at random.
final class Families {
    static final Map<String, Function<JsonNode, JsonNode>> ALL = all();

    private Families() {}

    private static Map<String, Function<JsonNode, JsonNode>> all() {
        Map<String, Function<JsonNode, JsonNode>> all = new HashMap<>(HeaderVectorsTest.FAMILIES);
        all.put("args", RequestVectorsTest::args);
        all.put("args.plain", RequestVectorsTest::args);
        all.put("conditional", ConditionalVectorsTest::conditional);
        all.put("cookie.parse", RequestVectorsTest::cookies);
        all.put("dispatcher", MiddlewareVectorsTest::dispatched);
        all.put("form", RequestVectorsTest::form);
        all.put("multipart", MultipartVectorsTest::cutHereAndThere);
        all.put("multipart.plain", MultipartVectorsTest::cutHereAndThere);
        all.put("options_header", RequestVectorsTest::options);
        all.put("proxy_fix", ProxyVectorsTest::fixed);
        all.put("routing.built", RoutingVectorsTest::built);
        all.put("routing.factories", question -> each(question, RoutingVectorsTest::factories));
        all.put("routing.limits", question -> each(question, RoutingVectorsTest::match));
        all.put("routing.match", question -> each(question, RoutingVectorsTest::match));
        all.put("routing.options", question -> each(question, RoutingVectorsTest::match));
        all.put("routing.plain", question -> each(question, RoutingVectorsTest::match));
        all.put("secure_filename", MultipartVectorsTest::secured);
        all.put("static_files", StaticFilesVectorsTest::answer);
        all.put("url", RequestVectorsTest::url);
        return Map.copyOf(all);
    }

    /// The answers to a list of requests.
    private static JsonNode each(JsonNode question, Function<JsonNode, JsonNode> one) {
        ObjectNode subject = ((ObjectNode) question).deepCopy();
        JsonNode requests = subject.remove("requests");
        ArrayNode answers = Vectors.JSON.createArrayNode();
        for (JsonNode request : requests) {
            subject.set("request", request);
            answers.add(one.apply(subject));
        }
        return answers;
    }
}
