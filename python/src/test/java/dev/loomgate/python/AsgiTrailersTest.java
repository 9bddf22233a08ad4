package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.server.Server;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// ASGI's extension `http.response.trailers`.
@Timeout(120)
final class AsgiTrailersTest {
    @TempDir
    private Path directory;

    private LogLines log;
    private Server server;

    @BeforeEach
    void start() throws Exception {
        log = LogLines.withLevels("dev.loomgate");
        TestPrograms.copy("asgi_program.py", directory);
        PythonOptions options = TestPrograms.options(directory, "asgi_program:application")
                .environment(TestPrograms.environment(directory))
                .build();
        server = Servers.start(new Lint().wrap(PythonApplication.of(options)));
    }

    @AfterEach
    void stop() {
        server.stop(Duration.ofSeconds(10));
        log.close();
    }

    private HttpPeer ask(String how) throws Exception {
        return Servers.peer(server)
                .send("GET /trailers?" + how + " HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 300_000})
    void theyFollowTheBody(int length) throws Exception {
        try (HttpPeer peer = ask(length + "-two")) {
            HttpPeer.Answer answer = peer.answer();

            assertThat(answer.content()).hasSize(length);
            assertThat(answer.trailers())
                    .containsExactlyInAnyOrderEntriesOf(Map.of("server-timing", "total;dur=1", "x-checksum", "abc"));
        }
        try (HttpPeer peer = ask(length + "-one")) {
            assertThat(peer.answer().trailers()).isEqualTo(Map.of("server-timing", "total;dur=1"));
        }
    }

    @Test
    void aClientThatDoesNotTakeThemIsOfferedNone() throws Exception {
        HttpPeer.Answer answer = Servers.ask(server, "/trailers?5-one");

        assertThat(answer.text()).isEqualTo("xxxxx");
        assertThat(answer.trailers()).isEmpty();
    }

    @Test
    void aResponseWithoutThoseThatItPromisedIsBrokenOff() throws Exception {
        try (HttpPeer peer = ask("5-none")) {
            assertThat(peer.rest()).endsWith("5\r\nxxxxx\r\n");
        }
        log.await("the application returned before its response had ended");
        try (HttpPeer peer = ask("5-again")) {
            assertThat(peer.rest()).endsWith("5\r\nxxxxx\r\n");
        }
        log.await("'http.response.body' was sent after the end of the body");
    }

    @Test
    void whatBelongsIntoTheHeadBreaksItOff() throws Exception {
        try (HttpPeer peer = ask("5-wrong")) {
            assertThat(peer.rest()).endsWith("5\r\nxxxxx\r\n");
        }
        log.await("content-length can't be a trailer");
        assertThat(Servers.ask(server, "/trailers?5-one").text()).isEqualTo("xxxxx");
    }
}
