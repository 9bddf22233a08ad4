package dev.loomgate.bench.harness;

import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `wrk --latency` prints, as figures. Latencies are in milliseconds; `complaints` is what wrk says about
/// socket errors and statuses other than 2xx and 3xx, empty if it says nothing.
public record WrkReport(
        long requests,
        double requestsPerSecond,
        double medianMillis,
        double p99Millis,
        long errors,
        String complaints) {
    private static final Map<String, Double> MILLIS = Map.of("us", 0.001, "ms", 1.0, "s", 1_000.0, "m", 60_000.0);
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ");
    private static final Pattern RATE = Pattern.compile("Requests/sec: +([\\d.]+)");
    private static final Pattern COMPLAINT = Pattern.compile("(?:Socket errors|Non-2xx or 3xx responses): .*");
    private static final Pattern COUNT = Pattern.compile("\\d+\\b(?!xx)");

    public static WrkReport parse(String output) {
        Matcher complaint = COMPLAINT.matcher(output);
        StringBuilder complaints = new StringBuilder();
        long errors = 0;
        while (complaint.find()) {
            complaints.append(complaints.isEmpty() ? "" : "; ").append(complaint.group());
            String counts = complaint.group().substring(complaint.group().indexOf(':'));
            errors += COUNT.matcher(counts)
                    .results()
                    .mapToLong(count -> Long.parseLong(count.group()))
                    .sum();
        }
        return new WrkReport(
                Long.parseLong(first(REQUESTS, output).group(1)),
                Double.parseDouble(first(RATE, output).group(1)),
                latency("50%", output),
                latency("99%", output),
                errors,
                complaints.toString());
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
