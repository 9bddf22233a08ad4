package dev.loomgate.cli.cron;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.loomgate.testkit.LogLines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Requests that are made by the clock.
@Timeout(120)
class CronRequestTest {
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        requests.add("%s %s %s"
                .formatted(
                        exchange.getRequestMethod(),
                        path,
                        exchange.getRequestHeaders().getFirst("Authorization")));
        if (path.startsWith("/slow")) {
            try {
                over.await();
            } catch (InterruptedException e) {
                return;
            }
        }
        if (path.equals("/moved")) {
            exchange.getResponseHeaders().add("Location", "/refresh?all");
        }
        byte[] content = "what is answered".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(path.equals("/moved") ? 302 : path.equals("/none") ? 404 : 200, content.length);
        exchange.getResponseBody().write(content);
        exchange.close();
    }

    private String url(String rest) {
        return "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), rest);
    }

    private void request(String path) {
        CronRequest.run(URI.create(url(path)), url(path), Duration.ofMinutes(1));
    }

    @Test
    void aUrlIsRequestedByTheClock() throws Exception {
        String given = url("/moved").replace("//", "//ann:se%40cret@");
        try (LogLines log = LogLines.of("dev.loomgate.cli");
                CronJobs running = CronJobs.of(CronSettings.own(
                                List.of(CronJob.request("-1 -1 -1 -1 -1 " + given)), Duration.ZERO, Path.of("")))
                        .start()) {
            assertThat(log.await(" is answered "))
                    .isEqualTo("cron: '%s' is answered 200 after 0 s".formatted(url("/moved")));
            assertThat(running.figures()).singleElement().satisfies(job -> assertThat(job.runs())
                    .isPositive());
            assertThat(log.lines()).noneMatch(line -> line.contains("cret") || line.contains("what is answered"));
        }
        assertThat(requests)
                .containsExactly("GET /moved Basic YW5uOnNlQGNyZXQ=", "GET /refresh?all Basic YW5uOnNlQGNyZXQ=");
    }

    @Test
    void whatGoesWrongIsLogged() throws Exception {
        try (LogLines log = LogLines.withLevels("dev.loomgate.cli")) {
            request("/none");
            log.await("WARNING cron: '%s' is answered 404".formatted(url("/none")));
            CronRequest.run(URI.create(url("/slow")), "slow", Duration.ofMillis(200));
            log.await("ERROR cron: 'slow' isn't answered within 0 s");
            String gone = url("/gone");
            server.stop(0);
            CronRequest.run(URI.create(gone), gone, Duration.ofMinutes(1));
            log.await("ERROR cron: '%s' isn't answered: java.net.ConnectException".formatted(gone));
        }
    }
}
