package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.cli.ctl.CtlCommand;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.Nginx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server that leaves its load balancer: `--drain-delay`, `ctl drain`.
@Timeout(120)
class DrainTest {
    private static final String REQUEST = "GET /user HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final int CLIENTS = 4;

    @TempDir
    private Path directory;

    private LoomgateProcess demo(String name, String address, String... more) throws Exception {
        String[] fixed = {"demo", "--http", address, "--metrics", name + ".m", "--control", name + ".c", "-L"};
        String[] all = new String[fixed.length + more.length];
        System.arraycopy(fixed, 0, all, 0, fixed.length);
        System.arraycopy(more, 0, all, fixed.length, more.length);
        return LoomgateProcess.start(directory, all);
    }

    private MetricsPages pages(String name) {
        return new MetricsPages(UnixDomainSocketAddress.of(directory.resolve(name + ".m")));
    }

    private String said(String name, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        String[] args = new String[words.length + 2];
        args[0] = "--control";
        args[1] = directory.resolve(name + ".c").toString();
        System.arraycopy(words, 0, args, 2, words.length);
        assertThat(CtlCommand.commandLine(print, print).execute(args))
                .as(out.toString(StandardCharsets.UTF_8))
                .isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static SocketAddress address(LoomgateProcess server) {
        URI uri = server.uri("/");
        return new InetSocketAddress(uri.getHost(), uri.getPort());
    }

    @Test
    void aStopGoesOnAcceptingForTheDelayWhileItIsNotReady() throws Exception {
        MetricsPages pages = pages("a");
        try (LoomgateProcess server = demo("a", "127.0.0.1:0", "--drain-delay", "3s");
                HttpPeer open = HttpPeer.to(address(server))) {
            assertThat(open.send(REQUEST).answer().status()).isEqualTo(200);
            assertThat(pages.health("/-/ready")).isEqualTo("200");
            long begun = System.nanoTime();
            server.signal("TERM");
            Eventually.await("it isn't ready", () -> pages.health("/-/ready").equals("503 the server stops"));
            assertThat(pages.health("/-/live")).isEqualTo("200");

            assertThat(open.send(REQUEST).answer().field("connection")).isNotEqualTo("close");
            try (HttpPeer late = HttpPeer.to(address(server))) {
                assertThat(late.send(REQUEST).answer().status()).isEqualTo(200);
            }
            assertThat(said("a", "status")).contains("connections");

            assertThat(server.status()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
            assertThat(server.err())
                    .contains("SIGTERM: not ready from now on; connections are accepted for 3 s more (--drain-delay)")
                    .endsWith(" stopped\n");
        }
    }

    @Test
    void ctlDrainHasClientsGoAndIsUndone() throws Exception {
        MetricsPages pages = pages("a");
        try (LoomgateProcess server = demo("a", "127.0.0.1:0", "--drain-delay", "300ms")) {
            assertThat(said("a", "drain")).contains("not ready any more");
            assertThat(pages.health("/-/ready")).isEqualTo("503 the server drains (ctl drain)");
            assertThat(pages.health("/-/live")).isEqualTo("200");
            assertThat(said("a", "status")).containsPattern("draining +true");
            Eventually.await("connections are asked to end", () -> isAskedToEnd(server));

            assertThat(said("a", "undrain")).contains("ready again");
            assertThat(pages.health("/-/ready")).isEqualTo("200");
            assertThat(isAskedToEnd(server)).isFalse();
            server.await(Pattern.compile("loomgate ctl: ready again"));

            said("a", "drain");
            said("a", "drain", "--stop");
            assertThat(server.status()).isZero();
        }
    }

    private static boolean isAskedToEnd(LoomgateProcess server) throws Exception {
        try (HttpPeer peer = HttpPeer.to(address(server))) {
            HttpPeer.Answer answer = peer.send(REQUEST).answer();
            assertThat(answer.status()).isEqualTo(200);
            return answer.field("connection").equals("close");
        }
    }

    /// nginx without checks of its own: it learns of a stop by what it sees on connections.
    @Test
    void aRollingRestartBehindNginxFailsNoRequest() throws Exception {
        int first = Nginx.freePort();
        int second = Nginx.freePort();
        String upstream =
                "upstream both { server 127.0.0.1:%d; server 127.0.0.1:%d; keepalive 8;".formatted(first, second);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        Queue<String> failed = new ConcurrentLinkedQueue<>();
        LoomgateProcess a = demo("a", "127.0.0.1:" + first, "--drain-delay", "200ms");
        LoomgateProcess b = demo("b", "127.0.0.1:" + second, "--drain-delay", "200ms");
        try (Nginx nginx = Nginx.start(
                        directory,
                        Nginx.proxyPass(
                                "/", "http://both", "proxy_http_version 1.1;", "proxy_set_header Connection '';"),
                        "} " + upstream);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(nginx.uri("/user"))
                    .timeout(Duration.ofSeconds(30))
                    .build();
            for (int i = 0; i < CLIENTS; i++) {
                clients.execute(() -> ask(http, request, over, answered, failed));
            }
            try {
                awaitMore(answered, 100);
                assertThat(a.signal("TERM").status()).isZero();
                a = demo("a", "127.0.0.1:" + first);
                awaitMore(answered, 100);
                assertThat(b.signal("TERM").status()).isZero();
                b = demo("b", "127.0.0.1:" + second);
                awaitMore(answered, 100);
            } finally {
                over.set(true);
            }
            clients.shutdown();
            assertThat(clients.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            assertThat(failed).as(nginx.errorLog()).isEmpty();
        } finally {
            a.close();
            b.close();
        }
    }

    private static void ask(
            HttpClient http, HttpRequest request, AtomicBoolean over, AtomicInteger answered, Queue<String> failed) {
        while (!over.get()) {
            try {
                int status = http.send(request, BodyHandlers.ofString()).statusCode();
                if (status != 200) {
                    failed.add("status " + status);
                }
                answered.incrementAndGet();
            } catch (IOException e) {
                failed.add(e.toString());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static void awaitMore(AtomicInteger answered, int more) throws Exception {
        int before = answered.get();
        Eventually.await(more + " more answers", () -> answered.get() >= before + more);
    }

    @Test
    void aTimeThatIsNoneIsRefused() throws Exception {
        try (LoomgateProcess server =
                LoomgateProcess.launch(directory, "demo", "--http", "127.0.0.1:0", "--drain-delay", "soon")) {
            assertThat(server.status()).isEqualTo(2);
            assertThat(server.err()).contains("--drain-delay");
        }
    }
}
