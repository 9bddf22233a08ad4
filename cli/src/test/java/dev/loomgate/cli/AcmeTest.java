package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.CertificateAuthority;
import dev.loomgate.testkit.peers.Nginx;
import dev.loomgate.testkit.peers.Pebble;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.Security;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shredzone.acme4j.util.CSRBuilder;
import org.shredzone.acme4j.util.CertificateUtils;
import org.shredzone.acme4j.util.KeyPairUtils;

/// Certificates from a real ACME authority.
@Timeout(240)
class AcmeTest {
    private static final Pattern GOT = Pattern.compile("acme: a certificate for one.example, two.example is there");

    @TempDir
    private Path directory;

    private List<String> options(Pebble pebble, int http, int https, String challenge) throws Exception {
        Files.writeString(directory.resolve("app.py"), """
                def application(environ, start_response):
                    start_response("200 OK", [])
                    return [b"served"]
                """);
        // What the JVM trusts the authority's own TLS with.
        Path trust = directory.resolve("trust.p12");
        new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-importcert",
                        "-noprompt",
                        "-file",
                        pebble.authority().certificate().toString(),
                        "-keystore",
                        trust.toString(),
                        "-storepass",
                        "secret")
                .start()
                .waitFor();
        return List.of(
                "--http",
                "127.0.0.1:" + http,
                "--https",
                "127.0.0.1:" + https,
                "--acme",
                "one.example,two.example",
                "--acme-email",
                "admin@one.example",
                "--acme-server",
                pebble.directory().toString(),
                "--acme-state",
                "state",
                "--acme-challenge",
                challenge,
                "--python",
                Python.DEBIAN,
                "-w",
                "app");
    }

    private LoomgateProcess start(List<String> options) throws Exception {
        return LoomgateProcess.startWith(
                List.of(
                        "-Djavax.net.ssl.trustStore=" + directory.resolve("trust.p12"),
                        "-Djavax.net.ssl.trustStorePassword=secret"),
                directory,
                options.toArray(String[]::new));
    }

    private String served(int port) throws IOException, InterruptedException {
        return CertificateAuthority.openssl(
                directory, List.of("s_client", "-connect", "127.0.0.1:" + port, "-servername", "two.example"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http_01", "tls_alpn_01"})
    void aCertificateIsGotAndKept(String challenge) throws Exception {
        int http = Nginx.freePort();
        int https = Nginx.freePort();
        Path chain = directory.resolve("state/one.example.crt");
        try (Pebble pebble = Pebble.start(directory, http, https)) {
            List<String> options = options(pebble, http, https, challenge);
            try (LoomgateProcess loomgate = start(options)) {
                loomgate.await(GOT);
                Eventually.await(
                        "the certificate is served", () -> served(https).contains("CN = Pebble Intermediate"));
                assertThat(PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(directory.resolve("state/one.example.key"))))
                        .isEqualTo("rw-------");
                assertThat(loomgate.signal("TERM").status()).isZero();
            }
            String before = Files.readString(chain);
            // It is good for long: nobody is asked at the next start.
            try (LoomgateProcess loomgate = start(options)) {
                assertThat(served(https)).contains("CN = Pebble Intermediate");
                assertThat(loomgate.err()).doesNotContain("acme:");
            }
            assertThat(Files.readString(chain)).isEqualTo(before);
        }
    }

    @Test
    void whenTwoThirdsAreOverItIsRenewed() throws Exception {
        int http = Nginx.freePort();
        int https = Nginx.freePort();
        try (Pebble pebble = Pebble.start(directory, http, https)) {
            List<String> options = options(pebble, http, https, "http_01");
            Path state = Files.createDirectories(directory.resolve("state"));
            writeOld(state.resolve("one.example.crt"), state.resolve("one.example.key"));
            try (LoomgateProcess loomgate = start(options)) {
                loomgate.await(GOT);
                Eventually.await(
                        "the certificate is served", () -> served(https).contains("CN = Pebble Intermediate"));
            }
        }
    }

    // 21 of its 30 days have passed.
    private static void writeOld(Path chain, Path key) throws IOException {
        Security.addProvider(new BouncyCastleProvider());
        Instant from = Instant.now().minus(Duration.ofDays(21));
        Instant to = from.plus(Duration.ofDays(30));
        KeyPair authority = KeyPairUtils.createKeyPair(2048);
        KeyPair own = KeyPairUtils.createECKeyPair("secp256r1");
        CSRBuilder request = new CSRBuilder();
        request.addDomains("one.example", "two.example");
        request.sign(own);
        X509Certificate certificate = CertificateUtils.createTestCertificate(
                request.getCSR(),
                from,
                to,
                CertificateUtils.createTestRootCertificate("CN=An authority", from, to, authority),
                authority.getPrivate());
        try (Writer out = Files.newBufferedWriter(key)) {
            KeyPairUtils.writeKeyPair(own, out);
        }
        try {
            Files.writeString(
                    chain,
                    "-----BEGIN CERTIFICATE-----\n"
                            + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                            + "\n-----END CERTIFICATE-----\n");
        } catch (CertificateEncodingException e) {
            throw new IOException(e);
        }
    }

    @Test
    void aFailureIsToldAndHttpsIsServedMeanwhile() throws Exception {
        int http = Nginx.freePort();
        int https = Nginx.freePort();
        try (Pebble pebble = Pebble.start(directory, http, https)) {
            List<String> options = new ArrayList<>(options(pebble, http, https, "http_01"));
            options.addAll(List.of("--acme-server", "https://localhost:%d/dir".formatted(Nginx.freePort())));
            try (LoomgateProcess loomgate = start(options)) {
                loomgate.await(Pattern.compile("acme: no certificate for one.example from https://localhost:\\d+/dir"
                        + " \\(--acme-server\\), tried again in 60 s: "));
                assertThat(served(https)).contains("CN = Loomgate placeholder");
            }
        }
    }
}
