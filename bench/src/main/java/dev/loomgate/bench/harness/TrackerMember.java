package dev.loomgate.bench.harness;

import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Somebody who has logged in at a tracker, or at one of its twins: what `wrk` needs for a member's requests.
public final class TrackerMember implements AutoCloseable {
    /// Of the user `admin`.
    public static final String PASSWORD = "welcome";

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Pattern TOKEN = Pattern.compile("name=\"csrf_token\" value=\"([^\"]+)\"");

    private final Address address;
    private final CookieManager cookies = new CookieManager();
    private final HttpClient client = HttpClient.newBuilder()
            .cookieHandler(cookies)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    private TrackerMember(Address address) {
        this.address = address;
    }

    /// Logs in.
    ///
    /// @throws IOException if that is refused
    public static TrackerMember logIn(Address address) throws IOException, InterruptedException {
        TrackerMember member = new TrackerMember(address);
        try {
            member.post("/login", Map.of("csrf_token", member.token("/login"), "name", "admin", "password", PASSWORD));
            return member;
        } catch (IOException | InterruptedException e) {
            member.close();
            throw e;
        }
    }

    /// Adds so many issues, by form.
    ///
    /// @throws IOException if one is refused
    public void add(int issues) throws IOException, InterruptedException {
        String token = token("/");
        for (int i = 1; i <= issues; i++) {
            post("/", Map.of("csrf_token", token, "title", "Issue " + i, "text", "Since Monday, <again>."));
        }
    }

    /// The options of a `wrk` that changes an issue by form, again and again.
    ///
    /// @param page the issue's
    /// @param script is written
    public List<String> changing(String page, Path script) throws IOException, InterruptedException {
        Map<String, String> fields = Map.of(
                "csrf_token", token(page), "title", "A changed issue", "text", "Not any more.", "state", "DOING");
        Files.writeString(script, """
                wrk.method = "POST"
                wrk.headers["Cookie"] = "%s"
                wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
                wrk.body = "%s"
                """.formatted(cookie(), encoded(fields)));
        return List.of("-s", script.toString());
    }

    private String cookie() {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> !cookie.getValue().isEmpty())
                .map(TrackerMember::sent)
                .collect(Collectors.joining("; "));
    }

    private static String sent(HttpCookie cookie) {
        return cookie.getName() + "=" + cookie.getValue();
    }

    private String token(String page) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address.url(page)))
                .timeout(LIMIT)
                .build();
        String text = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        Matcher token = TOKEN.matcher(text);
        if (!token.find()) {
            throw new IOException("no form at " + address.url(page));
        }
        return token.group(1);
    }

    private void post(String path, Map<String, String> fields) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address.url(path)))
                .timeout(LIMIT)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(encoded(fields)))
                .build();
        int status =
                client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status != 303) {
            throw new IOException("a form at " + address.url(path) + " was answered by " + status);
        }
    }

    private static String encoded(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    @Override
    public void close() {
        client.close();
    }
}
