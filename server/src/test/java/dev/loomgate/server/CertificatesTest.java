package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.server.TlsOptions.CertificateFiles;
import dev.loomgate.server.TlsOptions.ClientCertificates;
import dev.loomgate.server.TlsOptions.Engine;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.CertificateAuthority;
import dev.loomgate.testkit.peers.CertificateAuthority.Issued;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("timing")
class CertificatesTest {
    @TempDir
    static Path directory;

    private static CertificateAuthority authority;
    private static Issued localhost;

    @BeforeAll
    static void makeCertificates() throws Exception {
        authority = CertificateAuthority.in(directory);
        localhost = authority.issue("localhost", "DNS:localhost,IP:127.0.0.1");
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"OPENSSL", "JDK"})
    void theCertificateIsThatOfTheName(Engine engine) throws Exception {
        Issued one = authority.issue("one.example", "DNS:one.example,DNS:*.wild.example");
        Issued two = authority.issue("two.example", "/O=Two/CN=two.example", "", "RSA");
        Path names = Files.createDirectories(directory.resolve("names-" + engine));
        Issued three = authority.issue("three.example", "");
        Files.copy(three.chain(), names.resolve("three.example.crt"));
        Files.copy(three.key(), names.resolve("three.example.key"));
        TlsOptions tls = TlsOptions.builder()
                .certificate(new CertificateFiles(localhost.chain(), localhost.key()))
                .certificate(new CertificateFiles(one.chain(), one.key()))
                .certificate(new CertificateFiles(two.chain(), two.key()))
                .directories(List.of(names))
                .engine(engine)
                .build();
        Map<String, String> expected = Map.of(
                "one.example", "CN=one.example",
                "ONE.example", "CN=one.example",
                "a.wild.example", "CN=one.example",
                "b.a.wild.example", "CN=localhost",
                "two.example", "CN=two.example,O=Two",
                "three.example", "CN=three.example",
                "other.example", "CN=localhost");
        try (Server server = TlsPeers.start(Setup.DEFAULT, Apps.LINE, tls)) {
            for (Map.Entry<String, String> each : expected.entrySet()) {
                assertThat(TlsPeers.subject(server, authority.client(), each.getKey()))
                        .as(each.getKey())
                        .isEqualTo(each.getValue());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS#1", "SEC 1", "one file"})
    void olderFormsOfKeysAreRead(String form) throws Exception {
        boolean rsa = form.equals("PKCS#1");
        Issued issued = authority.issue("old" + form.hashCode(), "/CN=old", "DNS:localhost", rsa ? "RSA" : "EC");
        Path key = directory.resolve("old-" + form.hashCode() + ".pem");
        Path chain = issued.chain();
        if (form.equals("one file")) {
            Files.writeString(key, Files.readString(issued.key()) + Files.readString(issued.chain()));
            chain = key;
        } else {
            CertificateAuthority.openssl(
                    directory,
                    List.of(
                            rsa ? "rsa" : "ec",
                            rsa ? "-traditional" : "-no_public",
                            "-in",
                            issued.key().toString(),
                            "-out",
                            key.toString()));
        }
        try (Server server = TlsPeers.start(Setup.DEFAULT, Apps.LINE, TlsOptions.of(chain, key));
                HttpClient client = TlsPeers.client(authority.client())) {
            assertThat(client.send(TlsPeers.request(server, "/a").build(), BodyHandlers.ofString())
                            .body())
                    .isEqualTo("GET /a");
        }
    }

    @Test
    void whatMakesNoSenseIsToldAtTheStart() throws Exception {
        Issued other = authority.issue("other", "DNS:other");
        Path missing = directory.resolve("missing.crt");
        Path broken = Files.writeString(
                directory.resolve("broken.crt"), "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
        Path encrypted = directory.resolve("encrypted.key");
        CertificateAuthority.openssl(
                directory,
                List.of(
                        "pkcs8",
                        "-topk8",
                        "-in",
                        other.key().toString(),
                        "-out",
                        encrypted.toString(),
                        "-passout",
                        "pass:secret"));
        assertRefused(TlsOptions.of(missing, localhost.key()), missing + ": no such file");
        assertRefused(TlsOptions.of(localhost.chain(), missing), missing + ": no such file");
        assertRefused(TlsOptions.of(localhost.key(), localhost.key()), "there is no certificate in PEM in it");
        assertRefused(TlsOptions.of(localhost.chain(), localhost.chain()), "there is no private key in PEM in it");
        assertRefused(TlsOptions.of(localhost.chain(), other.key()), "the key is not that of the certificate");
        assertRefused(TlsOptions.of(broken, other.key()), "a certificate in it can't be read");
        assertRefused(TlsOptions.of(other.chain(), encrypted), "the key is encrypted");
        assertRefused(TlsOptions.builder().build(), "HTTPS needs a certificate (certificates)");
        assertThatThrownBy(() -> TlsOptions.builder().versions(List.of("TLSv1")).build())
                .hasMessageContaining("tlsVersions has TLSv1, there are TLSv1.2 and TLSv1.3");
        assertThatThrownBy(() -> TlsOptions.builder()
                        .certificate(new CertificateFiles(localhost.chain(), localhost.key()))
                        .clientCertificates(ClientCertificates.REQUIRED)
                        .build())
                .hasMessageContaining("no authorities");
    }

    private static void assertRefused(TlsOptions tls, String why) {
        assertThatThrownBy(() -> TlsPeers.start(Setup.DEFAULT, Apps.LINE, tls).close())
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"OPENSSL", "JDK"})
    void certificatesAreReplacedUnderLoadWithoutAFailedRequest(Engine engine) throws Exception {
        Path chain = directory.resolve("live-" + engine + ".crt");
        Path key = directory.resolve("live-" + engine + ".key");
        replace(localhost, chain, key);
        Issued next = authority.issue("next" + engine, "/CN=next", "DNS:localhost", "EC");
        TlsOptions tls = TlsOptions.builder()
                .certificate(new CertificateFiles(chain, key))
                .engine(engine)
                .build();
        int each = engine == Engine.OPENSSL ? 625 : 100;
        CountDownLatch halfway = new CountDownLatch(4 * each);
        try (Server server = TlsPeers.start(Setup.DEFAULT, Apps.LINE, tls);
                ExecutorService clients = Executors.newFixedThreadPool(8)) {
            List<Future<Integer>> counts = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                counts.add(clients.submit(() -> requests(server, each, halfway)));
            }
            assertThat(halfway.await(TlsPeers.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            replace(next, chain, key);
            server.reloadCertificates();
            assertThat(TlsPeers.subject(server, authority.client(), "localhost"))
                    .isEqualTo("CN=next");
            for (Future<Integer> count : counts) {
                assertThat(count.get()).isEqualTo(each);
            }
            // A wrong pair changes nothing.
            Files.copy(localhost.key(), key, StandardCopyOption.REPLACE_EXISTING);
            assertThatThrownBy(server::reloadCertificates)
                    .hasMessageContaining("the key is not that of the certificate");
            assertThat(TlsPeers.subject(server, authority.client(), "localhost"))
                    .isEqualTo("CN=next");
        }
    }

    // A tenth of them on new connections.
    private static int requests(Server server, int count, CountDownLatch sent) throws Exception {
        int answered = 0;
        SSLContext trust = authority.client();
        while (answered < count) {
            try (SSLSocket socket = TlsPeers.socket(server, trust, "localhost")) {
                for (int i = 0; i < 10 && answered < count; i++) {
                    TlsPeers.send(socket, "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n");
                    readAnswer(socket.getInputStream(), "GET /x");
                    answered++;
                    sent.countDown();
                }
            }
        }
        return answered;
    }

    private static void readAnswer(InputStream in, String content) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n" + content) < 0) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("the end after: " + text);
            }
            text.append((char) c);
        }
    }

    private static void replace(Issued by, Path chain, Path key) throws IOException {
        Files.copy(by.chain(), chain, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(by.key(), key, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void changedFilesAreFoundByThemselves() throws Exception {
        Path chain = directory.resolve("watched.crt");
        Path key = directory.resolve("watched.key");
        replace(localhost, chain, key);
        Issued next = authority.issue("found", "/CN=found", "DNS:localhost", "EC");
        try (Server server = TlsPeers.start(Setup.DEFAULT, Apps.LINE, TlsOptions.of(chain, key))) {
            assertThat(TlsPeers.subject(server, authority.client(), "localhost"))
                    .isEqualTo("CN=localhost");
            replace(next, chain, key);
            Eventually.await("the new certificate", () -> TlsPeers.subject(server, authority.client(), "localhost")
                    .equals("CN=found"));
        }
    }

    @Test
    void anOcspResponseIsStapled() throws Exception {
        Issued issued = authority.issue("stapled", "DNS:localhost");
        Path index = directory.resolve("index.txt");
        Files.writeString(index, "");
        Path response = directory.resolve("stapled.crt.ocsp");
        CertificateAuthority.openssl(
                directory,
                List.of(
                        "ocsp",
                        "-index",
                        index.toString(),
                        "-CA",
                        authority.certificate().toString(),
                        "-rsigner",
                        authority.certificate().toString(),
                        "-rkey",
                        directory.resolve("ca.key").toString(),
                        "-issuer",
                        authority.certificate().toString(),
                        "-cert",
                        issued.chain().toString(),
                        "-respout",
                        response.toString(),
                        "-ndays",
                        "3"));
        try (Server server = TlsPeers.start(Setup.DEFAULT, Apps.LINE, TlsOptions.of(issued.chain(), issued.key()))) {
            assertThat(CertificateAuthority.openssl(
                            directory,
                            List.of(
                                    "s_client",
                                    "-connect",
                                    "127.0.0.1:" + TlsPeers.address(server).getPort(),
                                    "-servername",
                                    "localhost",
                                    "-status")))
                    .contains("OCSP Response Status: successful");
        }
    }
}
