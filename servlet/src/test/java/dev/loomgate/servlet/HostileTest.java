package dev.loomgate.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.loop.Loop;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.ServerSnapshot;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.HttpPeer.Answer;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that send nonsense or leave, and servlets that answer with nonsense: whose fault it was is told,
/// the client's is nothing for the log, and no microthread stays.
@Timeout(60)
class HostileTest {
    private static final int MAX_BODY_BYTES = 100_000;

    private final Site site = new Site();
    private final AsyncSite asyncSite = new AsyncSite();
    private LogLines log;
    private Server server;

    @BeforeEach
    void serve() throws Exception {
        log = LogLines.withLevels("dev.loomgate");
        start(ServletApplication.of(new Handler.Sequence(site.context, asyncSite.context)));
    }

    private void start(Application application) throws Exception {
        start(application, Limits.builder().maxBodyBytes(MAX_BODY_BYTES).build());
    }

    private void start(Application application, Limits limits) throws Exception {
        server = Server.builder(application)
                .listen(ListenAddress.http("127.0.0.1:0"))
                .options(ServerOptions.builder().limits(limits).build())
                .start();
        log.clear(); // the fallback warns of itself at the start
    }

    @AfterEach
    void nothingStays() throws Exception {
        site.released.countDown();
        Eventually.await(() -> "no microthread stays: " + server.dump(), () -> microthreads() == 0);
        server.close();
        log.close();
    }

    private int microthreads() {
        return server.snapshot().loops().stream()
                .mapToInt(ServerSnapshot.Loop::microthreads)
                .sum();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/site/count", "/site/read-listener"})
    void aClientThatGoesBeforeItsBodyEndsEndsTheRead(String path) throws Exception {
        try (HttpPeer peer = peer()) {
            peer.post(path, 10).send("part");
            Eventually.await("the part is read", () -> site.read.get() == 4);
            peer.reset();
        }
        assertThat(site.readFailure.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        nothingIsLogged();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/site/part",
                "/site/async",
                "/site/timeout",
                "/site/write-listener",
                "/site/large?piece=16384",
                "/site/fails",
                "/site/waits",
                "/async/dispatch",
                "/async/held",
                "/async/listened-timeout",
                "/async/unlistened-timeout"
            })
    void clientsMayGoAtAnyMoment(String path) throws Exception {
        for (int i = 0; i < 10; i++) {
            try (HttpPeer peer = peer()) {
                peer.get(path);
                if (i % 2 == 1) {
                    Eventually.await("it has begun", () -> microthreads() > 0 || server.inFlight() == 0);
                }
                peer.reset();
            }
        }
        Eventually.await(() -> "no microthread stays: " + server.dump(), () -> microthreads() == 0);
        assertThat(get("/site/part").text()).isEqualTo("part");
    }

    @Test
    void aClientThatHasGoneBeforeItsServletBeginsGetsNone() throws Exception {
        server.close();
        ServletApplication servlets = ServletApplication.of(site.context);
        start(Lifecycle.passOn(servlets, (environ, startResponse) -> {
            environ.clientGone().orElseThrow().toCompletableFuture().join();
            return servlets.call(environ, startResponse);
        }));
        try (HttpPeer peer = peer()) {
            peer.get("/site/works-on");
            Eventually.await("the request runs", () -> server.inFlight() == 1);
            peer.reset();
        }
        Eventually.await(() -> "no microthread stays: " + server.dump(), () -> microthreads() == 0);
        assertThat(site.begun).hasValue(0);
        nothingIsLogged();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/site/async-late", "/site/async-early"})
    void aServletThatIsStillAtWorkLearnsOfItWhenItWaits(String path) throws Exception {
        server.close();
        ServletApplication servlets = ServletApplication.of(site.context);
        start(Lifecycle.passOn(servlets, (environ, startResponse) -> {
            environ.clientGone().orElseThrow().thenRun(() -> Loop.current().start("last", site.released::countDown));
            return servlets.call(environ, startResponse);
        }));
        try (HttpPeer peer = peer()) {
            peer.get(path);
            Eventually.await("the servlet runs", () -> site.begun.get() == 1);
            peer.reset();
        }
        assertThat(site.asyncError.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        Eventually.await(() -> "no microthread stays: " + server.dump(), () -> microthreads() == 0);
        nothingIsLogged();
    }

    @Test
    void aClientThatTakesNothingIsGivenUp() throws Exception {
        server.close();
        start(
                ServletApplication.of(site.context),
                Limits.builder().writeTimeout(Duration.ofMillis(300)).build());
        try (HttpPeer peer = HttpPeer.slowTo(address())) {
            peer.get("/site/large?piece=16384");
            assertThat(site.writeFailure.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/site/count", "/site/form", "/site/upload"})
    void aBodyOverTheServersLimitIsItsOwn413(String path) throws Exception {
        try (HttpPeer peer = peer()) {
            peer.send("POST " + path + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Type: "
                    + (path.endsWith("form") ? "application/x-www-form-urlencoded" : "multipart/form-data; boundary=x")
                    + "\r\n\r\n");
            String part = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"tea.txt\"\r\n\r\n";
            peer.send(chunk(path.endsWith("form") ? "tea=" : part));
            peer.send(chunk("t".repeat(MAX_BODY_BYTES)));
            assertThat(peer.answer().status()).isEqualTo(413);
        }
        assertThat(log.with("a servlet failed")).isEmpty();
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    @ParameterizedTest
    @CsvSource({"/site/no-field,no field", "/site/no-status,999"})
    void aResponseThatHttpHasNoFormForIs500AndItsServletEnds(String path, String why) throws Exception {
        assertThat(get(path).status()).isEqualTo(500);
        assertThat(log.await("the application failed")).contains(why);
    }

    @Test
    void anErrorPageShowsNoStackAndTheLogDoes() throws Exception {
        Answer failed = get("/async/fails");
        assertThat(failed.status()).isEqualTo(500);
        assertThat(failed.text()).contains("on purpose").doesNotContain("at dev.loomgate", "Caused by");
        assertThat(log.await("a servlet failed: GET /async/fails"))
                .contains("UnsupportedOperationException: on purpose");
    }

    @Test
    void headersOverTheServersLimitNeverReachAServlet() throws Exception {
        try (HttpPeer peer = peer()) {
            peer.send("GET /site/works-on HTTP/1.1\r\nHost: a\r\nX-Long: " + "t".repeat(100_000) + "\r\n\r\n");
            assertThat(peer.answer().status()).isEqualTo(431);
        }
        assertThat(site.begun).hasValue(0);
    }

    @Test
    void aServletThatWorksOnBehindItsResponseIsStillARequestAndIsInterrupted() throws Exception {
        try (HttpPeer peer = peer()) {
            assertThat(peer.get("/site/works-on").answer().text()).isEqualTo("tea");
            assertThat(server.inFlight()).isEqualTo(1);
            server.stop(Duration.ofMillis(100));
        }
        assertThat(site.interrupted.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }

    private void nothingIsLogged() {
        assertThat(log.lines()).noneMatch(line -> line.startsWith("ERROR") || line.startsWith("WARNING"));
    }

    private Answer get(String path) throws IOException {
        try (HttpPeer peer = peer()) {
            return peer.get(path).answer();
        }
    }

    private HttpPeer peer() throws IOException {
        return HttpPeer.to(address());
    }

    private SocketAddress address() {
        return server.addresses().getFirst().socketAddress();
    }
}
