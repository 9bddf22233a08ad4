package dev.loomgate.bench.harness;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Connections of TLS 1.3, one after the other, each with one request of HTTP/1.0: `openssl s_time`. What is
/// counted as an answer is a connection.
///
/// @param resumed whether each resumes the first one's session; one that doesn't counts as refused
public record Handshakes(boolean resumed, Duration duration) implements LoadGenerator {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pattern COUNT = Pattern.compile("(\\d+) connections in (\\d+) real seconds");
    // A character for each connection: r is one that was resumed.
    private static final Pattern EACH = Pattern.compile("^[r*]+$", Pattern.MULTILINE);

    @Override
    public WrkReport run(String url, List<String> options) throws IOException, InterruptedException {
        String hostAndPort = url.replaceFirst("https://([^/]*)/.*", "$1");
        List<String> command = new ArrayList<>(List.of("openssl", "s_time", "-tls1_3", "-www", "/", "-connect"));
        command.addAll(List.of(hostAndPort, "-time", Long.toString(duration.toSeconds()), resumed ? "-reuse" : "-new"));
        command.addAll(options);
        return parse(Command.output(command, duration.plus(PATIENCE)), resumed);
    }

    /// What `openssl s_time` has printed.
    ///
    /// @throws IllegalArgumentException if it said something else
    static WrkReport parse(String output, boolean resumed) {
        MatchResult count = COUNT.matcher(output)
                .results()
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("openssl s_time said no number: " + output));
        long connections = Long.parseLong(count.group(1));
        long others = EACH.matcher(output)
                .results()
                .flatMapToInt(line -> line.group().chars())
                .filter(each -> each == 'r' != resumed)
                .count();
        double seconds = Double.parseDouble(count.group(2));
        return new WrkReport(connections, others, 0, connections / seconds, Double.NaN, Double.NaN);
    }
}
