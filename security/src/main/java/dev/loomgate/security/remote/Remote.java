package dev.loomgate.security.remote;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A URL of another server, asked within a time and a size. Redirects are not followed.
///
/// The calling thread parks; a microthread lets its loop go on meanwhile, since all of it happens in a
/// thread of its own: the first connection reads the JDK's certificates.
///
/// @param url `https`, or `http` on this machine
/// @param timeout for all of an exchange
/// @param maxBytes of a response's body
public record Remote(URI url, Duration timeout, int maxBytes) {
    /// What came back.
    ///
    /// @param contentType empty if there is none
    public record Answer(int status, String contentType, String body) {}

    /// @throws IllegalArgumentException if the URL is another one
    public Remote {
        requireSafe(url);
    }

    /// Refuses a URL that others could read or change on its way.
    ///
    /// @throws IllegalArgumentException if it is neither `https` nor `http` on this machine
    public static URI requireSafe(URI url) {
        String host = url.getHost();
        boolean here = host != null && (host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]"));
        if (host == null || !("https".equals(url.getScheme()) || ("http".equals(url.getScheme()) && here))) {
            throw new IllegalArgumentException("%s is no https:// URL".formatted(url));
        }
        return url;
    }

    /// The document that is there.
    ///
    /// @throws IOException if it can't be fetched, with one line that has the URL
    public String document() throws IOException {
        Answer answer = ask(HttpRequest.newBuilder(url));
        if (answer.status() != 200) {
            throw new IOException("%s: status %d".formatted(url, answer.status()));
        }
        return answer.body();
    }

    /// The answer to a form, whatever its status.
    ///
    /// @param form as it is sent: `application/x-www-form-urlencoded`
    /// @param authorization the header's value; or null for none
    /// @throws IOException if there is no answer, with one line that has the URL
    public Answer post(String form, @Nullable String authorization) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return ask(request);
    }

    private Answer ask(HttpRequest.Builder request) throws IOException {
        FutureTask<Answer> exchange = new FutureTask<>(() -> send(request));
        Thread.ofVirtual().name("fetch " + url.getHost()).start(exchange);
        try {
            return exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("%s took longer than %d ms (timeout)".formatted(url, timeout.toMillis()), e);
        } catch (ExecutionException e) {
            throw new IOException("%s: %s".formatted(url, e.getCause()), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("%s: interrupted".formatted(url), e);
        } finally {
            exchange.cancel(true);
        }
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        // One for each exchange, which are few: nothing stays open between.
        HttpClient client = HttpClient.newBuilder().connectTimeout(timeout).build();
        try {
            HttpResponse<byte[]> response = client.send(
                    request.header("Accept", "application/json").build(),
                    BodyHandlers.limiting(BodyHandlers.ofByteArray(), maxBytes));
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse(""),
                    new String(response.body(), StandardCharsets.UTF_8));
        } finally {
            client.shutdownNow();
        }
    }
}
