package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.loop.Loop;
import dev.loomgate.server.TlsOptions.CertificateFiles;
import dev.loomgate.server.TlsOptions.ClientCertificates;
import dev.loomgate.server.TlsOptions.Engine;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.CertificateAuthority;
import dev.loomgate.testkit.peers.CertificateAuthority.Issued;
import dev.loomgate.testkit.peers.Nginx;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("timing")
class TlsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    static Path directory;

    private static CertificateAuthority authority;
    private static Issued localhost;

    @BeforeAll
    static void makeCertificates() throws Exception {
        authority = CertificateAuthority.in(directory);
        localhost = authority.issue("localhost", "DNS:localhost,IP:127.0.0.1");
    }

    static Stream<Arguments> setupsAndEngines() {
        return Setup.all().stream()
                .flatMap(setup -> Stream.of(Engine.OPENSSL, Engine.JDK).map(engine -> Arguments.of(setup, engine)));
    }

    private static TlsOptions tls(Engine engine) {
        return TlsOptions.builder()
                .certificate(new CertificateFiles(localhost.chain(), localhost.key()))
                .engine(engine)
                .build();
    }

    private static Server start(Setup setup, Application application, TlsOptions tls) throws ServerStartException {
        return start(setup, application, tls, Limits.defaults());
    }

    private static Server start(Setup setup, Application application, TlsOptions tls, Limits limits)
            throws ServerStartException {
        return Server.builder(application)
                .listen(ListenAddress.https("127.0.0.1:0"))
                .options(setup.options().tls(tls).limits(limits).build())
                .start();
    }

    private static InetSocketAddress address(Server server) {
        return (InetSocketAddress) server.addresses().getFirst().socketAddress();
    }

    private static HttpClient client(SSLContext trust) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trust)
                .connectTimeout(LIMIT)
                .build();
    }

    private static HttpRequest.Builder request(Server server, String target) {
        return HttpRequest.newBuilder(URI.create(
                        "https://localhost:" + address(server).getPort() + target))
                .timeout(LIMIT);
    }

    private static SSLSocket socket(Server server, SSLContext trust, String name) throws IOException {
        SSLSocket socket = (SSLSocket) trust.getSocketFactory()
                .createSocket(address(server).getAddress(), address(server).getPort());
        socket.setSoTimeout((int) LIMIT.toMillis());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    // ---- requests

    @ParameterizedTest
    @MethodSource("setupsAndEngines")
    void requestsAreAnsweredOnOneConnection(Setup setup, Engine engine) throws Exception {
        Application application = (environ, startResponse) -> {
            startResponse.start(Status.OK, new Headers());
            return Body.text(Stream.of("wsgi.url_scheme", "HTTPS", "SERVER_PORT", "REMOTE_ADDR", "SSL_PROTOCOL")
                    .map(name -> String.valueOf(environ.get(name)))
                    .collect(Collectors.joining(" ")));
        };
        try (Server server = start(setup, application, tls(engine));
                HttpClient client = client(authority.client())) {
            String expected = "https on " + address(server).getPort() + " 127.0.0.1 TLSv1.3";
            for (int i = 0; i < 3; i++) {
                assertThat(client.send(request(server, "/").build(), BodyHandlers.ofString())
                                .body())
                        .isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("setupsAndEngines")
    void bodiesArriveWhole(Setup setup, Engine engine) throws Exception {
        byte[] noise = Apps.noise(5_000_000);
        try (Server server = start(setup, Apps.ECHO, tls(engine));
                HttpClient client = client(authority.client())) {
            HttpResponse<byte[]> answer = client.send(
                    request(server, "/echo")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(noise))
                            .build(),
                    BodyHandlers.ofByteArray());
            assertThat(answer.headers().firstValue("x-length")).hasValue("5000000");
            assertThat(Arrays.equals(answer.body(), noise)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("setupsAndEngines")
    void filesAreSentAsFarAsTheyAreAskedFor(Setup setup, Engine engine) throws Exception {
        byte[] noise = Apps.noise(3_000_001);
        Path file = Files.write(directory.resolve("file-" + engine), noise);
        AtomicInteger closed = new AtomicInteger();
        Application application = Apps.of(() -> new Body.FileBody(file, 1_000, 2_900_001, closed::incrementAndGet));
        try (Server server = start(setup, application, tls(engine));
                HttpClient client = client(authority.client())) {
            byte[] got = client.send(request(server, "/").build(), BodyHandlers.ofByteArray())
                    .body();
            assertThat(Arrays.equals(got, Arrays.copyOfRange(noise, 1_000, 2_901_001)))
                    .isTrue();
            Eventually.await("the body is closed", () -> closed.get() == 1);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"OPENSSL", "JDK"})
    void aSlowReaderHoldsABoundedPartOfAnEndlessBody(Engine engine) throws Exception {
        AtomicInteger written = new AtomicInteger();
        Application application = Apps.of(() -> Body.stream(out -> {
            byte[] piece = new byte[16 * 1024];
            while (true) {
                out.write(piece);
                written.addAndGet(piece.length);
            }
        }));
        try (Server server = start(Setup.DEFAULT, application, tls(engine));
                SSLSocket socket = socket(server, authority.client(), "localhost")) {
            socket.setReceiveBufferSize(8 * 1024);
            send(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(socket.getInputStream().readNBytes(100_000)).hasSize(100_000);
            int[] last = {-1};
            Eventually.await("the application waits", () -> {
                int before = last[0];
                last[0] = written.get();
                Thread.sleep(50);
                return last[0] == before && written.get() == before;
            });
            assertThat(written.get()).isLessThan(16_000_000);
        }
    }

    // ---- certificates

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
        try (Server server = start(Setup.DEFAULT, Apps.LINE, tls)) {
            for (Map.Entry<String, String> each : expected.entrySet()) {
                assertThat(subject(server, each.getKey())).as(each.getKey()).isEqualTo(each.getValue());
            }
        }
    }

    private static String subject(Server server, String name) throws Exception {
        try (SSLSocket socket = socket(server, authority.client(), name)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS#1", "SEC 1", "one file"})
    void olderFormsOfKeysAreRead(String form) throws Exception {
        boolean rsa = form.equals("PKCS#1");
        Issued issued = authority.issue(
                "old" + form.hashCode(), "/CN=old", "DNS:localhost", rsa ? "RSA" : "EC");
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
        try (Server server = start(Setup.DEFAULT, Apps.LINE, TlsOptions.of(chain, key));
                HttpClient client = client(authority.client())) {
            assertThat(client.send(request(server, "/a").build(), BodyHandlers.ofString())
                            .body())
                    .isEqualTo("GET /a");
        }
    }

    @Test
    void whatMakesNoSenseIsToldAtTheStart() throws Exception {
        Issued other = authority.issue("other", "DNS:other");
        Path missing = directory.resolve("missing.crt");
        Path broken = Files.writeString(
                directory.resolve("broken.crt"),
                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
        Path encrypted = directory.resolve("encrypted.key");
        CertificateAuthority.openssl(
                directory,
                List.of(
                        "pkcs8", "-topk8", "-in", other.key().toString(), "-out", encrypted.toString(), "-passout",
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
        assertThatThrownBy(() -> start(Setup.DEFAULT, Apps.LINE, tls).close())
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
        try (Server server = start(Setup.DEFAULT, Apps.LINE, tls);
                ExecutorService clients = Executors.newFixedThreadPool(8)) {
            List<Future<Integer>> counts = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                counts.add(clients.submit(() -> requests(server, each, halfway)));
            }
            assertThat(halfway.await(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            replace(next, chain, key);
            server.reloadCertificates();
            assertThat(subject(server, "localhost")).isEqualTo("CN=next");
            for (Future<Integer> count : counts) {
                assertThat(count.get()).isEqualTo(each);
            }
            // A wrong pair changes nothing.
            Files.copy(localhost.key(), key, StandardCopyOption.REPLACE_EXISTING);
            assertThatThrownBy(server::reloadCertificates).hasMessageContaining("the key is not that of the certificate");
            assertThat(subject(server, "localhost")).isEqualTo("CN=next");
        }
    }

    // Half of them on new connections.
    private static int requests(Server server, int count, CountDownLatch sent) throws Exception {
        int answered = 0;
        SSLContext trust = authority.client();
        while (answered < count) {
            try (SSLSocket socket = socket(server, trust, "localhost")) {
                for (int i = 0; i < 2 && answered < count; i++) {
                    send(socket, "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n");
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
        try (Server server = start(Setup.DEFAULT, Apps.LINE, TlsOptions.of(chain, key))) {
            assertThat(subject(server, "localhost")).isEqualTo("CN=localhost");
            replace(next, chain, key);
            Eventually.await("the new certificate", () -> subject(server, "localhost").equals("CN=found"));
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
                        "ocsp", "-index", index.toString(), "-CA", authority.certificate().toString(), "-rsigner",
                        authority.certificate().toString(), "-rkey", directory.resolve("ca.key").toString(), "-issuer",
                        authority.certificate().toString(), "-cert", issued.chain().toString(), "-respout",
                        response.toString(), "-ndays", "3"));
        try (Server server = start(Setup.DEFAULT, Apps.LINE, TlsOptions.of(issued.chain(), issued.key()))) {
            assertThat(CertificateAuthority.openssl(
                            directory,
                            List.of(
                                    "s_client",
                                    "-connect",
                                    "127.0.0.1:" + address(server).getPort(),
                                    "-servername",
                                    "localhost",
                                    "-status")))
                    .contains("OCSP Response Status: successful");
        }
    }

    // ---- clients' certificates

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
            return Body.text(FACTS.stream()
                    .map(name -> name + "=" + environ.get(name))
                    .collect(Collectors.joining("\n")));
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
            try (Server server = start(Setup.DEFAULT, application, tls);
                    Nginx _ = Nginx.start(
                            directory,
                            "listen 127.0.0.1:%d ssl; ssl_protocols TLSv1.2 TLSv1.3;".formatted(port),
                            "ssl_certificate %s; ssl_certificate_key %s;".formatted(localhost.chain(), localhost.key()),
                            "ssl_client_certificate %s; ssl_verify_client optional;"
                                    .formatted(authority.certificate()),
                            "location / { return 200 '%s'; }".formatted(lines));
                    HttpClient client = client(trust)) {
                String theirs = client.send(
                                HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"))
                                        .build(),
                                BodyHandlers.ofString())
                        .body();
                String ours = client.send(request(server, "/").build(), BodyHandlers.ofString())
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
                    Server server = start(Setup.DEFAULT, application, tls)) {
                Callable<String> without = () -> answer(server, authority.client());
                if (asked == ClientCertificates.OPTIONAL) {
                    assertThat(without.call()).endsWith("NONE null");
                } else {
                    assertThatThrownBy(without::call).isInstanceOf(IOException.class);
                    log.await("tls: the handshake failed");
                }
                assertThatThrownBy(() -> answer(server, trusting(untrusted, foreign)))
                        .isInstanceOf(IOException.class);
            }
        }
    }

    // Sends its own certificate whatever authorities the server names.
    private static SSLContext trusting(Issued own, CertificateAuthority its) throws Exception {
        return its.clientTrusting(own, authority.certificate());
    }

    private static String answer(Server server, SSLContext trust) throws IOException {
        try (SSLSocket socket = socket(server, trust, "localhost")) {
            send(socket, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    // ---- the ends

    @Test
    void plainHttpIsToldSo() throws Exception {
        try (Server server = start(Setup.DEFAULT, Apps.LINE, tls(Engine.AUTO));
                HttpPeer peer = Peers.http(server)) {
            assertThat(peer.get("/").rest()).startsWith("HTTP/1.1 400 Bad Request").contains("a port for HTTPS");
        }
    }

    @Test
    void otherBytesEndTheConnectionWithALine() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = start(Setup.DEFAULT, Apps.LINE, tls(Engine.AUTO));
                HttpPeer peer = Peers.http(server)) {
            assertThat(peer.send("\0\1\2\3").rest()).isEmpty();
            log.await("tls: the client's first bytes are no TLS");
        }
    }

    @Test
    void aHandshakeThatIsNotCompletedEndsInTime() throws Exception {
        Limits limits = Limits.builder().headerTimeout(Duration.ofMillis(200)).build();
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = start(Setup.DEFAULT, Apps.LINE, tls(Engine.AUTO), limits);
                HttpPeer silent = Peers.http(server);
                HttpPeer begun = Peers.http(server)) {
            begun.send("\26\3\1\2\0\1");
            assertThat(silent.rest()).isEmpty();
            assertThat(begun.rest()).isEmpty();
            Eventually.await("two lines", () -> log.with("tls: no complete handshake within 200 ms (headerTimeout)")
                            .size()
                    == 2);
        }
    }

    @Test
    void aStopEndsHandshakes() throws Exception {
        Server server = start(Setup.DEFAULT, Apps.LINE, tls(Engine.AUTO));
        try (HttpPeer silent = Peers.http(server)) {
            silent.send("\26");
            assertThat(server.stop(LIMIT)).isTrue();
            assertThat(silent.rest()).isEmpty();
        } finally {
            server.close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"OPENSSL", "JDK"})
    void aResponseThatIsCutOffDoesNotSeemComplete(Engine engine) throws Exception {
        Application application = Apps.of(() -> Body.stream(out -> {
            out.write("begun");
            throw new IOException("on purpose");
        }));
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = start(Setup.DEFAULT, application, tls(engine));
                SSLSocket socket = socket(server, authority.client(), "localhost")) {
            // To HTTP/1.0 the length is told by the connection's end.
            send(socket, "GET / HTTP/1.0\r\n\r\n");
            assertThatThrownBy(() -> socket.getInputStream().readAllBytes()).isInstanceOf(IOException.class);
            log.await("on purpose");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"OPENSSL", "JDK"})
    void aClientThatDisconnectsIsNoticed(Engine engine) throws Exception {
        CompletableFuture<Optional<Throwable>> noticed = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        Application application = Apps.of(() -> Body.stream(out -> {
            try {
                while (true) {
                    out.write("tick");
                            begun.countDown();
                    Loop.sleep(Duration.ofMillis(10));
                }
            } catch (IOException e) {
                noticed.complete(Optional.of(e));
                throw e;
            }
        }));
        try (Server server = start(Setup.DEFAULT, application, tls(engine))) {
            SSLSocket socket = socket(server, authority.client(), "localhost");
            send(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            begun.await();
            socket.close();
            assertThat(noticed.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1", "-tls1_1", "-tls1_2 -cipher AES128-SHA", "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA"})
    void weakVersionsAndCiphersAreRefused(String offer) throws Exception {
        for (Engine engine : List.of(Engine.OPENSSL, Engine.JDK)) {
            try (Server server = start(Setup.DEFAULT, Apps.LINE, tls(engine))) {
                List<String> command = new ArrayList<>(List.of(
                        "s_client", "-connect", "127.0.0.1:" + address(server).getPort(), "-cipher", "ALL:@SECLEVEL=0"));
                command.addAll(List.of(offer.split(" ")));
                assertThatThrownBy(() -> CertificateAuthority.openssl(directory, command))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("alert");
            }
        }
    }

    @Test
    void aHandshakeThatFailsInTheMiddleLeavesNothing() throws Exception {
        try (Server server = start(Setup.DEFAULT, Apps.LINE, tls(Engine.AUTO))) {
            for (int i = 0; i < 50; i++) {
                // The client trusts nobody.
                assertThatThrownBy(() -> answer(server, SSLContext.getDefault())).isInstanceOf(SSLException.class);
            }
            Eventually.await(
                    "no connection", () -> server.snapshot().loops().getFirst().connections() == 0);
        }
    }
}
