package dev.loomgate.bench.harness;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What JMH writes with `-rf json`: an array with an object for each benchmark and each choice of its parameters.
///
/// ```json
/// [{"benchmark": "a.b.C.find", "params": {"rules": "10"},
///   "primaryMetric": {"scoreUnit": "ns/op", "rawData": [[101.5, 99.8]]},
///   "secondaryMetrics": {"gc.alloc.rate.norm": {"rawData": [[96.0, 96.0]]}}}]
/// ```
public final class JmhReport {
    private static final String BYTES = "gc.alloc.rate.norm";

    private final Map<String, Line> lines = new LinkedHashMap<>();

    /// @param nanos for one operation, a figure for each iteration
    /// @param bytes allocated by one operation, the same; empty without `-prof gc`
    private record Line(List<Double> nanos, List<Double> bytes) {}

    /// Adds what another run has found.
    ///
    /// @throws IllegalArgumentException if it is no such report, or one of another unit than ns/op
    public void add(String json) {
        JsonNode benchmarks;
        try {
            benchmarks = JsonMapper.shared().readTree(json);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("not JMH's: " + json, e);
        }
        if (!benchmarks.isArray() || benchmarks.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured: " + json);
        }
        benchmarks.forEach(this::addBenchmark);
    }

    private void addBenchmark(JsonNode benchmark) {
        JsonNode primary = benchmark.path("primaryMetric");
        if (!primary.path("scoreUnit").asString("none").equals("ns/op")) {
            throw new IllegalArgumentException("not in ns/op: " + benchmark);
        }
        String name = benchmark.path("benchmark").asString("");
        Map<String, String> parameters = new LinkedHashMap<>();
        benchmark
                .path("params")
                .properties()
                .forEach(each -> parameters.put(each.getKey(), each.getValue().asString("")));
        Line line = lines.computeIfAbsent(
                key(name.substring(name.lastIndexOf('.') + 1), parameters),
                _ -> new Line(new ArrayList<>(), new ArrayList<>()));
        line.nanos().addAll(figures(primary));
        line.bytes().addAll(figures(benchmark.path("secondaryMetrics").path(BYTES)));
    }

    private static List<Double> figures(JsonNode metric) {
        return StreamSupport.stream(metric.path("rawData").spliterator(), false)
                .flatMap(fork -> StreamSupport.stream(fork.spliterator(), false))
                .map(JsonNode::asDouble)
                .toList();
    }

    /// Nanoseconds for one operation of a benchmark's method with these parameters, over all iterations of all runs.
    ///
    /// @throws IllegalArgumentException if that wasn't measured
    public Spread nanos(String method, Map<String, String> parameters) {
        return Spread.of(line(method, parameters).nanos());
    }

    /// Bytes allocated by one operation.
    ///
    /// @throws IllegalArgumentException if that wasn't measured
    public Spread bytes(String method, Map<String, String> parameters) {
        return Spread.of(line(method, parameters).bytes());
    }

    private Line line(String method, Map<String, String> parameters) {
        Line line = lines.get(key(method, parameters));
        if (line == null) {
            throw new IllegalArgumentException(
                    "not measured: " + key(method, parameters) + ", but " + String.join(", ", lines.keySet()));
        }
        return line;
    }

    private static String key(String method, Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                .collect(Collectors.joining(" ", method + " ", ""));
    }
}
