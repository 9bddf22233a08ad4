package dev.loomgate.bench.arena;

import dev.loomgate.bench.harness.Command;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/// Requests by the command `curl`, as HttpArena's validator makes them: the JDK's client can't speak
/// HTTP/2 by prior knowledge.
final class Curl {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String FORMAT = "%{http_version} %{http_code}";

    private Curl() {}

    /// An answer.
    ///
    /// @param version `1.1` or `2`; `0` if there was none
    /// @param status 0 if there was no answer
    /// @param head the header's lines
    @SuppressWarnings("ArrayRecordComponent")
    record Reply(String version, int status, List<String> head, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /// The first field of that name; empty if there is none.
        String field(String name) {
            String prefix = name.toLowerCase(Locale.ROOT) + ":";
            return head.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                    .map(line -> line.substring(prefix.length()).strip())
                    .findFirst()
                    .orElse("");
        }

        /// The body as it was before it was compressed.
        byte[] decoded() throws IOException {
            String coding = field("Content-Encoding");
            return switch (coding) {
                case "" -> body;
                case "gzip" -> new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
                default -> throw new IOException("Content-Encoding: " + coding);
            };
        }
    }

    /// Asks `url`; a failure of curl's is an answer of status 0.
    static Reply ask(String url, String... options) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("loomgate-arena");
        Path head = folder.resolve("head");
        Path body = folder.resolve("body");
        try {
            List<String> command = new ArrayList<>(List.of("curl", "-sk", "--max-time", "30", "-w", FORMAT));
            command.addAll(List.of("-D", head.toString(), "-o", body.toString()));
            command.addAll(List.of(options));
            command.add(url);
            String[] said = Command.said(command, LIMIT).strip().split(" ", -1);
            return new Reply(
                    said[0],
                    Integer.parseInt(said[1]),
                    Files.exists(head) ? Files.readAllLines(head, StandardCharsets.ISO_8859_1) : List.of(),
                    Files.exists(body) ? Files.readAllBytes(body) : new byte[0]);
        } finally {
            Files.deleteIfExists(head);
            Files.deleteIfExists(body);
            Files.deleteIfExists(folder);
        }
    }
}
