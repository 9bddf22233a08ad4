package dev.loomgate.server.packet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.ServerSnapshot;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.ScgiMessage;
import dev.loomgate.testkit.peers.Nginx;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The cases of nginx's own tests of its modules (`uwsgi.t`, `uwsgi_body.t`, `scgi.t`, `scgi_body.t`,
/// `scgi_request_buffering.t`, `fastcgi.t`, `fastcgi_body.t`, `fastcgi_keepalive.t`, `fastcgi_request_buffering.t`,
/// `fastcgi_request_buffering_chunked.t`, `fastcgi_unix.t`), with their configurations, on our listeners in place of
/// their daemons. What these look at in nginx alone (its cache, its buffers) isn't here.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class NginxCasesTest {
    private Server server;
    private Nginx nginx;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        Path unix = directory.resolve("unix");
        server = Server.builder(NginxCasesTest::answer)
                .listen(ListenAddress.uwsgi("127.0.0.1:0"))
                .listen(ListenAddress.scgi("127.0.0.1:0"))
                .listen(ListenAddress.fastcgi("127.0.0.1:0"))
                .listen(ListenAddress.fastcgi(unix.toString()))
                .options(ServerOptions.builder()
                        .loops(1)
                        .accessLogTo(OutputStream.nullOutputStream())
                        .build())
                .start();
        List<String> at =
                server.addresses().stream().map(ListenAddress::toString).toList();
        String fastcgi = "fastcgi_param REQUEST_URI $request_uri; fastcgi_param REQUEST_METHOD $request_method;"
                + " fastcgi_param CONTENT_LENGTH $content_length;";
        nginx = Nginx.start(
                directory,
                "location /uwsgi { uwsgi_pass %s; uwsgi_param REQUEST_URI $request_uri;".formatted(at.get(0))
                        + " uwsgi_param CONTENT_LENGTH $content_length if_not_empty; }",
                "location /scgi { scgi_pass %s; scgi_param SCGI 1; scgi_param REQUEST_URI $request_uri;"
                                .formatted(at.get(1))
                        + " scgi_param HTTP_X_BLAH blah; }",
                "location /scgi-unbuffered { scgi_pass %s; scgi_param SCGI 1; scgi_param REQUEST_URI $request_uri;"
                                .formatted(at.get(1))
                        + " scgi_request_buffering off; }",
                "location /fastcgi { fastcgi_pass %s; %s }".formatted(at.get(2), fastcgi),
                "location /fastcgi-unix { fastcgi_pass unix:%s; %s }".formatted(unix, fastcgi),
                "location /fastcgi-unbuffered { fastcgi_pass %s; %s fastcgi_request_buffering off; }"
                        .formatted(at.get(2), fastcgi),
                "location /fastcgi-keepalive { fastcgi_pass kept; %s fastcgi_keep_conn on; }".formatted(fastcgi),
                "} upstream kept { server %s; keepalive 1; } server { listen 127.0.0.1:%d;"
                        .formatted(at.get(2), Nginx.freePort()));
    }

    @AfterAll
    void stop() {
        nginx.close();
        server.close();
    }

    private static Body answer(Environ environ, StartResponse start) throws Exception {
        String body = new String(environ.input().readAllBytes(), StandardCharsets.ISO_8859_1);
        Headers headers = Headers.of("Content-Type", "text/html")
                .add("X-Body", body)
                .add("X-Seen-Forwarded-For", environ.text("HTTP_X_FORWARDED_FOR", "-"))
                .add("X-Seen-Cookie", environ.text("HTTP_COOKIE", "-"))
                .add("X-Seen-Foo", environ.text("HTTP_FOO", "-"))
                .add("X-Seen-Blah", environ.text("HTTP_X_BLAH", "-"));
        if (environ.requestUri().contains("redir")) {
            headers.add("Location", "http://localhost/redirect");
            start.start(Status.of(302), headers);
        } else {
            start.start(Status.OK, headers);
        }
        return Body.text("SEE-THIS\n" + environ.requestUri() + "\n");
    }

    private String http(String request) throws Exception {
        try (RawClient client =
                RawClient.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), nginx.port()))) {
            return client.send(request).receiveText();
        }
    }

    private String get(String target, String... headers) throws Exception {
        return http("GET " + target + " HTTP/1.0\r\nHost: localhost\r\n" + String.join("", headers) + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "uwsgi",
                "scgi",
                "scgi-unbuffered",
                "fastcgi",
                "fastcgi-unix",
                "fastcgi-unbuffered",
                "fastcgi-keepalive"
            })
    void requestsAreAnswered(String location) throws Exception {
        assertThat(get("/" + location)).startsWith("HTTP/1.1 200 ").contains("SEE-THIS\n/" + location + "\n");
        assertThat(get("/" + location + "/redir"))
                .startsWith("HTTP/1.1 302 ")
                .contains("Location: http://localhost/redirect");
        assertThat(http("HEAD /" + location + " HTTP/1.0\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .doesNotContain("SEE-THIS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"uwsgi", "scgi", "fastcgi"})
    void fieldsThatAreRepeatedAreJoined(String location) throws Exception {
        assertThat(get(
                        "/" + location,
                        "X-Forwarded-For: foo\r\nX-Forwarded-For: bar\r\nX-Forwarded-For: bazz\r\n",
                        "Cookie: foo\r\nCookie: bar\r\nCookie: bazz\r\n",
                        "Foo: foo\r\nFoo: bar\r\nFoo: bazz\r\n"))
                .contains("X-Seen-Forwarded-For: foo, bar, bazz\r\n")
                .contains("X-Seen-Cookie: foo; bar; bazz\r\n")
                .contains("X-Seen-Foo: foo, bar, bazz\r\n");
    }

    @Test
    void fieldsThatAParameterReplacesAreIgnored() throws Exception {
        assertThat(get("/scgi", "X-Blah: ignored header\r\n".repeat(19))).contains("X-Seen-Blah: blah\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "uwsgi",
                "scgi",
                "scgi-unbuffered",
                "fastcgi",
                "fastcgi-unix",
                "fastcgi-unbuffered",
                "fastcgi-keepalive"
            })
    void bodiesOfAllKindsArrive(String location) throws Exception {
        assertThat(get("/" + location)).contains("X-Body: \r\n");
        assertThat(length(location, "")).contains("X-Body: \r\n");
        assertThat(length(location, "foobar")).contains("X-Body: foobar\r\n");
        assertThat(chunked(location, "foobar")).contains("X-Body: foobar\r\n");
        assertThat(chunked(location, "")).contains("X-Body: \r\n");
        String longer = "0123456789".repeat(300);
        assertThat(length(location, longer)).contains("X-Body: " + longer + "\r\n");
    }

    private String length(String location, String body) throws Exception {
        return http("GET /" + location + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body);
    }

    private String chunked(String location, String body) throws Exception {
        String chunks = body.isEmpty() ? "" : Integer.toHexString(body.length()) + "\r\n" + body + "\r\n";
        return http("GET /" + location + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n");
    }

    /// `fastcgi_request_buffering.t`: nginx passes on what has come of a body before the rest is there.
    @ParameterizedTest
    @ValueSource(strings = {"fastcgi-unbuffered"})
    void bodyMayComeInPieces(String location) throws Exception {
        try (RawClient client =
                RawClient.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), nginx.port()))) {
            client.send("GET /" + location + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Content-Length: 10\r\n\r\n01234");
            Eventually.await("the request runs", () -> running() == 1);
            client.send("56789");
            assertThat(client.receiveText()).contains("X-Body: 0123456789\r\n");
        }
    }

    @Test
    void bodyMayComeInPiecesByScgiAlone() throws Exception {
        byte[] request = ScgiMessage.request("POST", "/", "0123456789").bytes();
        try (RawClient client = RawClient.connect(server.addresses().get(1).socketAddress())) {
            client.send(Arrays.copyOf(request, request.length - 5));
            Eventually.await("the request runs", () -> running() == 1);
            client.send("56789");
            assertThat(client.receiveText()).contains("X-Body: 0123456789\r\n");
        }
    }

    private int running() {
        return server.snapshot().loops().stream()
                .mapToInt(loop -> loop.running().size())
                .sum();
    }

    @Test
    void oneConnectionIsKept() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(get("/fastcgi-keepalive/" + i)).contains("SEE-THIS\n/fastcgi-keepalive/" + i + "\n");
        }
        Eventually.await("one connection", () -> connections() == 1);
    }

    private int connections() {
        return server.snapshot().loops().stream()
                .mapToInt(ServerSnapshot.Loop::connections)
                .sum();
    }
}
