package dev.loomgate.cli;

import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A Python site with a dashboard.
final class DashboardSite implements AutoCloseable {
    static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String PROGRAM = """
            import time

            def sleep_long():
                time.sleep(600)

            def application(environ, start_response):
                if environ["PATH_INFO"] == "/sleep":
                    sleep_long()
                if environ["PATH_INFO"] == "/fail":
                    raise ValueError("as it was asked to")
                start_response("200 OK", [("Content-Type", "text/plain")])
                return [b"hello"]
            """;

    private final LoomgateProcess process;
    private final URI page;

    private DashboardSite(LoomgateProcess process) throws IOException, InterruptedException {
        this.process = process;
        page = URI.create(process.await(Pattern.compile("dashboard: (http://[0-9.:]+) \\(--dashboard\\)"))
                        .group(1)
                + "/");
    }

    static DashboardSite start(Path directory, String... more) throws IOException, InterruptedException {
        Files.writeString(directory.resolve("program.py"), PROGRAM);
        List<String> arguments = new ArrayList<>(List.of(
                "--http",
                "127.0.0.1:0",
                "--python",
                Python.DEBIAN,
                "-w",
                "program",
                "--processes",
                "2",
                "--dashboard",
                "127.0.0.1:0"));
        arguments.addAll(List.of(more));
        return new DashboardSite(LoomgateProcess.start(directory, arguments.toArray(new String[0])));
    }

    /// Of a server that runs already.
    static DashboardSite of(LoomgateProcess process) throws IOException, InterruptedException {
        return new DashboardSite(process);
    }

    LoomgateProcess process() {
        return process;
    }

    /// Where the page is.
    URI page() {
        return page;
    }

    /// A connection to the dashboard.
    HttpPeer peer() throws IOException {
        return HttpPeer.to(new InetSocketAddress(page.getHost(), page.getPort()));
    }

    /// What the dashboard answers.
    ///
    /// @param fields further lines of the head, each with its end
    HttpPeer.Answer ask(String method, String target, String fields, String content) throws IOException {
        try (HttpPeer peer = peer()) {
            return peer.send(method + " " + target + " HTTP/1.1\r\n"
                            + (fields.contains("Host:") ? "" : "Host: " + page.getAuthority() + "\r\n") + fields
                            + (content.isEmpty()
                                    ? ""
                                    : "Content-Type: application/json\r\nContent-Length: " + content.length() + "\r\n")
                            + "\r\n" + content)
                    .answer();
        }
    }

    HttpPeer.Answer get(String target) throws IOException {
        return ask("GET", target, "", "");
    }

    HttpPeer.Answer post(String target, String fields) throws IOException {
        return ask("POST", target, fields, "{\"subject\":\"\"}");
    }

    /// The site itself is asked.
    ///
    /// @param fields further lines of the head, each with its end
    HttpPeer askSite(String target, String fields) throws IOException, InterruptedException {
        URI site = process.uri("/");
        return HttpPeer.to(new InetSocketAddress(site.getHost(), site.getPort()))
                .send("GET " + target + " HTTP/1.1\r\nHost: shop.example\r\n" + fields + "\r\n");
    }

    /// The stream of events.
    Stream stream() throws IOException {
        return new Stream(peer().send("GET /events HTTP/1.1\r\nHost: " + page.getAuthority() + "\r\n\r\n"));
    }

    /// Events as they come. Used by one thread.
    static final class Stream implements AutoCloseable {
        private final HttpPeer peer;
        private final StringBuilder all = new StringBuilder();
        private int read;

        private Stream(HttpPeer peer) throws IOException {
            this.peer = peer;
            while (!peer.line().isEmpty()) {
                // the head
            }
        }

        /// The next event's name and data.
        JsonNode next(String name) throws IOException {
            boolean wanted = false;
            while (true) {
                String line = line();
                if (line.startsWith("event: ")) {
                    wanted = line.equals("event: " + name);
                } else if (wanted && line.startsWith("data: ")) {
                    return JSON.readTree(line.substring("data: ".length()));
                }
            }
        }

        // The stream's lines, out of the chunks that it comes in.
        private String line() throws IOException {
            while (true) {
                int end = all.indexOf("\n", read);
                if (end >= 0) {
                    String line = all.substring(read, end);
                    read = end + 1;
                    return line;
                }
                all.append(new String(peer.take(Integer.parseInt(peer.line(), 16)), StandardCharsets.UTF_8));
                peer.line();
            }
        }

        /// The first tick that is so, among the next 60.
        JsonNode tick(String expected, Predicate<JsonNode> condition) throws IOException {
            JsonNode tick = JSON.createObjectNode();
            for (int i = 0; i < 60; i++) {
                tick = next("message");
                if (condition.test(tick)) {
                    return tick;
                }
            }
            throw new AssertionError(expected + ": not in " + tick);
        }

        /// All that has come.
        String text() {
            return all.toString();
        }

        /// What comes until the server ends it.
        String rest() throws IOException {
            return peer.rest();
        }

        @Override
        public void close() throws IOException {
            peer.close();
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
