package dev.loomgate.toolkit.vectors;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.toolkit.Environs;
import dev.loomgate.toolkit.middleware.Mounts;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Tag("once")
class MiddlewareVectorsTest {
    @Test
    void applicationsAreMountedAsInWerkzeug() {
        Vectors.replay("dispatcher", 200, MiddlewareVectorsTest::dispatched);
    }

    static JsonNode dispatched(JsonNode question) {
        ObjectNode seen = Vectors.JSON.createObjectNode();
        Mounts mounts = Mounts.of(noting("other", seen));
        for (JsonNode prefix : question.get("mounts")) {
            mounts = mounts.withMount(utf8(prefix.asString()), noting(prefix.asString(), seen));
        }
        try {
            mounts.call(Environs.of(question.get("environ")), (_, _, _) -> {}).close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return seen;
    }

    private static Application noting(String name, ObjectNode seen) {
        return (environ, startResponse) -> {
            seen.put("SCRIPT_NAME", bytes(environ.scriptName()));
            seen.put("PATH_INFO", bytes(environ.path()));
            seen.put("app", name);
            return Body.empty();
        };
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
