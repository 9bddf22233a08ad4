package dev.loomgate.testkit.peers;

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
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Debian's Chromium with one page, driven by chromedriver over HTTP (W3C WebDriver). Used by one thread.
public final class Browser implements AutoCloseable {
    /// The key Enter, for [#type]: WebDriver section 17.4.2.
    public static final String ENTER = "\ue007";

    /// The key Tab.
    public static final String TAB = "\ue004";

    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
    private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");
    private static final Duration TIME = Duration.ofSeconds(60);

    /// JSON, which the JDK doesn't have: values are maps, lists, texts, numbers, truth values and null.
    public record Json(Function<Object, byte[]> writer, Function<byte[], @Nullable Object> reader) {}

    private final Json json;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIME)
            .build();
    private final Process driver;
    private final String session;

    /// @param profile a directory that doesn't exist yet
    public Browser(Path profile, Json json) throws IOException, InterruptedException {
        this(profile, List.of("--disable-quic"), json);
    }

    /// @param profile a directory that doesn't exist yet
    /// @param switches Chromium's, besides those that each test has
    public Browser(Path profile, List<String> switches, Json json) throws IOException, InterruptedException {
        this.json = json;
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
            Object created = send(
                    "POST", root, Map.of("capabilities", Map.of("alwaysMatch", Map.of("goog:chromeOptions", options))));
            session = root + "/" + ((Map<?, ?>) Objects.requireNonNull(created)).get("sessionId");
        } catch (IOException | InterruptedException | RuntimeException e) {
            driver.destroy();
            throw e;
        }
    }

    /// Goes there, and returns when the page is loaded.
    public Browser open(String url) throws IOException, InterruptedException {
        send("POST", session + "/url", Map.of("url", url));
        return this;
    }

    /// Makes the window another one: a telephone's, or one in the dark.
    ///
    /// @param width in CSS pixels; below 600 it is a telephone's
    /// @param height likewise
    /// @param scheme the colours that its user prefers: `dark` or `light`
    public Browser window(int width, int height, String scheme) throws IOException, InterruptedException {
        devTools(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        devTools(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        return this;
    }

    private void devTools(String command, Map<String, ?> parameters) throws IOException, InterruptedException {
        send("POST", session + "/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
    }

    /// Where it is.
    public String url() throws IOException, InterruptedException {
        return String.valueOf(send("GET", session + "/url", null));
    }

    /// The page's title.
    public String title() throws IOException, InterruptedException {
        return String.valueOf(send("GET", session + "/title", null));
    }

    /// What a script returns, as text.
    public String run(String script) throws IOException, InterruptedException {
        return String.valueOf(send("POST", session + "/execute/sync", Map.of("script", script, "args", List.of())));
    }

    /// The text that somebody sees.
    public String text() throws IOException, InterruptedException {
        return run("return document.body.innerText");
    }

    /// Types text into an element, which has the keyboard then.
    public Browser type(String selector, String text) throws IOException, InterruptedException {
        send("POST", element(selector) + "/value", Map.of("text", text));
        return this;
    }

    /// Clicks on an element.
    public Browser click(String selector) throws IOException, InterruptedException {
        send("POST", element(selector) + "/click", Map.of());
        return this;
    }

    /// Presses a key, for whatever has the keyboard.
    public Browser press(String key) throws IOException, InterruptedException {
        List<Map<String, String>> strokes =
                List.of(Map.of("type", "keyDown", "value", key), Map.of("type", "keyUp", "value", key));
        Map<String, ?> keyboard = Map.of("type", "key", "id", "keyboard", "actions", strokes);
        send("POST", session + "/actions", Map.of("actions", List.of(keyboard)));
        return this;
    }

    private String element(String selector) throws IOException, InterruptedException {
        Object found = send("POST", session + "/element", Map.of("using", "css selector", "value", selector));
        return session + "/element/" + ((Map<?, ?>) Objects.requireNonNull(found)).get(ELEMENT);
    }

    /// Keeps a picture of the page in `target/screenshots`, for somebody to look at.
    public void screenshot(String name) throws IOException, InterruptedException {
        byte[] png = Base64.getDecoder().decode(String.valueOf(send("GET", session + "/screenshot", null)));
        Path directory = Files.createDirectories(Path.of("target", "screenshots"));
        Files.write(directory.resolve(name + ".png"), png);
    }

    private @Nullable Object send(String method, String url, @Nullable Object body)
            throws IOException, InterruptedException {
        BodyPublisher publisher = body == null
                ? BodyPublishers.noBody()
                : BodyPublishers.ofByteArray(json.writer().apply(body));
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .method(method, publisher)
                .timeout(TIME)
                .build();
        byte[] response = http.send(request, BodyHandlers.ofByteArray()).body();
        Object answer = ((Map<?, ?>) Objects.requireNonNull(json.reader().apply(response))).get("value");
        if (answer instanceof Map<?, ?> problem && problem.containsKey("error")) {
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
