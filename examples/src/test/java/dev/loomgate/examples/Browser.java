package dev.loomgate.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Debian's Chromium, driven by chromedriver over HTTP (W3C WebDriver).
final class Browser implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
    private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");
    private static final Duration TIME = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIME)
            .build();
    private final Process driver;
    private final String session;

    /// @param profile a directory that doesn't exist yet
    Browser(Path profile) throws IOException, InterruptedException {
        this(profile, List.of("--disable-quic"));
    }

    /// @param profile a directory that doesn't exist yet
    /// @param switches Chromium's, besides those that each test has
    Browser(Path profile, List<String> switches) throws IOException, InterruptedException {
        driver = new ProcessBuilder("chromedriver", "--port=0")
                .redirectErrorStream(true)
                .start();
        BufferedReader output = driver.inputReader(StandardCharsets.UTF_8);
        String port = null;
        while (port == null) {
            String line = Objects.requireNonNull(output.readLine(), "chromedriver has not started");
            Matcher matcher = PORT.matcher(line);
            port = matcher.find() ? matcher.group(1) : null;
        }
        // Else the driver would wait for somebody to read what it writes.
        Thread.ofVirtual().start(() -> output.lines().forEach(_ -> {}));
        String root = "http://127.0.0.1:" + port + "/session";
        Map<String, Object> options = Map.of(
                "args",
                Stream.concat(
                                switches.stream(),
                                Stream.of(
                                        "--headless",
                                        "--no-sandbox",
                                        "--disable-gpu",
                                        "--no-first-run",
                                        "--disable-background-networking",
                                        "--disable-component-update",
                                        "--disable-sync",
                                        "--disable-dev-shm-usage",
                                        "--no-proxy-server",
                                        "--window-size=1100,900",
                                        "--user-data-dir=" + profile))
                        .toList());
        try {
            JsonNode created = send(
                    "POST", root, Map.of("capabilities", Map.of("alwaysMatch", Map.of("goog:chromeOptions", options))));
            session = root + "/" + created.get("sessionId").asString();
        } catch (IOException | InterruptedException | RuntimeException e) {
            driver.destroy();
            throw e;
        }
    }

    Browser open(String url) throws IOException, InterruptedException {
        send("POST", session + "/url", Map.of("url", url));
        return this;
    }

    String url() throws IOException, InterruptedException {
        return send("GET", session + "/url", null).asString();
    }

    String title() throws IOException, InterruptedException {
        return send("GET", session + "/title", null).asString();
    }

    /// What a script returns.
    JsonNode run(String script) throws IOException, InterruptedException {
        return send("POST", session + "/execute/sync", Map.of("script", script, "args", List.of()));
    }

    /// The text that somebody sees.
    String text() throws IOException, InterruptedException {
        return run("return document.body.innerText").asString();
    }

    Browser type(String selector, String text) throws IOException, InterruptedException {
        send("POST", element(selector) + "/value", Map.of("text", text));
        return this;
    }

    Browser click(String selector) throws IOException, InterruptedException {
        send("POST", element(selector) + "/click", Map.of());
        return this;
    }

    private String element(String selector) throws IOException, InterruptedException {
        JsonNode found = send("POST", session + "/element", Map.of("using", "css selector", "value", selector));
        return session + "/element/" + found.get(ELEMENT).asString();
    }

    /// Keeps a picture of the page in `target/screenshots`, for somebody to look at.
    void screenshot(String name) throws IOException, InterruptedException {
        byte[] png = Base64.getDecoder()
                .decode(send("GET", session + "/screenshot", null).asString());
        Path directory = Files.createDirectories(Path.of("target", "screenshots"));
        Files.write(directory.resolve(name + ".png"), png);
    }

    private JsonNode send(String method, String url, @Nullable Object body) throws IOException, InterruptedException {
        BodyPublisher publisher =
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body));
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .method(method, publisher)
                .timeout(TIME)
                .build();
        JsonNode answer = JSON.readTree(
                        http.send(request, BodyHandlers.ofString()).body())
                .get("value");
        if (answer.has("error")) {
            throw new IOException(method + " " + url + ": " + answer);
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        try {
            send("DELETE", session, null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            driver.destroy();
            http.close();
        }
        try {
            if (!driver.waitFor(20, TimeUnit.SECONDS)) {
                throw new IOException("chromedriver doesn't end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
