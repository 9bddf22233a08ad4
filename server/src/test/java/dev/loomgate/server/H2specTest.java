package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// h2spec, the conformance suite for HTTP/2, with its strict cases: all of them, five times in a row.
@Timeout(120)
final class H2specTest {
    // A plugin of Maven's carries the program; see the module's pom.xml.
    private static final String ARCHIVE = "h2spec/2.2.0/h2spec_linux_amd64.tar.gz";

    @RepeatedTest(5)
    void allCasesPass(@TempDir Path directory) throws Exception {
        Path program = unpacked(directory);
        try (Server server = Setup.DEFAULT.http(Apps.LINE)) {
            int port = ((InetSocketAddress) server.addresses().getFirst().socketAddress()).getPort();
            Process process = new ProcessBuilder(
                            program.toString(), "--strict", "--timeout", "10", "--port", Integer.toString(port))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(output).contains("146 tests, 146 passed, 0 skipped, 0 failed");
        }
    }

    private static Path unpacked(Path directory) throws Exception {
        Path archive = directory.resolve("h2spec.tar.gz");
        try (InputStream in = Objects.requireNonNull(ClassLoader.getSystemResourceAsStream(ARCHIVE), ARCHIVE)) {
            Files.copy(in, archive);
        }
        Process tar = new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", directory.toString())
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
        return directory.resolve("h2spec");
    }
}
