package dev.loomgate.toolkit.vectors;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.toolkit.Environs;
import dev.loomgate.toolkit.proxy.ProxyFix;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Tag("once")
class ProxyVectorsTest {
    private static final List<String> SEEN =
            List.of("REMOTE_ADDR", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME", "wsgi.url_scheme");

    @Test
    void proxiesAreBelievedAsInWerkzeug() {
        Vectors.replay("proxy_fix", 850, ProxyVectorsTest::fixed);
    }

    static JsonNode fixed(JsonNode question) {
        JsonNode trusted = question.get("trusted");
        ProxyFix fix = ProxyFix.of()
                .withXFor(trusted.path("for").asInt(0))
                .withXProto(trusted.path("proto").asInt(0))
                .withXHost(trusted.path("host").asInt(0))
                .withXPort(trusted.path("port").asInt(0))
                .withXPrefix(trusted.path("prefix").asInt(0));
        ObjectNode seen = Vectors.JSON.createObjectNode();
        Application application = fix.wrap((environ, _) -> {
            SEEN.forEach(key -> environ.text(key).ifPresent(value -> seen.put(key, value)));
            return Body.empty();
        });
        try {
            application
                    .call(Environs.of(question.get("environ")), (_, _, _) -> {})
                    .close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return seen;
    }
}
