package dev.loomgate.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.LocalServer;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.RawClient;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Servlets on a real server, asked over sockets.
@Timeout(60)
class ServletApplicationTest {
    private static final long MOST_ON_THE_WAY = 16L * Site.MEGABYTE;

    private final Site site = new Site();
    private final HttpClient client =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    private LocalServer server;

    @BeforeEach
    void serve() throws Exception {
        server = LocalServer.serve(ServletApplication.of(site.context));
    }

    @AfterEach
    void end() {
        client.shutdownNow();
        server.close();
    }

    @Test
    void aServletSeesTheRequestAndRunsInAMicrothread() throws Exception {
        HttpResponse<String> answer = client.send(
                to("/site/echo/a%20b?q=%C3%A9").header("X-Asked", "yes").build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("GET /site /echo /a b é yes 127.0.0.1 http");
        assertThat(answer.headers().firstValue("X-Filter")).contains("seen");
        assertThat(get("/site/thread").body()).isEqualTo("true");
    }

    @Test
    void headHasTheLengthAndNoContent() throws Exception {
        HttpResponse<String> answer = client.send(
                to("/site/part").method("HEAD", BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Length")).contains("4");
        assertThat(get("/site/empty").statusCode()).isEqualTo(204);
    }

    @Test
    void aPathOfNoContextIs404() throws Exception {
        assertThat(get("/elsewhere").statusCode()).isEqualTo(404);
    }

    @Test
    void aSessionLastsAndItsIdChanges() throws Exception {
        HttpResponse<String> first = get("/site/session");
        assertThat(first.headers().firstValue("Set-Cookie").orElseThrow()).contains("JSESSIONID=", "Path=/site");
        assertThat(get("/site/session").body()).isEqualTo("2");
        assertThat(get("/site/login").headers().firstValue("Set-Cookie")).isPresent();
        assertThat(get("/site/session").body()).isEqualTo("3");
    }

    @Test
    void errorsHaveTheirPages() throws Exception {
        HttpResponse<String> failed = get("/site/fails");
        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(failed.body()).isEqualTo("our own page");
        HttpResponse<String> missing = get("/site/missing");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.body()).contains("no such page");
    }

    @Test
    void aRequestIsForwardedAndAnotherIncluded() throws Exception {
        assertThat(get("/site/forward").body()).startsWith("GET /site /echo /forwarded");
        assertThat(get("/site/include").body()).isEqualTo("before,part,after");
    }

    @Test
    void aFileIsUploaded() throws Exception {
        String body = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"tea.txt\"\r\n\r\n"
                + "t".repeat(5000) + "\r\n--x--\r\n";
        assertThat(post("/site/upload", BodyPublishers.ofString(body), "multipart/form-data; boundary=x"))
                .isEqualTo("tea.txt 5000");
    }

    @Test
    void asyncServletsCompleteOrTimeOut() throws Exception {
        assertThat(get("/site/async").body()).isEqualTo("later");
        assertThat(get("/site/timeout").statusCode()).isEqualTo(500);
    }

    @Test
    void listenersReadAndWrite() throws Exception {
        assertThat(post("/site/read-listener", BodyPublishers.ofString("tea and milk"), "text/plain"))
                .isEqualTo("read tea and milk");
        HttpResponse<byte[]> long5 = client.send(to("/site/write-listener").build(), BodyHandlers.ofByteArray());
        assertThat(long5.body()).hasSize(5_000_000);
    }

    @Test
    void aBodyThatComesInPiecesIsWaitedFor() throws Exception {
        try (HttpPeer peer = peer()) {
            peer.post("/site/read-listener", 4).sendOneByOne("tea!");
            assertThat(peer.answer().text()).isEqualTo("read tea!");
        }
    }

    @Test
    void trailersFollowWhereTheClientTakesThem() throws Exception {
        try (HttpPeer peer = peer()) {
            peer.send("GET /site/trailers HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE\r\n\r\n");
            HttpPeer.Answer answer = peer.answer();
            assertThat(answer.text()).isEqualTo("tea!");
            assertThat(answer.trailers()).isEqualTo(Map.of("x-sum", "4"));
            HttpPeer.Answer without = peer.get("/site/trailers").answer();
            assertThat(without.text()).isEqualTo("tea!");
            assertThat(without.field("content-length")).isEqualTo("4");
        }
    }

    @Test
    void aHundredMegabytesComeIn() throws Exception {
        BodyPublisher hundred = BodyPublishers.ofByteArrays(Collections.nCopies(100, new byte[Site.MEGABYTE]));
        assertThat(post("/site/count", hundred, "application/octet-stream")).isEqualTo("" + 100L * Site.MEGABYTE);
    }

    @ParameterizedTest
    @ValueSource(ints = {16 << 10, Site.MEGABYTE})
    void aSlowClientHoldsTheServletAndGetsAll(int piece) throws Exception {
        long received = 0;
        try (RawClient peer = RawClient.connectWithSmallBuffer(server.address(), Duration.ofSeconds(40))) {
            peer.send("GET /site/large?piece=" + piece + " HTTP/1.0\r\nHost: a\r\n\r\n");
            Eventually.await("the servlet stands still", new StandsStill(site.begun));
            // What the server keeps and the sockets' own buffers take.
            assertThat(site.begun.get()).isLessThan(MOST_ON_THE_WAY);
            for (int some = -1; some != 0; received += some) {
                some = peer.receive(Site.MEGABYTE).length;
            }
        }
        assertThat(received).isGreaterThan(Site.LARGE);
        assertThat(site.written).hasValue(Site.LARGE);
    }

    @Test
    void aServletLearnsThatItsClientHasGone() throws Exception {
        try (HttpPeer peer = peer()) {
            peer.get("/site/large?piece=16384");
            assertThat(peer.line()).isEqualTo("HTTP/1.1 200 OK");
            peer.reset();
        }
        assertThat(site.writeFailure.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }

    @Test
    void anAsyncServletLearnsItToo() throws Exception {
        try (HttpPeer peer = peer()) {
            peer.get("/site/waits");
            Eventually.await("the servlet waits", () -> site.written.get() == -1);
            peer.reset();
        }
        assertThat(site.asyncError.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + path))
                .timeout(Duration.ofSeconds(40));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(to(path).build(), BodyHandlers.ofString());
    }

    private String post(String path, BodyPublisher body, String type) throws Exception {
        return client.send(to(path).header("Content-Type", type).POST(body).build(), BodyHandlers.ofString())
                .body();
    }

    private HttpPeer peer() throws IOException {
        return HttpPeer.to(server.address());
    }

    /// Whether a number above 0 has stayed the same for a second.
    private static final class StandsStill implements Callable<Boolean> {
        private final AtomicLong number;
        private long last;
        private long since = System.nanoTime();

        StandsStill(AtomicLong number) {
            this.number = number;
        }

        @Override
        public Boolean call() {
            long now = number.get();
            if (now == 0 || now != last) {
                last = now;
                since = System.nanoTime();
            }
            return System.nanoTime() - since > 1_000_000_000L;
        }
    }
}
