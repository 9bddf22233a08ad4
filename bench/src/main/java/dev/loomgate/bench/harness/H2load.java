package dev.loomgate.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// nghttp2's load generator, for HTTP/2 in the clear by prior knowledge: one thread, a fixed number of connections, on
/// each a fixed number of streams, each asking again as soon as it is answered.
///
/// @param streams of each connection
public record H2load(int connections, int streams, Duration duration) implements LoadGenerator {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern REQUESTS = Pattern.compile(
            "requests: \\d+ total, \\d+ started, (\\d+) done, (\\d+) succeeded, (\\d+) failed, (\\d+) errored");
    private static final Pattern RATE = Pattern.compile("finished in [^,]+, ([\\d.]+) req/s");

    @Override
    public WrkReport run(String url, List<String> options) throws IOException, InterruptedException {
        // It tells no percentiles; its log has each request's time.
        Path log = Files.createTempFile("loomgate-bench", ".h2load");
        try {
            List<String> command = new ArrayList<>(List.of(
                    "h2load",
                    "-t1",
                    "-c" + connections,
                    "-m" + streams,
                    "-D" + duration.toSeconds(),
                    "--log-file=" + log));
            command.addAll(options);
            command.add(url);
            return report(Command.output(command, duration.plus(PATIENCE)), micros(log));
        } finally {
            Files.deleteIfExists(log);
        }
    }

    private static WrkReport report(String output, double[] micros) {
        MatchResult requests = first(REQUESTS, output);
        long succeeded = Long.parseLong(requests.group(2));
        return new WrkReport(
                Long.parseLong(requests.group(1)),
                Long.parseLong(requests.group(1)) - succeeded,
                Long.parseLong(requests.group(4)),
                Double.parseDouble(first(RATE, output).group(1)),
                percentile(micros, 50) / 1000,
                percentile(micros, 99) / 1000);
    }

    // Lines of: when it was sent, the status, how many microseconds it took.
    private static double[] micros(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.mapToDouble(line -> Double.parseDouble(line.split("\t", -1)[2]))
                    .sorted()
                    .toArray();
        }
    }

    private static double percentile(double[] sorted, int percent) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) ((sorted.length - 1L) * percent / 100)];
    }

    private static MatchResult first(Pattern pattern, String output) {
        return pattern.matcher(output)
                .results()
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("h2load said no " + pattern + ": " + output));
    }
}
