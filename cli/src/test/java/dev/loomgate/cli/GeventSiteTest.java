package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A Flask site under `--gevent`, with the `requests` that everybody uses.
@Timeout(180)
class GeventSiteTest {
    private static final String SITE = """
            import time

            import requests
            from flask import Flask, request

            application = Flask(__name__)
            running = most = 0


            @application.before_request
            def begin():
                global running, most
                running += 1
                most = max(most, running)


            @application.teardown_request
            def end(_):
                global running
                running -= 1


            @application.get("/wait")
            def wait():
                time.sleep(4)
                return "waited"


            @application.get("/ask")
            def ask():
                begun = time.monotonic()
                text = requests.get(request.host_url + "wait", timeout=120).text
                return f"{text} {time.monotonic() - begun}"


            @application.get("/most")
            def tell():
                return str(most)
            """;

    private static CompletableFuture<String> get(HttpClient client, LoomgateProcess site, String path)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(site.uri(path))
                .timeout(Duration.ofMinutes(2))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(HttpResponse::body);
    }

    @Test
    void fiveHundredRequestsWaitInOneWorker(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("asking.py"), SITE);
        List<CompletableFuture<String>> asked = new ArrayList<>();
        try (LoomgateProcess site = LoomgateProcess.start(
                        directory,
                        "--http",
                        "127.0.0.1:0",
                        "--python",
                        Python.DEBIAN,
                        "-w",
                        "asking:application",
                        "--gevent",
                        "500",
                        "--gevent-early-monkey-patch");
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            for (int i = 0; i < 250; i++) {
                asked.add(get(client, site, "/ask"));
            }
            for (CompletableFuture<String> each : asked) {
                assertThat(each.get(120, TimeUnit.SECONDS)).startsWith("waited ");
            }

            // Each of them with the request that it waits for.
            assertThat(Integer.parseInt(get(client, site, "/most").get(20, TimeUnit.SECONDS)))
                    .isBetween(251, 500);
        }
    }
}
