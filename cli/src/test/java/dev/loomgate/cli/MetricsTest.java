package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `--metrics` of real servers, as `promtool` and Prometheus read it.
@Timeout(120)
class MetricsTest {
    private static final String DURATIONS = "http_server_request_duration_seconds";
    private static final String COUNT = DURATIONS + "_count";

    private static final String PROGRAM = """
            import os
            import time
            try:
                import uwsgi
            except ImportError:
                uwsgi = None

            def application(environ, start_response):
                path = environ["PATH_INFO"]
                if path == "/fail":
                    raise ValueError("as it was asked to")
                if path.startswith("/user/"):
                    uwsgi.set_logvar("route", "/user/<id>")
                while path == "/wait" and not os.path.exists(environ["DOCUMENT_ROOT"] + "/go"):
                    time.sleep(0.01)
                start_response("200 OK", [("Content-Type", "text/plain")])
                return [b"hello"]
            """;

    private static final String MANY = """
            import dev.loomgate.gateway.*;
            import dev.loomgate.toolkit.*;
            import dev.loomgate.toolkit.resources.*;
            import dev.loomgate.toolkit.routing.*;

            public class Many implements Application {
                private final WebApplication site = WebApplication.of(
                        rule("/a/<int:id>"), rule("/b/<int:id>"), rule("/c/<int:id>"), rule("/d/<name>"));

                private static Rule<?> rule(String pattern) {
                    return Rule.of(pattern, (Application) (environ, start) -> new Response("ok").call(environ, start));
                }

                @Override
                public Body call(Environ environ, StartResponse start) throws Exception {
                    return site.call(environ, start);
                }
            }
            """;

    @TempDir
    private Path directory;

    private UwsgiPacket packet(String method, String path) {
        return UwsgiPacket.request(method, path)
                .with("DOCUMENT_ROOT", directory.toString())
                .with("QUERY_STRING", "q=SECRET4")
                .with("HTTP_COOKIE", "session=SECRET1")
                .with("HTTP_AUTHORIZATION", "Basic SECRET2")
                .with("HTTP_X_API_KEY", "SECRET3");
    }

    private String ask(SocketAddress server, String method, String path) throws IOException {
        try (RawClient client = RawClient.connect(server)) {
            return client.send(packet(method, path).bytes()).receiveText();
        }
    }

    private SocketAddress unix(String name) {
        return UnixDomainSocketAddress.of(directory.resolve(name));
    }

    private LoomgateProcess python(String... more) throws Exception {
        Files.writeString(directory.resolve("program.py"), PROGRAM);
        List<String> arguments = new ArrayList<>(
                List.of("--python", Python.DEBIAN, "-s", "s", "--processes", "2", "-w", "program", "--metrics", "m"));
        arguments.addAll(List.of(more));
        return LoomgateProcess.start(directory, arguments.toArray(String[]::new));
    }

    private static SocketAddress tcp(URI uri) {
        return new InetSocketAddress(uri.getHost(), uri.getPort());
    }

    private static String http(SocketAddress server, String method, String target) throws IOException {
        try (RawClient client = RawClient.connect(server)) {
            return client.send(method + " " + target + " HTTP/1.1\r\nHost: x\r\nCookie: a=SECRET1\r\n"
                            + "Authorization: Basic SECRET2\r\nConnection: close\r\n\r\n")
                    .receiveText();
        }
    }

    /// Without an access log workers count in their scoreboards; with one the server counts what they tell.
    private void everyRequestIsCountedOnce(String... more) throws Exception {
        SocketAddress server = unix("s");
        MetricsPages pages = new MetricsPages(unix("m"));
        try (LoomgateProcess loomgate = python(more)) {
            assertThat(MetricsPages.faults(pages.metrics())).isEmpty();
            for (int i = 0; i < 5; i++) {
                assertThat(ask(server, "GET", "/")).endsWith("hello");
            }
            ask(server, "GET", "/fail");
            ask(server, "STRANGE", "/");
            ask(server, "GET", "/user/4711");
            Eventually.await("eight requests", () -> MetricsPages.sum(pages.metrics(), COUNT) == 8);
            String page = pages.metrics();
            assertThat(MetricsPages.sum(page, COUNT, "method=\"GET\"", "code=\"200\""))
                    .isEqualTo(6);
            assertThat(MetricsPages.sum(page, COUNT, "code=\"500\"", "error_type=\"500\""))
                    .isEqualTo(1);
            assertThat(MetricsPages.sum(page, COUNT, "method=\"_OTHER\"")).isEqualTo(1);
            assertThat(MetricsPages.sum(page, COUNT, "http_route=\"/user/<id>\""))
                    .isEqualTo(1);
            assertThat(MetricsPages.sum(page, DURATIONS + "_bucket", "le=\"+Inf\""))
                    .isEqualTo(8);
            assertThat(MetricsPages.sum(page, "loomgate_worker_requests_total")).isEqualTo(8);
            assertThat(MetricsPages.sum(page, "loomgate_worker_exceptions_total"))
                    .isEqualTo(1);
            assertThat(page).doesNotContain("SECRET", "4711", "STRANGE", "/fail");

            try (RawClient waiting =
                    RawClient.connect(server).send(packet("GET", "/wait").bytes())) {
                Eventually.await("it runs", () -> MetricsPages.sum(pages.metrics(), "loomgate_worker_busy_cores") == 1);
                String busy = pages.metrics();
                assertThat(MetricsPages.sum(busy, "loomgate_direct_requests")
                                + MetricsPages.sum(busy, "http_server_active_requests"))
                        .isEqualTo(1);
                assertThat(MetricsPages.faults(busy)).isEmpty();
                Files.createFile(directory.resolve("go"));
                assertThat(waiting.receiveText()).endsWith("hello");
            }

            loomgate.signal("HUP");
            Eventually.await(
                    "the next generation",
                    () -> MetricsPages.sum(pages.metrics(), "loomgate_app_generation") == 2
                            && MetricsPages.sum(pages.metrics(), "loomgate_worker_accepting") == 2);
            ask(server, "GET", "/");
            Eventually.await("ten requests", () -> MetricsPages.sum(pages.metrics(), COUNT) == 10);
            assertThat(MetricsPages.faults(pages.metrics())).isEmpty();
        }
    }

    @Test
    void everyDirectRequestIsCountedOnceByWorkers() throws Exception {
        everyRequestIsCountedOnce("--disable-logging");
    }

    @Test
    void everyDirectRequestIsCountedOnceWithAnAccessLog() throws Exception {
        everyRequestIsCountedOnce();
    }

    @Test
    void whatIsDoneBesideRequestsIsCounted() throws Exception {
        Files.writeString(directory.resolve("beside.py"), """
                import uwsgi

                def spooler(env):
                    if env[b"kind"] == b"bad":
                        raise ValueError("on purpose")
                    return uwsgi.SPOOL_OK

                uwsgi.spooler = spooler

                def application(environ, start_response):
                    kind = environ["PATH_INFO"][1:].encode()
                    if kind == b"mule":
                        uwsgi.mule_msg(b"end")
                    else:
                        uwsgi.spool({b"kind": kind})
                    start_response("200 OK", [])
                    return [b"hello"]
                """);
        Files.writeString(directory.resolve("mule.py"), """
                import os
                import uwsgi

                uwsgi.mule_get_msg()
                os._exit(1)
                """);
        try (LoomgateProcess loomgate = LoomgateProcess.start(
                directory,
                "--python",
                Python.DEBIAN,
                "--http",
                "127.0.0.1:0",
                "-w",
                "beside",
                "--spooler",
                "tasks",
                "--mule",
                "mule.py",
                "--cron",
                "-1 -1 -1 -1 -1 test SECRET6 = 7",
                "--metrics",
                "m")) {
            SocketAddress server = tcp(loomgate.uri("/"));
            MetricsPages pages = new MetricsPages(unix("m"));
            for (String target : List.of("/good", "/good", "/bad")) {
                assertThat(http(server, "GET", target)).endsWith("hello");
            }
            String tasks = "loomgate_spooler_tasks_total";
            Eventually.await("the tasks", () -> {
                String page = pages.metrics();
                return MetricsPages.sum(page, tasks, "outcome=\"done\"") == 2
                        && MetricsPages.sum(page, tasks, "outcome=\"failed\"") >= 1
                        && MetricsPages.sum(page, "loomgate_spooler_waiting_tasks") == 1;
            });
            Eventually.await("the mule", () -> MetricsPages.sum(pages.metrics(), "loomgate_mule_up") == 1);
            http(server, "GET", "/mule");
            Eventually.await(
                    "another process",
                    () -> MetricsPages.sum(pages.metrics(), "loomgate_mule_spawns_total", "mule=\"1\"") == 2);
            Eventually.await("cron", () -> MetricsPages.sum(pages.metrics(), "loomgate_cron_failures_total") >= 1);
            String page = pages.metrics();
            assertThat(MetricsPages.sum(page, "loomgate_spooler_processes", "directory="))
                    .isEqualTo(1);
            assertThat(MetricsPages.sum(page, "loomgate_spooler_spawns_total")).isEqualTo(1);
            assertThat(MetricsPages.sum(page, "loomgate_cron_runs_total", "schedule=\"-1 -1 -1 -1 -1\""))
                    .isPositive();
            assertThat(MetricsPages.sum(page, "loomgate_cron_next_run_timestamp_seconds"))
                    .isGreaterThan(System.currentTimeMillis() / 1000.0 - 1);
            assertThat(page).doesNotContain("SECRET");
            assertThat(MetricsPages.faults(page)).isEmpty();
        }
    }

    @Test
    void routesAreTemplatesAndHaveABound() throws Exception {
        Files.writeString(directory.resolve("Many.java"), MANY);
        try (LoomgateProcess loomgate = LoomgateProcess.start(
                directory,
                "--http",
                "127.0.0.1:0",
                "--app",
                "Many.java",
                "--max-uri",
                "100",
                "--metrics",
                "m",
                "--metrics-max-routes",
                "2")) {
            SocketAddress server = tcp(loomgate.uri("/"));
            MetricsPages pages = new MetricsPages(unix("m"));
            for (String target : List.of("/a/1?q=SECRET4", "/a/2", "/b/1", "/c/1", "/d/SECRET5", "/nothing/SECRET6")) {
                http(server, "GET", target);
            }
            http(server, "GET", "/" + "x".repeat(200));
            Eventually.await("seven requests", () -> MetricsPages.sum(pages.metrics(), COUNT) == 7);
            String page = pages.metrics();
            assertThat(MetricsPages.sum(page, COUNT, "http_route=\"/a/<int:id>\""))
                    .isEqualTo(2);
            assertThat(MetricsPages.sum(page, COUNT, "http_route=\"/b/<int:id>\""))
                    .isEqualTo(1);
            assertThat(MetricsPages.sum(page, COUNT, "http_route=\"_OTHER\"")).isEqualTo(2);
            assertThat(MetricsPages.sum(page, "loomgate_metrics_route_overflow_total"))
                    .isEqualTo(2);
            assertThat(MetricsPages.sum(page, "loomgate_limit_hits_total", "option=\"--max-uri\""))
                    .isEqualTo(1);
            assertThat(MetricsPages.samples(page).keySet())
                    .filteredOn(sample -> sample.startsWith(COUNT) && sample.contains("code=\"404\""))
                    .hasSize(1)
                    .noneMatch(sample -> sample.contains("http_route"));
            assertThat(page).doesNotContain("SECRET");
            assertThat(MetricsPages.faults(page)).isEmpty();
            assertThat(loomgate.err()).containsOnlyOnce("(--metrics-max-routes)");

            String open = pages.metrics("application/openmetrics-text; version=1.0.0");
            assertThat(open).endsWith("# EOF\n").contains("# TYPE loomgate_loop_turns counter\n");
        }
    }

    /// Names, units and labels of the semantic conventions for HTTP servers, as Prometheus writes them.
    @Test
    void namesAreTheConventions() throws Exception {
        try (LoomgateProcess loomgate =
                LoomgateProcess.start(directory, "demo", "--http", "127.0.0.1:0", "--loops", "2", "--metrics", "m")) {
            MetricsPages pages = new MetricsPages(unix("m"));
            http(tcp(loomgate.uri("/")), "GET", "/user?name=SECRET4");
            Eventually.await("one request", () -> MetricsPages.sum(pages.metrics(), COUNT) == 1);
            String page = pages.metrics();
            assertThat(MetricsPages.faults(page)).isEmpty();
            Set<String> conventions = Set.of(
                    "http_request_method",
                    "http_response_status_code",
                    "http_route",
                    "network_protocol_version",
                    "url_scheme",
                    "error_type",
                    "le");
            Matcher labels = Pattern.compile("(?:[{,])([a-z_]+)=\"").matcher(page);
            Set<String> used = labels.results()
                    .filter(found -> page.lastIndexOf("\n", found.start()) >= 0)
                    .filter(found -> line(page, found).startsWith(DURATIONS))
                    .map(found -> found.group(1))
                    .collect(Collectors.toSet());
            assertThat(conventions).containsAll(used);
            assertThat(used).contains("http_request_method", "http_response_status_code", "url_scheme", "le");
            assertThat(page)
                    .contains("# TYPE http_server_active_requests gauge\n")
                    .contains("# TYPE " + DURATIONS + " histogram\n")
                    .contains("network_protocol_version=\"1.1\"")
                    .doesNotContain("SECRET");
            assertThat(MetricsPages.families(page))
                    .contains(
                            "loomgate_info",
                            "loomgate_ready",
                            "loomgate_loop_lag_seconds",
                            "loomgate_backlog",
                            "loomgate_connections",
                            "jvm_memory_used_bytes",
                            "jvm_gc_collection_seconds",
                            "process_cpu_seconds_total");
            assertThat(MetricsPages.sum(page, "loomgate_loop_turns_total", "loop=\"0\""))
                    .isPositive();
            assertThat(MetricsPages.sum(page, "loomgate_ready")).isEqualTo(1);
        }
    }

    private static String line(String page, MatchResult found) {
        int from = page.lastIndexOf('\n', found.start()) + 1;
        return page.substring(from, page.indexOf('\n', from));
    }

    @Test
    void uwsgiExportersNamesAreThereToo() throws Exception {
        try (LoomgateProcess loomgate = python("--metrics-compat", "uwsgi")) {
            MetricsPages pages = new MetricsPages(unix("m"));
            ask(unix("s"), "GET", "/");
            Eventually.await(
                    "one request", () -> MetricsPages.sum(pages.metrics(), "uwsgi_worker_requests_total") == 1);
            String page = pages.metrics();
            assertThat(MetricsPages.faults(page)).isEmpty();
            assertThat(page)
                    .contains("uwsgi_up{stats_uri=")
                    .containsPattern("uwsgi_worker_requests_total\\{stats_uri=\"[^\"]+\",worker_id=\"2\"} [01]")
                    .containsPattern("uwsgi_worker_core_busy\\{stats_uri=\"[^\"]+\",worker_id=\"1\",core_id=\"0\"} 0")
                    .doesNotContain("SECRET");
            assertThat(loomgate.isAlive()).isTrue();
        }
    }

    @Test
    void aWrongAddressIsOneLine() throws Exception {
        LoomgateProcess loomgate =
                LoomgateProcess.launch(directory, "demo", "--http", "127.0.0.1:0", "--metrics", "fd://3");

        assertThat(loomgate.status()).isEqualTo(2);
        assertThat(loomgate.err()).contains("--metrics fd://3: it is HOST:PORT, a path, or @NAME");
    }
}
