package dev.loomgate.python.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.LogId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ToldRequestTest {
    private static final byte[] TOLD = bytes("10.1.2.3 4711 127.0.0.1 80 k3f9-1\n"
            + "POST /a?b HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nX-A: 1\r\nx-a: 2\r\n\r\n");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void logsSayMethodAndTarget() {
        assertThat(PacketHead.of(TOLD)).isEqualTo(new PacketHead("POST", "/a?b"));
        assertThat(PacketHead.requestId(TOLD)).isEqualTo(new LogId("k3f9-1"));
    }

    @Test
    void withoutAnIdTheClientsOwnCounts() {
        assertThat(PacketHead.requestId(bytes("- - - - -\nGET / HTTP/1.1\r\nX-Request-ID: own\r\n")))
                .isEqualTo(new LogId("own"));
        assertThat(PacketHead.requestId(bytes("- - - - -\nGET / HTTP/1.1\r\n"))).isNull();
    }

    @Test
    void partsAreVariables() {
        assertThat(PacketHead.variables(
                        TOLD, Set.of("REMOTE_ADDR", "SERVER_PORT", "HTTP_HOST", "CONTENT_TYPE", "HTTP_X_A", "NONE")))
                .isEqualTo(Map.of(
                        "REMOTE_ADDR", "10.1.2.3",
                        "SERVER_PORT", "80",
                        "HTTP_HOST", "h",
                        "CONTENT_TYPE", "text/plain",
                        "HTTP_X_A", "1"));
    }

    @Test
    void theRequestIsWhatFollowsTheLine() {
        assertThat(new String(ToldRequest.asItCame(TOLD), StandardCharsets.ISO_8859_1))
                .startsWith("POST /a?b")
                .endsWith("\r\n\r\n");
        assertThat(ToldRequest.asItCame(bytes("no line"))).isEmpty();
    }

    @Test
    void itMayBeCutAnywhere() {
        for (int length = 0; length <= TOLD.length; length++) {
            byte[] cut = Arrays.copyOf(TOLD, length);
            assertThat("POST").startsWith(PacketHead.of(cut).method().replace("?", ""));
        }
    }
}
