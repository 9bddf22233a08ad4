package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A real Prometheus that reads a server under load, with the alert rules. `loomgate.test.scrapes` says how many times
/// it reads, once a second.
@Timeout(1200)
class PrometheusTest {
    private static final int SCRAPES = Integer.getInteger("loomgate.test.scrapes", 5);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern LISTENS = Pattern.compile("msg=\"Listening on\" address=(\\S+)");
    private static final Pattern METRICS = Pattern.compile("metrics: http://(\\S+)/metrics");

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    private double value(String prometheus, String expression) throws IOException, InterruptedException {
        URI uri = URI.create("http://" + prometheus + "/api/v1/query?query="
                + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        HttpResponse<String> response = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        if (response.statusCode() == 503) {
            return Double.NaN; // it listens before it answers
        }
        JsonNode answer = JSON.readTree(response.body());
        JsonNode found = answer.at("/data/result/0/value/1");
        return found.isMissingNode() ? Double.NaN : Double.parseDouble(found.asString());
    }

    private static void ask(SocketAddress server) throws IOException {
        try (RawClient asking = RawClient.connect(server)) {
            asking.send("GET /user?name=Bob HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    .receiveText();
        }
    }

    private String address(Path log) throws IOException {
        Matcher found = LISTENS.matcher(Files.readString(log));
        return found.find() ? found.group(1) : "";
    }

    @Test
    void readsAServerUnderLoad() throws Exception {
        try (LoomgateProcess loomgate = LoomgateProcess.start(
                directory, "demo", "--http", "127.0.0.1:0", "--disable-logging", "--metrics", "127.0.0.1:0")) {
            SocketAddress server = new InetSocketAddress(
                    loomgate.uri("/").getHost(), loomgate.uri("/").getPort());
            Files.writeString(directory.resolve("prometheus.yml"), """
                    global:
                      scrape_interval: 1s
                      evaluation_interval: 1s
                    rule_files: ["%s"]
                    scrape_configs:
                      - job_name: loomgate
                        static_configs:
                          - targets: ["%s"]
                    """.formatted(
                            Path.of("..", "docs", "observe", "alerts.yml").toAbsolutePath(),
                            loomgate.await(METRICS).group(1)));
            Path log = directory.resolve("prometheus.log");
            Process prometheus = new ProcessBuilder(
                            "prometheus",
                            "--config.file=prometheus.yml",
                            "--storage.tsdb.path=data",
                            "--web.listen-address=127.0.0.1:0")
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            try {
                Eventually.await("it listens", () -> !address(log).isEmpty());
                String reader = address(log);
                long asked = 0;
                while (!(value(reader, "count_over_time(up[1h])") >= SCRAPES)) {
                    for (int i = 0; i < 20; i++, asked++) {
                        ask(server);
                    }
                }
                long all = asked;
                Eventually.await(
                        "all requests are read",
                        () -> value(reader, "sum(http_server_request_duration_seconds_count)") == all);
                assertThat(value(reader, "min_over_time(up[1h])")).isEqualTo(1);
                assertThat(value(reader, "histogram_quantile(0.5, http_server_request_duration_seconds_bucket)"))
                        .isBetween(0.0, 10.0);
                assertThat(value(reader, "loomgate_ready")).isEqualTo(1);
                assertThat(value(reader, "count(ALERTS{alertname=\"LoomgateNotReady\"})"))
                        .isNaN();
                assertThat(Files.readString(log)).doesNotContain("level=error", "level=warn");
            } finally {
                prometheus.destroy();
                if (!prometheus.waitFor(30, TimeUnit.SECONDS)) {
                    prometheus.destroyForcibly();
                }
            }
        }
    }
}
