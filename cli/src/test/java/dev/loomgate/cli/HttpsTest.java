package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.CertificateAuthority;
import dev.loomgate.testkit.peers.CertificateAuthority.Issued;
import dev.loomgate.testkit.peers.Nginx;
import dev.loomgate.testkit.peers.Python;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// HTTPS as the command line asks for it, with a Python program behind it.
@Timeout(180)
class HttpsTest {
    private static final String PROGRAM = """
            NAMES = "wsgi.url_scheme HTTPS SERVER_PORT SSL_PROTOCOL SSL_CLIENT_VERIFY SSL_CLIENT_S_DN HTTPS_DN".split()
            def application(environ, start_response):
                start_response("200 OK", [("Content-Type", "text/plain")])
                return [" ".join(str(environ.get(name)) for name in NAMES).encode()]
            """;

    private static final String ASGI_PROGRAM = """
            async def application(scope, receive, send):
                told = scope["extensions"]["tls"]
                chain = told["client_cert_chain"]
                body = "%04x %s %d %s" % (told["tls_version"], told["cipher_suite"] in (0x1301, 0x1302, 0x1303), len(chain),
                    told["client_cert_name"])
                assert not chain or chain[0].startswith("-----BEGIN CERTIFICATE-----")
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body", "body": body.encode()})
            """;

    @TempDir
    static Path directory;

    private static CertificateAuthority authority;
    private static Issued server;

    @BeforeAll
    static void prepare() throws Exception {
        Files.writeString(directory.resolve("app.py"), PROGRAM);
        Files.writeString(directory.resolve("asgi_app.py"), ASGI_PROGRAM);
        authority = CertificateAuthority.in(directory);
        server = authority.issue("server", "DNS:localhost,IP:127.0.0.1");
    }

    private static int port(LoomgateProcess loomgate) throws Exception {
        return Integer.parseInt(
                loomgate.await(Pattern.compile("https://[^/,]*:([0-9]+)")).group(1));
    }

    private static HttpResponse<String> get(SSLContext trust, String url) throws Exception {
        try (HttpClient client = HttpClient.newBuilder().sslContext(trust).build()) {
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
        }
    }

    private static LoomgateProcess askingForCertificates(String... more) throws Exception {
        List<String> options = new ArrayList<>(List.of(
                "--https",
                "127.0.0.1:0",
                "--certificate",
                "server.crt",
                "--key",
                server.key().toString(),
                "--client-ca",
                authority.certificate().toString(),
                "--client-certificate",
                "optional",
                "--python",
                Python.DEBIAN));
        options.addAll(List.of(more));
        return LoomgateProcess.start(directory, options.toArray(String[]::new));
    }

    @Test
    void aPythonProgramIsServedWithItsClientsCertificate() throws Exception {
        Issued bob = authority.issue("bob", "/C=DE/CN=bob", "", "EC");
        try (LoomgateProcess loomgate = askingForCertificates("-w", "app", "--hsts", "1h")) {
            int port = port(loomgate);
            HttpResponse<String> known = get(authority.client(bob), "https://localhost:" + port + "/");
            assertThat(known.body()).isEqualTo("https on " + port + " TLSv1.3 SUCCESS CN=bob,C=DE /C=DE/CN=bob");
            assertThat(known.headers().firstValue("Strict-Transport-Security")).hasValue("max-age=3600");
            assertThat(get(authority.client(), "https://localhost:" + port + "/")
                            .body())
                    .isEqualTo("https on " + port + " TLSv1.3 NONE None None");
        }
    }

    @Test
    void anAsgiProgramIsToldOfTls() throws Exception {
        Issued ann = authority.issue("ann", "/C=DE/CN=ann", "", "EC");
        try (LoomgateProcess loomgate = askingForCertificates("-w", "asgi_app")) {
            String url = "https://localhost:" + port(loomgate) + "/";
            assertThat(get(authority.client(ann), url).body()).isEqualTo("0304 True 1 CN=ann,C=DE");
            assertThat(get(authority.client(), url).body()).isEqualTo("0304 True 0 None");
        }
    }

    @Test
    void uwsgisFormListensAndRedirects() throws Exception {
        int plain = Nginx.freePort();
        int https = Nginx.freePort();
        Path names = Files.createDirectories(directory.resolve("names"));
        Issued shop = authority.issue("shop", "");
        Files.copy(shop.chain(), names.resolve("shop.example.crt"));
        Files.copy(shop.key(), names.resolve("shop.example.key"));
        Path file = Files.writeString(directory.resolve("site.ini"), """
                [uwsgi]
                https = 127.0.0.1:%d,server.crt,server.key,HIGH
                sni-dir = names
                http-to-https = 127.0.0.1:%d
                module = app
                """.formatted(https, plain));
        try (LoomgateProcess loomgate =
                LoomgateProcess.start(directory, "--ini", file.toString(), "--python", Python.DEBIAN)) {
            HttpResponse<String> sent = get(authority.client(), "http://localhost:" + plain + "/a?b");
            assertThat(sent.statusCode()).isEqualTo(301);
            assertThat(sent.headers().firstValue("Location")).hasValue("https://localhost:" + https + "/a?b");
            assertThat(get(authority.client(), "https://localhost:" + https + "/a?b")
                            .body())
                    .startsWith("https on " + https);
            assertThat(loomgate.err()).contains("https://127.0.0.1:" + https);
        }
    }

    @Test
    void aSignalReadsCertificatesAgain() throws Exception {
        Path chain = directory.resolve("live.crt");
        Path key = directory.resolve("live.key");
        Files.copy(server.chain(), chain, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(server.key(), key, StandardCopyOption.REPLACE_EXISTING);
        Issued next = authority.issue("next", "/CN=next", "DNS:localhost", "RSA");
        try (LoomgateProcess loomgate = LoomgateProcess.start(
                directory, "--https", "127.0.0.1:0," + chain + "," + key, "--python", Python.DEBIAN, "-w", "app")) {
            String url = "https://localhost:" + port(loomgate) + "/";
            Files.copy(next.chain(), chain, StandardCopyOption.REPLACE_EXISTING);
            loomgate.signal("HUP");
            loomgate.await(Pattern.compile(
                    "the certificates stay as they were: .*live.key: it is no RSA key, as the certificate has"));
            assertThat(subject(url)).isEqualTo("CN=server");
            Files.copy(next.key(), key, StandardCopyOption.REPLACE_EXISTING);
            loomgate.signal("HUP");
            Eventually.await("the new certificate", () -> subject(url).equals("CN=next"));
        }
    }

    private static String subject(String url) throws Exception {
        return ((X509Certificate)
                        get(authority.client(), url).sslSession().orElseThrow().getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    @Test
    void whatIsMissingIsToldInALine() throws Exception {
        assertThat(failure("--https", "127.0.0.1:0"))
                .contains("127.0.0.1:0: HTTPS needs a certificate (--certificate)");
        assertThat(failure("--https", "127.0.0.1:0,server.crt"))
                .contains("'127.0.0.1:0,server.crt': CERTIFICATE,KEY, and perhaps CIPHERS and CA are needed");
        assertThat(failure("--https", "127.0.0.1:0", "--certificate", "none.crt"))
                .contains("none.crt: no such file");
        assertThat(failure("--https", "127.0.0.1:0", "--certificate", "server.crt", "--key", "ca.key"))
                .contains("ca.key: the key is not that of the certificate");
        assertThat(failure("--https", "127.0.0.1:0", "--certificate", "server.crt", "--key", "a", "--key", "b"))
                .contains("there are 1 of --certificate and 2 of --key");
        assertThat(failure(
                        "--https",
                        "127.0.0.1:0",
                        "--certificate",
                        "server.crt",
                        "--key",
                        "server.key",
                        "--client-certificate",
                        "required"))
                .contains("--client-certificate asks clients for certificates, but there are no authorities");
        assertThat(failure("--https", "127.0.0.1:0", "--tls-versions", "TLSv1.1"))
                .contains("--tls-versions has TLSv1.1");
    }

    private static String failure(String... options) throws Exception {
        String[] all = new String[options.length + 4];
        System.arraycopy(options, 0, all, 0, options.length);
        System.arraycopy(new String[] {"--python", Python.DEBIAN, "-w", "app"}, 0, all, options.length, 4);
        try (LoomgateProcess loomgate = LoomgateProcess.launch(directory, all)) {
            assertThat(loomgate.status()).isNotZero();
            return loomgate.err();
        }
    }
}
