package dev.loomgate.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.python.PythonApplication;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.Python;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a registry finds of a real server and its workers.
@Timeout(120)
class MetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @TempDir
    private Path directory;

    private Server start(Application application) throws Exception {
        return Server.builder(application)
                .options(ServerOptions.builder()
                        .loops(1)
                        .accessLog(false)
                        .accessLogTo(OutputStream.nullOutputStream())
                        .build())
                .countRequests()
                .observe(new RequestTimers(registry))
                .listen(ListenAddress.http("127.0.0.1:0"))
                .start();
    }

    private static HttpPeer peer(Server server) throws Exception {
        return HttpPeer.to(server.addresses().getFirst().socketAddress());
    }

    private void awaitRequests(long count) throws Exception {
        Eventually.await(
                () -> count + " requests, not " + meters(),
                () -> registry.find("http.server.requests").timers().stream()
                                .mapToLong(Timer::count)
                                .sum()
                        >= count);
    }

    private String meters() {
        return registry.getMetersAsString();
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    @Test
    void requestsAreTimedByWhatTheyAreAndNotByTheirPaths() throws Exception {
        Application site = (environ, startResponse) -> {
            boolean lost = environ.path().equals("/lost");
            if (!lost) {
                environ.routed("/user/<id>");
            }
            startResponse.start(lost ? Status.NOT_FOUND : Status.OK, new Headers());
            return Body.text("hello");
        };
        try (Server server = start(site);
                HttpPeer peer = peer(server)) {
            for (String target : List.of("/user/1?secret", "/user/2", "/lost")) {
                peer.get(target).answer();
            }
            peer.send("BREW / HTTP/1.1\r\nHost: a\r\n\r\n").answer();
            awaitRequests(4);
        }
        Timer fine = registry.get("http.server.requests")
                .tags("method", "GET", "uri", "/user/<id>", "status", "200", "outcome", "SUCCESS")
                .timer();
        assertThat(fine.count()).isEqualTo(2);
        assertThat(fine.totalTime(TimeUnit.NANOSECONDS)).isPositive();
        assertThat(registry.get("http.server.requests")
                        .tags("method", "UNKNOWN", "status", "200")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("http.server.requests")
                        .tags("uri", "UNKNOWN", "status", "404", "outcome", "CLIENT_ERROR")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(meters()).doesNotContain("/user/1", "secret", "BREW");
    }

    @Test
    void aServersMetersShowWhatRuns() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Application waiting = (environ, startResponse) -> {
            release.await();
            startResponse.start(Status.OK, new Headers());
            return Body.text("hello");
        };
        try (Server server = start(waiting);
                HttpPeer peer = peer(server)) {
            new ServerMeters(server).bindTo(registry);
            peer.get("/");
            Eventually.await(this::meters, () -> gauge("loomgate.requests.running") == 1);
            assertThat(gauge("loomgate.connections")).isEqualTo(1);
            assertThat(gauge("loomgate.backlog")).isZero();
            assertThat(gauge("loomgate.backlog.limit")).isPositive();
            assertThat(registry.get("loomgate.backlog").meter().getId().getTag("address"))
                    .isEqualTo(server.addresses().getFirst().toString());
            release.countDown();
            peer.answer();
            Eventually.await(
                    this::meters,
                    () -> registry.get("loomgate.requests").functionCounter().count() == 1);
            assertThat(gauge("loomgate.requests.running")).isZero();
        }
    }

    @Test
    void workersMetersShowWhatTheyHaveDone() throws Exception {
        Files.writeString(directory.resolve("site_of_test.py"), """
                def application(environ, start_response):
                    if environ["PATH_INFO"] == "/fails":
                        raise ValueError("on purpose")
                    start_response("200 OK", [])
                    return [b"hello"]
                """);
        PythonApplication program = PythonApplication.of(PythonOptions.module("site_of_test")
                .interpreter(Python.DEBIAN)
                .pythonPath(List.of(directory))
                .environment(Map.of("TMPDIR", directory.toString(), "PYTHONDONTWRITEBYTECODE", "1"))
                .build());
        try (Server server = start(program);
                HttpPeer peer = peer(server)) {
            new WorkerMeters(program).bindTo(registry);
            peer.get("/").answer();
            peer.get("/fails").answer();
            Eventually.await(this::meters, () -> workers("loomgate.worker.requests") == 2);
            Eventually.await(this::meters, () -> workers("loomgate.worker.exceptions") == 1);
            assertThat(registry.get("loomgate.program.generation")
                            .tags("program", "site_of_test")
                            .gauge()
                            .value())
                    .isEqualTo(1);
            assertThat(registry.get("loomgate.worker.memory")
                            .tags("worker", "1")
                            .gauge()
                            .value())
                    .isGreaterThan(1_000_000);
        }
    }

    private double workers(String name) {
        return registry.get(name).functionCounters().stream()
                .mapToDouble(each -> each.count())
                .sum();
    }
}
