package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.peers.CertificateAuthority;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// h3spec, a conformance suite for HTTP/3 and QUIC.
@Timeout(300)
final class H3specTest {
    // A plugin of Maven's carries the program; see the module's pom.xml.
    private static final String PROGRAM = "h3spec/h3spec-linux-x86_64";

    @Test
    void allCasesPass(@TempDir Path directory) throws Exception {
        CertificateAuthority authority = CertificateAuthority.in(directory);
        try (Server server = Http3Peers.start(Setup.DEFAULT, Apps.LINE, authority)) {
            Path program = directory.resolve("h3spec");
            try (InputStream in = Objects.requireNonNull(ClassLoader.getSystemResourceAsStream(PROGRAM), PROGRAM)) {
                Files.copy(in, program);
            }
            assertThat(program.toFile().setExecutable(true)).isTrue();
            int port = TlsPeers.address(server).getPort();
            Process process = new ProcessBuilder(List.of(
                            program.toString(), "127.0.0.1", Integer.toString(port)))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(output).contains(" 0 failures");
        }
    }
}
