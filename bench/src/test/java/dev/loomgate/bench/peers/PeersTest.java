package dev.loomgate.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.loomgate.bench.harness.Address;
import dev.loomgate.bench.harness.Answer;
import dev.loomgate.bench.harness.Connection;
import dev.loomgate.bench.harness.SelfSigned;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeersTest {
    private interface Peer {
        AutoCloseable start(Listening listening) throws Exception;
    }

    static Stream<Named<Peer>> peers() {
        return Stream.of(
                Named.of("Netty", NettyHello::start),
                Named.of("Vert.x", VertxHello::start),
                Named.of("Undertow", UndertowHello::start),
                Named.of("Helidon", HelidonHello::start),
                Named.of("Jetty", JettyHello::start));
    }

    @ParameterizedTest
    @MethodSource("peers")
    void everyPeerGivesTheSameHelloAndKeepsTheConnection(Peer peer) throws Exception {
        Address address = Address.free();
        try (AutoCloseable _ = peer.start(Listening.plain(address.port()))) {
            givesHelloTwice(address);
        }
    }

    @ParameterizedTest
    @MethodSource("peers")
    void everyPeerGivesItOverTlsAsWell(Peer peer, @TempDir Path folder) throws Exception {
        Path store = SelfSigned.make(folder, SelfSigned.Key.ECDSA).store();
        Address address = Address.freeForTls();
        try (AutoCloseable _ = peer.start(Listening.tls(address.port(), store))) {
            givesHelloTwice(address);
        }
    }

    private static void givesHelloTwice(Address address) throws IOException {
        try (Connection connection = address.connect()) {
            for (int i = 0; i < 2; i++) {
                Answer answer = connection.get("/");
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo("Hello world!");
                assertThat(answer.headers())
                        .containsOnlyKeys("content-type", "content-length", "date", "server")
                        .containsEntry("content-type", "text/plain")
                        .containsEntry("content-length", "12")
                        .containsEntry("server", "loomgate");
                assertThat(dateOf(answer)).isCloseTo(Instant.now(), within(60, ChronoUnit.SECONDS));
            }
        }
    }

    private static Instant dateOf(Answer answer) {
        return Instant.from(
                DateTimeFormatter.RFC_1123_DATE_TIME.parse(answer.headers().getOrDefault("date", "none")));
    }
}
