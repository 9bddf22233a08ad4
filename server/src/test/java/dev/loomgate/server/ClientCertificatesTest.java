package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.server.TlsOptions.CertificateFiles;
import dev.loomgate.server.TlsOptions.ClientCertificates;
import dev.loomgate.server.TlsOptions.Engine;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.peers.CertificateAuthority;
import dev.loomgate.testkit.peers.CertificateAuthority.Issued;
import dev.loomgate.testkit.peers.Nginx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("timing")
class ClientCertificatesTest {
    @TempDir
    static Path directory;

    private static CertificateAuthority authority;
    private static Issued localhost;

    @BeforeAll
    static void makeCertificates() throws Exception {
        authority = CertificateAuthority.in(directory);
        localhost = authority.issue("localhost", "DNS:localhost,IP:127.0.0.1");
    }

    private static final List<String> FACTS = List.of(
            "SSL_CLIENT_VERIFY",
            "SSL_CLIENT_S_DN",
            "SSL_CLIENT_I_DN",
            "SSL_CLIENT_SERIAL",
            "SSL_CLIENT_FINGERPRINT",
            "SSL_CLIENT_V_START",
            "SSL_CLIENT_V_END",
            "SSL_PROTOCOL",
            "SSL_CIPHER");

    static List<String> subjects() {
        return List.of(
                "/CN=bob",
                "/C=DE/ST=Bayern/L=Nürnberg/O=Müller, Söhne \\/ Co/OU=a+b/CN=Jürgen \"J\" <x>",
                "/emailAddress=a@example.org/CN=mail",
                "/serialNumber=42/GN=Ann/SN=Lee/title=Dr/CN=ann lee",
                "/DC=org/DC=example/UID=u1/CN= leading",
                "/CN=#hash;semi=equals");
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void factsOfAClientsCertificateAreNginxs(String subject) throws Exception {
        Issued own = authority.issue("client" + subject.hashCode(), subject, "", "EC");
        SSLContext trust = authority.client(own);
        Application application = (environ, startResponse) -> {
            startResponse.start(Status.OK, new Headers());
            return Body.text(
                    FACTS.stream().map(name -> name + "=" + environ.get(name)).collect(Collectors.joining("\n")));
        };
        String lines = FACTS.stream()
                .map(name -> name + "=$" + name.toLowerCase(Locale.ROOT))
                .collect(Collectors.joining("\n"));
        for (Engine engine : List.of(Engine.OPENSSL, Engine.JDK)) {
            TlsOptions tls = TlsOptions.builder()
                    .certificate(new CertificateFiles(localhost.chain(), localhost.key()))
                    .clientAuthorities(authority.certificate())
                    .clientCertificates(ClientCertificates.OPTIONAL)
                    .engine(engine)
                    .build();
            int port = Nginx.freePort();
            try (Server server = TlsPeers.start(Setup.DEFAULT, application, tls);
                    Nginx _ = Nginx.start(
                            directory,
                            "listen 127.0.0.1:%d ssl; ssl_protocols TLSv1.2 TLSv1.3;".formatted(port),
                            "ssl_certificate %s; ssl_certificate_key %s;".formatted(localhost.chain(), localhost.key()),
                            "ssl_client_certificate %s; ssl_verify_client optional;".formatted(authority.certificate()),
                            "location / { return 200 '%s'; }".formatted(lines));
                    HttpClient client = TlsPeers.client(trust)) {
                String theirs = client.send(
                                HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"))
                                        .build(),
                                BodyHandlers.ofString())
                        .body();
                String ours = client.send(TlsPeers.request(server, "/").build(), BodyHandlers.ofString())
                        .body();
                assertThat(ours).isEqualTo(theirs).contains("SSL_CLIENT_VERIFY=SUCCESS");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"OPENSSL", "JDK"})
    void whoHasNoTrustedCertificateIsServedOnlyWhereItIsOptional(Engine engine) throws Exception {
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere-" + engine));
        CertificateAuthority foreign = CertificateAuthority.in(elsewhere);
        Issued untrusted = foreign.issue("mallory", "");
        Application application = (environ, startResponse) -> {
            startResponse.start(Status.OK, new Headers());
            return Body.text(environ.get("SSL_CLIENT_VERIFY") + " " + environ.get("SSL_CLIENT_S_DN"));
        };
        for (ClientCertificates asked : List.of(ClientCertificates.OPTIONAL, ClientCertificates.REQUIRED)) {
            TlsOptions tls = TlsOptions.builder()
                    .certificate(new CertificateFiles(localhost.chain(), localhost.key()))
                    .clientAuthorities(authority.certificate())
                    .clientCertificates(asked)
                    .engine(engine)
                    .build();
            try (LogLines log = LogLines.of("dev.loomgate.server");
                    Server server = TlsPeers.start(Setup.DEFAULT, application, tls)) {
                Callable<String> without = () -> TlsPeers.answer(server, authority.client());
                if (asked == ClientCertificates.OPTIONAL) {
                    assertThat(without.call()).endsWith("NONE null");
                } else {
                    assertThatThrownBy(without::call).isInstanceOf(IOException.class);
                    log.await("tls: the handshake failed");
                }
                assertThatThrownBy(() -> TlsPeers.answer(server, trusting(untrusted, foreign)))
                        .isInstanceOf(IOException.class);
            }
        }
    }

    // Sends its own certificate whatever authorities the server names.
    private static SSLContext trusting(Issued own, CertificateAuthority its) throws Exception {
        return its.clientTrusting(own, authority.certificate());
    }
}
