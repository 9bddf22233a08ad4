package dev.loomgate.python.requests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.python.direct.Scoreboard;
import dev.loomgate.testkit.client.UwsgiPacket;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShownVariablesTest {
    private static final byte[] PACKET = UwsgiPacket.request("GET", "/a?b=c")
            .with("HTTP_COOKIE", "SECRET")
            .with("HTTP_AUTHORIZATION", "SECRET")
            .with("HTTP_PROXY_AUTHORIZATION", "SECRET")
            .with("HTTP_X_API_KEY", "SECRET")
            .with("DATABASE_PASSWORD", "SECRET")
            .with("HTTP_HOST", "shop.example")
            .bytes();

    @Test
    void whatAccessLogsHaveIsShownInItsOrder() {
        assertThat(ShownVariables.of(new Scoreboard.Inside(1, 0, PACKET)))
                .containsExactly(
                        Map.entry("REQUEST_METHOD", "GET"),
                        Map.entry("REQUEST_URI", "/a?b=c"),
                        Map.entry("PATH_INFO", "/a"),
                        Map.entry("QUERY_STRING", "b=c"),
                        Map.entry("SERVER_PROTOCOL", "HTTP/1.1"),
                        Map.entry("SERVER_NAME", "localhost"),
                        Map.entry("SERVER_PORT", "80"),
                        Map.entry("HTTP_HOST", "shop.example"));
    }

    @Test
    void aPacketThatIsCutOffShowsWhatIsThere() {
        byte[] cut = Arrays.copyOf(PACKET, 60);
        assertThat(ShownVariables.of(new Scoreboard.Inside(1, 0, cut))).containsKey("REQUEST_METHOD");
        assertThat(ShownVariables.of(new Scoreboard.Inside(1, 0, new byte[2]))).isEmpty();
    }
}
