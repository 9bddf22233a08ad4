package dev.loomgate.server.packet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.peers.Apache;
import dev.loomgate.testkit.peers.Nginx;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real front ends before listeners of the protocols that bring CGI variables: nginx by `uwsgi_pass`, `scgi_pass` and
/// `fastcgi_pass` (a connection for each request, and kept ones), Apache by mod_proxy_uwsgi, mod_proxy_scgi and
/// mod_proxy_fcgi. The application is at `/NAME/` of each.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
final class FrontEndsTest {
    private static final String NGINX = "nginx-";
    private static final byte[] BLOCK = new byte[1 << 20];
    private static final int BLOCKS = 100;

    static {
        for (int i = 0; i < BLOCK.length; i++) {
            BLOCK[i] = (byte) ((i * 31) >> 4);
        }
    }

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final LogLines log = LogLines.of("dev.loomgate.server");
    private Server server;
    private Nginx nginx;
    private Apache apache;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = Server.builder(this::answer)
                .listen(ListenAddress.uwsgi("127.0.0.1:0"))
                .listen(ListenAddress.scgi("127.0.0.1:0"))
                .listen(ListenAddress.fastcgi("127.0.0.1:0"))
                .options(ServerOptions.builder()
                        .loops(2)
                        .limits(Limits.builder().maxHeaderBytes(8192).build())
                        .accessLogTo(OutputStream.nullOutputStream())
                        .build())
                .start();
        List<String> at =
                server.addresses().stream().map(ListenAddress::toString).toList();
        nginx = Nginx.start(
                directory,
                "client_max_body_size 200m; client_header_buffer_size 16k; large_client_header_buffers 4 32k;",
                Nginx.uwsgiPass("/uwsgi/", at.get(0), "uwsgi_param SCRIPT_NAME /uwsgi; uwsgi_modifier1 30;"),
                Nginx.scgiPass("/scgi/", at.get(1), "scgi_param SCRIPT_NAME /scgi;"),
                Nginx.fastcgiPass("/fastcgi/", at.get(2), "fastcgi_param SCRIPT_NAME /fastcgi;"),
                Nginx.fastcgiPass(
                        "/fastcgi-kept/",
                        at.get(2),
                        "fastcgi_param SCRIPT_NAME /fastcgi-kept; fastcgi_keep_conn on; fastcgi_request_buffering off;"
                                + " fastcgi_buffering off;"));
        apache = Apache.start(
                directory,
                "ProxyTimeout 60",
                "LimitRequestFieldSize 32000",
                "ProxyPass /uwsgi/ uwsgi://" + at.get(0) + "/",
                "ProxyPass /scgi/ scgi://" + at.get(1) + "/",
                "ProxyPass /fastcgi/ fcgi://" + at.get(2) + "/",
                "ProxyPass /fastcgi-kept/ fcgi://" + at.get(2) + "/ enablereuse=on");
    }

    @AfterAll
    void stop() {
        apache.close();
        nginx.close();
        server.close();
        http.close();
        log.close();
    }

    private Body answer(Environ environ, StartResponse start) throws Exception {
        Headers headers = Headers.of("Content-Type", "text/plain");
        switch (environ.path()) {
            case "/environ" -> {
                start.start(Status.OK, headers);
                StringBuilder all = new StringBuilder();
                environ.forEach((key, value) ->
                        all.append(key).append('=').append(value).append('\n'));
                return Body.text(all.toString());
            }
            case "/echo" -> {
                start.start(Status.OK, headers);
                return Body.bytes(environ.input().readAllBytes());
            }
            case "/sum" -> {
                CRC32 sum = new CRC32();
                long count = 0;
                byte[] some = new byte[16384];
                InputStream in = environ.input();
                for (int read = in.read(some); read >= 0; read = in.read(some)) {
                    sum.update(some, 0, read);
                    count += read;
                }
                start.start(Status.OK, headers);
                return Body.text(count + " " + sum.getValue());
            }
            case "/blocks" -> {
                start.start(Status.OK, headers);
                return Body.stream(out -> {
                    for (int i = 0; i < BLOCKS; i++) {
                        out.write(ByteBuffer.wrap(BLOCK));
                    }
                });
            }
            case "/created" -> {
                start.start(
                        Status.of(201), headers.add("X-A", "1").add("X-A", "2").add("Set-Cookie", "a=b"));
                return Body.text("created");
            }
            case "/none" -> {
                start.start(Status.of(204), new Headers());
                return Body.bytes(new byte[0]);
            }
            case "/broken" -> {
                start.start(Status.OK, headers.add("Content-Length", "1000"));
                return Body.stream(out -> {
                    out.write(ByteBuffer.wrap(new byte[10]));
                    throw new IOException("no such luck");
                });
            }
            case "/fail" -> throw new IllegalStateException("no such luck");
            default -> {
                start.start(Status.OK, headers);
                return Body.text(environ.scriptName() + "|" + environ.path() + "|" + environ.queryString());
            }
        }
    }

    private URI uri(String through, String target) {
        String mount = "/" + through.replaceFirst("^[a-z]+-", "");
        return through.startsWith(NGINX) ? nginx.uri(mount + target) : apache.uri(mount + target);
    }

    private HttpResponse<String> get(String through, String target, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(through, target)).timeout(Duration.ofSeconds(60));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nginx-uwsgi",
                "nginx-scgi",
                "nginx-fastcgi",
                "nginx-fastcgi-kept",
                "apache-uwsgi",
                "apache-scgi",
                "apache-fastcgi",
                "apache-fastcgi-kept"
            })
    void pathIsBelowTheMount(String through) throws Exception {
        String mount = "/" + through.replaceFirst("^[a-z]+-", "");
        assertThat(get(through, "/user?x=1").body()).isEqualTo(mount + "|/user|x=1");
        assertThat(get(through, "/caf%C3%A9/a%20b").body()).isEqualTo(mount + "|/café/a b|");
        // mod_proxy_uwsgi says of its mount's root that both parts have the slash; a uWSGI behind it sees the same.
        String root = through.equals("apache-uwsgi") ? mount + "/" : mount;
        assertThat(get(through, "/").body()).isEqualTo(root + "|/|");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nginx-uwsgi",
                "nginx-scgi",
                "nginx-fastcgi",
                "nginx-fastcgi-kept",
                "apache-uwsgi",
                "apache-scgi",
                "apache-fastcgi",
                "apache-fastcgi-kept"
            })
    void environSaysWhatTheClientSent(String through) throws Exception {
        String all = get(through, "/environ?a=%20b", "X-Some", "thing", "Accept", "text/x")
                .body();
        assertThat(all.lines())
                .contains(
                        "REQUEST_METHOD=GET",
                        "QUERY_STRING=a=%20b",
                        "SERVER_PROTOCOL=HTTP/1.1",
                        "wsgi.url_scheme=http",
                        "REMOTE_ADDR=127.0.0.1",
                        "HTTP_X_SOME=thing",
                        "HTTP_ACCEPT=text/x",
                        "SERVER_PORT=" + uri(through, "/").getPort());
        assertThat(all.lines().filter(line -> line.startsWith("REQUEST_URI=")))
                .containsExactly(
                        "REQUEST_URI=" + uri(through, "/environ?a=%20b").getRawPath() + "?a=%20b");
        assertThat(all).contains("REMOTE_PORT=").doesNotContain("CONTENT_LENGTH=1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nginx-uwsgi",
                "nginx-scgi",
                "nginx-fastcgi",
                "nginx-fastcgi-kept",
                "apache-uwsgi",
                "apache-scgi",
                "apache-fastcgi",
                "apache-fastcgi-kept"
            })
    void statusAndHeadersArriveAsTheyWereSent(String through) throws Exception {
        HttpResponse<String> created = get(through, "/created");
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(String.join(", ", created.headers().allValues("X-A"))).isEqualTo("1, 2");
        assertThat(created.headers().firstValue("Set-Cookie")).hasValue("a=b");
        assertThat(created.headers().firstValue("Status")).isEmpty();
        assertThat(created.body()).isEqualTo("created");
        assertThat(get(through, "/none").statusCode()).isEqualTo(204);
        assertThat(get(through, "/fail").statusCode()).isEqualTo(500);
        HttpResponse<String> head = http.send(
                HttpRequest.newBuilder(uri(through, "/created")).HEAD().build(), BodyHandlers.ofString());
        assertThat(head.statusCode()).isEqualTo(201);
        assertThat(head.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nginx-uwsgi",
                "nginx-scgi",
                "nginx-fastcgi",
                "nginx-fastcgi-kept",
                "apache-uwsgi",
                "apache-scgi",
                "apache-fastcgi",
                "apache-fastcgi-kept"
            })
    void bigHeadIs431(String through) throws Exception {
        assertThat(get(through, "/", "X-Big", "x".repeat(9000)).statusCode()).isEqualTo(431);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nginx-uwsgi",
                "nginx-scgi",
                "nginx-fastcgi",
                "nginx-fastcgi-kept",
                "apache-uwsgi",
                "apache-scgi",
                "apache-fastcgi",
                "apache-fastcgi-kept"
            })
    void aHundredMegabytesGoBothWays(String through) throws Exception {
        List<ByteBuffer> blocks =
                IntStream.range(0, BLOCKS).mapToObj(i -> ByteBuffer.wrap(BLOCK)).toList();
        CRC32 sum = new CRC32();
        blocks.forEach(block -> sum.update(block.duplicate()));
        HttpResponse<String> up = http.send(
                HttpRequest.newBuilder(uri(through, "/sum"))
                        .POST(BodyPublishers.fromPublisher(
                                BodyPublishers.ofByteArrays(
                                        blocks.stream().map(ByteBuffer::array).toList()),
                                (long) BLOCKS * BLOCK.length))
                        .build(),
                BodyHandlers.ofString());
        String expected = (long) BLOCKS * BLOCK.length + " " + sum.getValue();
        assertThat(up.body()).isEqualTo(expected);
        HttpResponse<InputStream> down =
                http.send(HttpRequest.newBuilder(uri(through, "/blocks")).build(), BodyHandlers.ofInputStream());
        CRC32 received = new CRC32();
        long count = 0;
        byte[] some = new byte[65536];
        try (InputStream in = down.body()) {
            for (int read = in.read(some); read >= 0; read = in.read(some)) {
                received.update(some, 0, read);
                count += read;
            }
        }
        assertThat(count + " " + received.getValue()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nginx-uwsgi", "nginx-scgi", "nginx-fastcgi", "nginx-fastcgi-kept", "apache-fastcgi"})
    void bodyOfUnknownLengthArrives(String through) throws Exception {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(uri(through, "/echo"))
                        .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString("hello".repeat(1000))))
                        .build(),
                BodyHandlers.ofString());
        assertThat(response.body()).isEqualTo("hello".repeat(1000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nginx-uwsgi",
                "nginx-scgi",
                "nginx-fastcgi",
                "nginx-fastcgi-kept",
                "apache-uwsgi",
                "apache-scgi",
                "apache-fastcgi",
                "apache-fastcgi-kept"
            })
    void manyAtOnceGetTheirOwn(String through) {
        List<CompletableFuture<Map.Entry<String, String>>> all = IntStream.range(0, 200)
                .mapToObj(i -> http.sendAsync(
                                HttpRequest.newBuilder(uri(through, "/echo"))
                                        .POST(BodyPublishers.ofString("body " + i + "x".repeat(i * 50)))
                                        .build(),
                                BodyHandlers.ofString())
                        .thenApply(response -> Map.entry("body " + i + "x".repeat(i * 50), response.body())))
                .toList();
        all.forEach(
                each -> assertThat(each.join().getValue()).isEqualTo(each.join().getKey()));
    }

    /// Without Apache: mod_proxy_uwsgi and mod_proxy_scgi take any end for the right one, and after mod_proxy_fcgi the
    /// client's connection stays open until Apache's KeepAliveTimeout.
    @ParameterizedTest
    @ValueSource(strings = {"nginx-uwsgi", "nginx-scgi", "nginx-fastcgi", "nginx-fastcgi-kept"})
    void responseThatIsBrokenOffIsSeenByTheClient(String through) {
        assertThat(CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                HttpResponse<String> response = get(through, "/broken");
                                return response.statusCode() + " "
                                        + response.body().length();
                            } catch (Exception e) {
                                return e.toString();
                            }
                        },
                        Thread::startVirtualThread))
                .succeedsWithin(Duration.ofSeconds(40))
                .satisfies(result -> assertThat(result).doesNotStartWith("200").doesNotContain("Timeout"));
    }
}
