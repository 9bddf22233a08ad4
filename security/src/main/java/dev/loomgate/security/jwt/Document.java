package dev.loomgate.security.jwt;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A document of another server, fetched within a time and a size. Redirects are not followed.
///
/// @param url `https`, or `http` on this machine
record Document(URI url, Duration timeout, int maxBytes) {
    /// @throws IllegalArgumentException if the URL is another one
    Document {
        String host = url.getHost();
        boolean here = host != null && (host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]"));
        if (host == null || !("https".equals(url.getScheme()) || ("http".equals(url.getScheme()) && here))) {
            throw new IllegalArgumentException("%s is no https:// URL".formatted(url));
        }
    }

    /// Fetches it. The calling thread parks; a microthread lets its loop go on meanwhile, since all of
    /// it happens in a thread of its own: the first connection reads the JDK's certificates.
    ///
    /// @throws IOException if it can't be fetched, with one line that has the URL
    String fetch() throws IOException {
        FutureTask<String> fetch = new FutureTask<>(this::get);
        Thread.ofVirtual().name("fetch " + url.getHost()).start(fetch);
        try {
            return fetch.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("%s took longer than %d ms (timeout)".formatted(url, timeout.toMillis()), e);
        } catch (ExecutionException e) {
            throw new IOException("%s: %s".formatted(url, e.getCause()), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("%s: interrupted".formatted(url), e);
        } finally {
            fetch.cancel(true);
        }
    }

    private String get() throws IOException, InterruptedException {
        // One for each fetch, which is one in minutes: nothing stays open between.
        HttpClient client = HttpClient.newBuilder().connectTimeout(timeout).build();
        try {
            HttpResponse<byte[]> response = client.send(
                    HttpRequest.newBuilder(url)
                            .header("Accept", "application/json")
                            .build(),
                    BodyHandlers.limiting(BodyHandlers.ofByteArray(), maxBytes));
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode());
            }
            return new String(response.body(), StandardCharsets.UTF_8);
        } finally {
            client.shutdownNow();
        }
    }
}
