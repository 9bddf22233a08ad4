package dev.loomgate.cli.cron;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A request by the clock, as uWSGI makes it with libcurl: GET, redirects are followed, a minute for all of it. What is
/// answered is dropped, and the log has the status.
final class CronRequest {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    /// uWSGI's: jobs have minutes.
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private static final int LEAST_ERROR = 400;

    private CronRequest() {}

    /// Begins one. Returns at once.
    ///
    /// @param shown what the log calls it
    /// @param failed called if it isn't answered, or with a status from 400 on
    static void begin(URI url, String shown, Runnable failed) {
        Thread.ofVirtual().name("loomgate-cron-request").start(() -> {
            if (!run(url, shown, LIMIT)) {
                failed.run();
            }
        });
    }

    /// Waits for its end.
    ///
    /// @return whether it is answered with a status below 400
    static boolean run(URI url, String shown, Duration limit) {
        LOG.log(Level.INFO, "cron: ''{0}'' is requested", shown);
        long began = System.nanoTime();
        try (HttpClient client = HttpClient.newBuilder()
                .version(Version.HTTP_1_1)
                .followRedirects(Redirect.ALWAYS)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build()) {
            CompletableFuture<HttpResponse<Void>> answer = client.sendAsync(request(url), BodyHandlers.discarding());
            try {
                int status = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS).statusCode();
                LOG.log(
                        status < LEAST_ERROR ? Level.INFO : Level.WARNING,
                        "cron: ''{0}'' is answered {1} after {2} s",
                        shown,
                        status,
                        Duration.ofNanos(System.nanoTime() - began).toSeconds());
                return status < LEAST_ERROR;
            } catch (ExecutionException e) {
                LOG.log(Level.ERROR, "cron: ''{0}'' isn''t answered: {1}", shown, e.getCause());
            } catch (TimeoutException e) {
                LOG.log(Level.ERROR, "cron: ''{0}'' isn''t answered within {1} s", shown, limit.toSeconds());
            } finally {
                client.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private static HttpRequest request(URI url) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url).header("Accept", "*/*").header("User-Agent", "loomgate");
        String user = url.getUserInfo();
        if (user != null) {
            byte[] bytes = (user.indexOf(':') < 0 ? user + ":" : user).getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
        }
        return request.build();
    }
}
