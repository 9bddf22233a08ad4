package dev.loomgate.cli;

import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import dev.loomgate.testkit.peers.Nginx;
import java.io.IOException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A program of a plugin of uWSGI's, by one file of options in Debian's uWSGI and here: directly, and behind
/// nginx, which speaks uwsgi with the plugin's modifiers.
final class BesideUwsgi implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path directory;
    private final int modifier1;
    private final int modifier2;
    private final UwsgiProcess uwsgi;
    private final LoomgateProcess loomgate;
    private final Nginx nginx;

    /// @param site what is in the file
    /// @param plugins of uWSGI's
    /// @param uwsgiOptions more of uWSGI's
    /// @param loomgateOptions more of ours
    BesideUwsgi(
            Path directory,
            String site,
            String plugins,
            int modifier1,
            int modifier2,
            List<String> uwsgiOptions,
            List<String> loomgateOptions)
            throws Exception {
        this.directory = directory;
        this.modifier1 = modifier1;
        this.modifier2 = modifier2;
        Files.writeString(directory.resolve("site.ini"), site);
        List<String> there = new ArrayList<>(List.of("--plugin", plugins, "--http-socket-modifier1", "" + modifier1));
        there.addAll(List.of("--http-socket-modifier2", "" + modifier2));
        there.addAll(uwsgiOptions);
        there.addAll(List.of("--ini", "site.ini"));
        uwsgi = UwsgiProcess.start(directory, there.toArray(String[]::new));
        List<String> here = new ArrayList<>(List.of("--http", "127.0.0.1:0", "-s", socket().toString()));
        here.addAll(List.of("--ini", "site.ini"));
        here.addAll(loomgateOptions);
        loomgate = LoomgateProcess.start(directory, here.toArray(String[]::new));
        nginx = Nginx.start(
                directory,
                Nginx.uwsgiPass(
                        "/",
                        "unix:" + socket(),
                        "uwsgi_modifier1 " + modifier1 + ";",
                        "uwsgi_modifier2 " + modifier2 + ";"));
    }

    private Path socket() {
        return directory.resolve("s");
    }

    URI there(String target) {
        return URI.create("http://127.0.0.1:" + uwsgi.address().getPort() + target);
    }

    URI here(String target) throws IOException, InterruptedException {
        return loomgate.uri(target);
    }

    URI behindNginx(String target) {
        return nginx.uri(target);
    }

    /// Asks by GET, or with a body by POST; the field X-File names a file that is there.
    HttpResponse<String> ask(URI uri, String body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(uri)
                        .method(
                                body.isEmpty() ? "GET" : "POST",
                                body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .timeout(LIMIT)
                        .header("X-One", "1")
                        .header("X-File", directory.resolve("site.ini").toString())
                        .build(),
                BodyHandlers.ofString());
    }

    /// All bytes that uWSGI sends, which may be no response.
    String bytesFromThere(String target) throws IOException {
        try (RawClient client = RawClient.connect(uwsgi.address())) {
            client.send("GET " + target + " HTTP/1.0\r\nHost: a\r\n\r\n");
            return client.receiveText();
        }
    }

    /// What we send for a packet with the plugin's modifiers.
    String answerToAPacket() throws IOException {
        try (RawClient client = RawClient.connect(UnixDomainSocketAddress.of(socket()))) {
            client.send(UwsgiPacket.request("GET", "/")
                    .modifier1(modifier1)
                    .modifier2(modifier2)
                    .bytes());
            return client.receiveText();
        }
    }

    @Override
    public void close() {
        nginx.close();
        loomgate.close();
        uwsgi.close();
    }
}
