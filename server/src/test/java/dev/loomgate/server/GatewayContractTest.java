package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.gateway.specification.LintException;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The server keeps the gateway's specification: an application behind [Lint] is asked for every kind of body,
/// over both protocols and on every engine, and nothing is found.
final class GatewayContractTest {
    private static final List<String> KINDS = List.of("bytes", "text", "chunks", "file", "stream");
    private static final String CONTENT = "hello";

    private final List<LintException> found = new CopyOnWriteArrayList<>();
    private final Lint lint = new Lint(found::add);
    private final CountDownLatch clientGone = new CountDownLatch(1);
    private final Path socket;
    private final Path file;

    GatewayContractTest(@TempDir Path directory) throws IOException {
        socket = directory.resolve("socket");
        file = Files.writeString(directory.resolve("file"), CONTENT);
    }

    /// Answers by its path, as [Lint] allows.
    private final class Answers implements Application, Lifecycle {
        @Override
        public Body call(Environ environ, StartResponse startResponse) throws Exception {
            String kind = environ.path().substring(1);
            Headers headers = Headers.of("Content-Type", "text/plain");
            switch (kind) {
                case "throw" -> throw new IllegalStateException("the test's own failure");
                case "none" -> startResponse.start(Status.NO_CONTENT, new Headers());
                case "long", "late", "replaced" -> startResponse.start(Status.OK, headers);
                default -> startResponse.start(Status.OK, headers.set("Content-Length", "" + CONTENT.length()));
            }
            return switch (kind) {
                case "none" -> Body.empty();
                case "chunks" ->
                    Body.chunks(List.of("hel".getBytes(StandardCharsets.US_ASCII), new byte[0], bytes("lo")));
                case "file" -> Body.file(file);
                case "stream" ->
                    Body.stream(writer -> {
                        writer.write("hel");
                        writer.write("lo");
                    });
                case "echo" -> Body.bytes(environ.input().readAllBytes());
                case "long" ->
                    Body.stream(writer -> {
                                while (true) {
                                    writer.write(new byte[8192]);
                                }
                            })
                            .onClose(clientGone::countDown);
                case "late" ->
                    Body.stream(writer -> {
                        writer.write(CONTENT);
                        startResponse.start(Status.INTERNAL_SERVER_ERROR, new Headers(), new IOException("too late"));
                    });
                case "replaced" ->
                    Body.stream(writer -> {
                        startResponse.start(
                                Status.of(503), Headers.of("Content-Type", "text/plain"), new IOException("in time"));
                        writer.write(CONTENT);
                    });
                case "text" -> Body.text(CONTENT);
                default -> Body.bytes(bytes(CONTENT));
            };
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @AfterEach
    void nothingIsFoundAndNothingIsOpen() {
        lint.checkAllClosed();
        assertThat(found).isEmpty();
    }

    private Server start(Engine engine) throws ServerStartException {
        return Server.builder(lint.wrap(new Answers()))
                .listen(ListenAddress.http("127.0.0.1:0"))
                .listen(ListenAddress.uwsgi(socket.toString()))
                .options(ServerOptions.builder()
                        .loops(2)
                        .engine(engine)
                        .accessLog(false)
                        .build())
                .start();
    }

    @ParameterizedTest
    @EnumSource
    void everyKindOfBodyOverHttp(Engine engine) throws Exception {
        try (Server server = start(engine)) {
            for (String kind : KINDS) {
                assertThat(http(server, "GET /" + kind + " HTTP/1.1", "")).endsWith("\r\n\r\n" + CONTENT);
                assertThat(http(server, "HEAD /" + kind + " HTTP/1.1", ""))
                        .contains("ontent-Length: 5\r\n")
                        .endsWith("\r\n\r\n");
            }
            assertThat(http(server, "GET /none HTTP/1.1", "")).startsWith("HTTP/1.1 204 ");
            assertThat(http(server, "GET /throw HTTP/1.1", "")).startsWith("HTTP/1.1 500 ");
            assertThat(http(server, "GET /late HTTP/1.1", "")).startsWith("HTTP/1.1 200 ");
            assertThat(http(server, "GET /replaced HTTP/1.1", "")).startsWith("HTTP/1.1 503 ");
            assertThat(server.stop(Duration.ofSeconds(20))).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void inputOverHttp(Engine engine) throws Exception {
        try (Server server = start(engine)) {
            assertThat(http(server, "POST /echo HTTP/1.1\r\nContent-Length: 5", CONTENT))
                    .endsWith(CONTENT);
            assertThat(http(server, "POST /text HTTP/1.1\r\nContent-Length: 5", CONTENT))
                    .endsWith(CONTENT);
            assertThat(http(
                            server,
                            "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked",
                            "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"))
                    .endsWith(CONTENT);
            assertThat(http(server, "GET /text?a=b HTTP/1.0", "")).endsWith(CONTENT);
            assertThat(server.stop(Duration.ofSeconds(20))).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyKindOfBodyOverUwsgi(Engine engine) throws Exception {
        try (Server server = start(engine)) {
            for (String kind : KINDS) {
                assertThat(uwsgi(UwsgiPacket.request("GET", "/" + kind))).endsWith("\r\n\r\n" + CONTENT);
                assertThat(uwsgi(UwsgiPacket.request("HEAD", "/" + kind))).endsWith("\r\n\r\n");
            }
            assertThat(uwsgi(UwsgiPacket.request("POST", "/echo").body(CONTENT)))
                    .endsWith(CONTENT);
            assertThat(uwsgi(UwsgiPacket.request("GET", "/throw"))).contains(" 500 ");
            assertThat(uwsgi(UwsgiPacket.request("GET", "/replaced"))).contains(" 503 ");
            assertThat(server.stop(Duration.ofSeconds(20))).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatGoes(Engine engine) throws Exception {
        try (Server server = start(engine)) {
            try (RawClient client = RawClient.connect(UnixDomainSocketAddress.of(socket))) {
                client.send(UwsgiPacket.request("GET", "/long").bytes()).receive(1);
            }
            assertThat(clientGone.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(server.stop(Duration.ofSeconds(20))).isTrue();
        }
    }

    private static String http(Server server, String head, String body) throws IOException {
        ListenAddress.Place.Tcp place =
                (ListenAddress.Place.Tcp) server.addresses().getFirst().place();
        try (RawClient client =
                RawClient.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), place.port()))) {
            return client.send(head + "\r\nHost: localhost\r\nConnection: close\r\n\r\n" + body)
                    .receiveText();
        }
    }

    private String uwsgi(UwsgiPacket packet) throws IOException {
        try (RawClient client = RawClient.connect(UnixDomainSocketAddress.of(socket))) {
            return client.send(packet.bytes()).receiveText();
        }
    }
}
