package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.peers.CertificateAuthority;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// h3spec, a conformance suite for HTTP/3 and QUIC: all its cases of HTTP/3, and of those of QUIC and its TLS all but
/// the known ones.
@Tag("once")
@Timeout(300)
final class H3specTest {
    // A plugin of Maven's carries the program; see the module's pom.xml.
    private static final String PROGRAM = "h3spec/h3spec-linux-x86_64";

    // What fails today, 12 or 13 cases; why is not known of each. For transport parameters quiche does find the fault,
    // and the log says so, but h3spec doesn't see the connection closed for it. Another failure is news.
    private static final List<String> KNOWN = List.of(
            "MUST send TRANSPORT_PARAMETER_ERROR if",
            "MUST send PROTOCOL_VIOLATION if reserved bits in",
            "MUST send FRAME_ENCODING_ERROR if NEW_CONNECTION_ID with",
            "MUST send no_application_protocol TLS alert");

    // Its deadlines are its own, and at most two seconds: a case that fails is run again, alone.
    private static final int RUNS = 6;
    private static final Pattern FAILED = Pattern.compile(" *(.*?) FAILED \\[\\d+]");
    private static final String HTTP3 = "HTTP/3 servers";

    @Test
    void casesOfHttp3Pass(@TempDir Path directory) throws Exception {
        try (LogLines netty = LogLines.of("io.netty");
                Peer server = Peer.in(directory)) {
            String output = server.run("--match", HTTP3);

            assertThat(output).contains("15 examples, ");
            assertThat(server.stillFailing(Peer.failed(output))).isEmpty();
            assertThat(netty.with("reached at the tail of the pipeline")).isEmpty();
        }
    }

    @Test
    void noOthersFailThanThoseThatAreKnown(@TempDir Path directory) throws Exception {
        try (Peer server = Peer.in(directory)) {
            String output = server.run("--skip", "0-RTT", "--skip", HTTP3);

            assertThat(output).contains(" examples, ");
            List<String> news = Peer.failed(output).stream()
                    .filter(name -> KNOWN.stream().noneMatch(name::contains))
                    .toList();
            assertThat(server.stillFailing(news)).isEmpty();
        }
    }

    /// A server, and the suite's program.
    private record Peer(Server server, Path program) implements AutoCloseable {
        static Peer in(Path directory) throws Exception {
            Path program = directory.resolve("h3spec");
            try (InputStream in = Objects.requireNonNull(ClassLoader.getSystemResourceAsStream(PROGRAM), PROGRAM)) {
                Files.copy(in, program);
            }
            assertThat(program.toFile().setExecutable(true)).isTrue();
            return new Peer(Http3Peers.start(Setup.DEFAULT, Apps.LINE, CertificateAuthority.in(directory)), program);
        }

        String run(String... options) throws Exception {
            List<String> command = new ArrayList<>(List.of(program.toString()));
            command.addAll(List.of(options));
            int port = TlsPeers.address(server).getPort();
            command.addAll(List.of("127.0.0.1", Integer.toString(port)));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            return output;
        }

        /// Those of some cases that have failed, and fail each time again.
        List<String> stillFailing(List<String> failing) throws Exception {
            for (int i = 1; i < RUNS && !failing.isEmpty(); i++) {
                List<String> again = new ArrayList<>();
                for (String name : failing) {
                    again.addAll(failed(run("--match", name)));
                }
                failing = again;
            }
            return failing;
        }

        /// The names of those that have failed in a run.
        static List<String> failed(String output) {
            return FAILED.matcher(output).results().map(found -> found.group(1)).toList();
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
