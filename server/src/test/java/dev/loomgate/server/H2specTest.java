package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.peers.CertificateAuthority;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// h2spec, the conformance suite for HTTP/2, with its strict cases: all of them, five times in a row.
@Timeout(120)
final class H2specTest {
    // A plugin of Maven's carries the program; see the module's pom.xml.
    private static final String ARCHIVE = "h2spec/2.2.0/h2spec_linux_amd64.tar.gz";

    @RepeatedTest(5)
    void allCasesPass(@TempDir Path directory) throws Exception {
        try (Server server = Setup.DEFAULT.http(Apps.LINE)) {
            assertAllPass(server, directory);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsOptions.Engine.class,
            names = {"OPENSSL", "JDK"})
    void allCasesPassBehindTls(TlsOptions.Engine engine, @TempDir Path directory) throws Exception {
        CertificateAuthority authority = CertificateAuthority.in(directory);
        TlsOptions tls = TlsPeers.tls(authority.issue("localhost", "DNS:localhost,IP:127.0.0.1"), engine);
        try (Server server = TlsPeers.start(Setup.DEFAULT, Apps.LINE, tls)) {
            assertAllPass(server, directory, "--tls", "--insecure");
        }
    }

    private static void assertAllPass(Server server, Path directory, String... more) throws Exception {
        int port = ((InetSocketAddress) server.addresses().getFirst().socketAddress()).getPort();
        List<String> command = new ArrayList<>(List.of(
                unpacked(directory).toString(), "--strict", "--timeout", "10", "--port", Integer.toString(port)));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(output).contains("146 tests, 146 passed, 0 skipped, 0 failed");
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
