package dev.loomgate.bench.harness;

import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// What `wrk --latency` prints, as figures. Latencies are in milliseconds.
///
/// @param requests answers that came
/// @param refused those of them with another status than 2xx and 3xx
/// @param socketErrors connections that failed, reads and writes that did, time-outs
public record WrkReport(
        long requests,
        long refused,
        long socketErrors,
        double requestsPerSecond,
        double medianMillis,
        double p99Millis) {
    private static final Map<String, Double> MILLIS = Map.of("us", 0.001, "ms", 1.0, "s", 1_000.0, "m", 60_000.0);
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ");
    private static final Pattern RATE = Pattern.compile("Requests/sec: +([\\d.]+)");
    private static final Pattern REFUSED = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
    private static final Pattern SOCKET_ERRORS =
            Pattern.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");

    /// @throws IllegalArgumentException if wrk said something else
    public static WrkReport parse(String output) {
        return new WrkReport(
                Long.parseLong(first(REQUESTS, output).group(1)),
                sum(REFUSED, output),
                sum(SOCKET_ERRORS, output),
                Double.parseDouble(first(RATE, output).group(1)),
                latency("50%", output),
                latency("99%", output));
    }

    /// Answers as wanted.
    public long answered() {
        return requests - refused;
    }

    public long errors() {
        return refused + socketErrors;
    }

    /// Errors for the reader, empty if there were none.
    public String complaints() {
        return errors() == 0 ? "" : refused + " refused, " + socketErrors + " socket errors";
    }

    private static long sum(Pattern counts, String output) {
        return counts.matcher(output)
                .results()
                .flatMapToLong(found -> IntStream.rangeClosed(1, found.groupCount())
                        .mapToLong(group -> Long.parseLong(found.group(group))))
                .sum();
    }

    private static double latency(String percentile, String output) {
        MatchResult found = first(Pattern.compile(percentile + " +([\\d.]+)(us|ms|s|m)\\b"), output);
        return Double.parseDouble(found.group(1)) * MILLIS.getOrDefault(found.group(2), Double.NaN);
    }

    private static MatchResult first(Pattern pattern, String output) {
        return pattern.matcher(output)
                .results()
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("wrk said no " + pattern + ": " + output));
    }
}
