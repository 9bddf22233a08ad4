package dev.loomgate.toolkit.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.Environs;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.syntax.Disposition;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Tag("once")
class ConditionalVectorsTest {
    private static final List<String> SHOWN =
            List.of("ETag", "Content-Range", "Accept-Ranges", "Content-Length", "Last-Modified");

    @Test
    void conditionsAndRangesHaveTheOutcomeThatTheyHaveInWerkzeug() {
        Vectors.replay("conditional", 500, ConditionalVectorsTest::conditional);
    }

    /// So that the live run can tell which difference is one that we know.
    @Test
    void theModelOfBothSidesIsRight() {
        for (Vectors.Case one : Vectors.cases("conditional")) {
            ConditionalModel model = new ConditionalModel(one.question());
            assertThat(conditional(one.question()))
                    .as("ours to %s", one.question())
                    .isEqualTo(model.byRfc9110());
            assertThat(one.answer()).as("Werkzeug's to %s", one.question()).isEqualTo(model.byWerkzeug());
        }
    }

    static JsonNode conditional(JsonNode question) {
        Response response = new Response(question.get("body").asString());
        question.get("response")
                .propertyStream()
                .forEach(header ->
                        response.header(header.getKey(), header.getValue().asString()));
        String method = question.get("method").asString();
        Environ environ = Environs.of(method, new byte[0]);
        question.get("request")
                .propertyStream()
                .forEach(header -> environ.put(
                        Environ.keyOf(header.getKey()), header.getValue().asString()));
        response.makeConditional(new Request(environ));
        TestResponse sent = Client.of(response).open(method, "/").send();
        ObjectNode answer = Vectors.JSON.createObjectNode().put("code", sent.code());
        if (sent.code() == 416) {
            return answer.put("range", sent.header("Content-Range"));
        }
        if (sent.code() < 400) {
            ObjectNode headers = answer.putObject("headers");
            for (String name : sent.code() == 304 ? SHOWN.subList(0, 1) : SHOWN) {
                sent.headers().first(name).ifPresent(value -> headers.put(name, value));
            }
            String type = sent.header("Content-Type");
            int boundary = type.indexOf("boundary=");
            // Ours is another one each time.
            answer.put(
                    "body", boundary < 0 ? sent.text() : sent.text().replace(type.substring(boundary + 9), "BOUNDARY"));
        }
        return answer;
    }

    @Test
    void fileNamesAreSentAsInWerkzeug() {
        Vectors.replay("disposition", 20, question -> {
            String kind = question.get("attachment").asBoolean() ? "attachment" : "inline";
            return Vectors.JSON.valueToTree(
                    Disposition.format(kind, question.get("name").asString()));
        });
    }
}
