package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Wrong values are told with the option that has them.
class OptionsTest {
    @ParameterizedTest
    @CsvSource({
        "'', it is empty",
        "8000, 'a port needs a host before it, as in 127.0.0.1:8000 or :8000'",
        "host:, the port after the colon is a number from 0 to 65535",
        "host:x, the port after the colon is a number from 0 to 65535",
        "host:65536, the port after the colon is a number from 0 to 65535",
        "host:-1, the port after the colon is a number from 0 to 65535",
        "::1:80, 'an IPv6 address stands in brackets, as in [::1]:8000'",
        "[host]:80, only IPv6 addresses stand in brackets",
        "@, the name after @ is empty",
        "/run/, a socket's path doesn't end with a slash",
    })
    void addressesThatAreNone(String text, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ListenAddress.http(text))
                .withMessage("address \"" + text + "\": " + why);
    }

    @Test
    void anAbstractNameThatIsTooLong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ListenAddress.uwsgi("@" + "a".repeat(107)))
                .withMessageEndingWith("the name takes 107 bytes, over the 106 of an abstract unix socket's name");
    }

    @Test
    void limitsOutOfRange() {
        List<Consumer<Limits.Builder>> wrong = List.of(
                limits -> limits.maxHeaderBytes(127),
                limits -> limits.maxHeaderBytes((16 << 20) + 1),
                limits -> limits.maxUriLength(0),
                limits -> limits.maxHeaderCount(0),
                limits -> limits.maxBodyBytes(-1),
                limits -> limits.headerTimeout(Duration.ZERO),
                limits -> limits.bodyTimeout(Duration.ZERO),
                limits -> limits.idleTimeout(Duration.ZERO),
                limits -> limits.writeTimeout(Duration.ZERO),
                limits -> limits.halfClosedTimeout(Duration.ZERO),
                limits -> limits.requestTimeout(Duration.ofSeconds(-1)),
                limits -> limits.maxMicrothreads(0),
                limits -> limits.maxConnections(0));
        List<String> options = List.of(
                "maxHeaderBytes is 127, the least is 128",
                "maxHeaderBytes is 16777217, the most is 16777216",
                "maxUriLength is 0",
                "maxHeaderCount is 0",
                "maxBodyBytes is -1",
                "headerTimeout is 0",
                "bodyTimeout",
                "idleTimeout",
                "writeTimeout",
                "halfClosedTimeout is 0",
                "requestTimeout is -1s",
                "maxMicrothreads is 0",
                "maxConnections is 0");
        for (int i = 0; i < wrong.size(); i++) {
            Limits.Builder builder = Limits.builder();
            wrong.get(i).accept(builder);
            assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageStartingWith(options.get(i));
        }
    }

    @Test
    void optionsOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerOptions.builder().loops(0).build())
                .withMessage("loops is 0, the least is 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerOptions.builder().socketMode(01000).build())
                .withMessageStartingWith("socketMode is 01000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerOptions.builder().backlog(0).build())
                .withMessageStartingWith("backlog is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        ServerOptions.builder().handOver(Duration.ofNanos(1)).build())
                .withMessage("handOver is 0.000000001s, the least is 1ms; 0 switches it off");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerOptions.builder().heldThreads(0).build())
                .withMessage("heldThreads is 0, the least is 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerOptions.builder().heldThreads(10_001).build())
                .withMessage("heldThreads is 10001, the most is 10000");
    }
}
