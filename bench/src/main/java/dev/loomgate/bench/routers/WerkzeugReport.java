package dev.loomgate.bench.routers;

import dev.loomgate.bench.harness.Command;
import dev.loomgate.bench.harness.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What `bench/python/werkzeug_routes.py` has measured.
///
/// @param name `Werkzeug 2.2.2 (Python 3.11.2)`
/// @param hits nanoseconds for a path that matches
/// @param misses nanoseconds for one that doesn't
public record WerkzeugReport(String name, Spread hits, Spread misses) {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /// Runs it with Debian's Python.
    public static WerkzeugReport measure(Path root, Path scratch, RouteSet routes, int rounds)
            throws IOException, InterruptedException {
        Path file = Files.createTempFile(scratch, "routes", ".txt");
        Files.writeString(
                file,
                Stream.of(
                                routes.rules().stream().map("rule "::concat),
                                routes.hits().stream().map("hit "::concat),
                                routes.misses().stream().map("miss "::concat))
                        .flatMap(lines -> lines)
                        .collect(Collectors.joining("\n", "", "\n")));
        return parse(Command.output(
                List.of(
                        "/usr/bin/python3",
                        root.resolve("bench/python/werkzeug_routes.py").toString(),
                        file.toString(),
                        Integer.toString(rounds)),
                LIMIT));
    }

    /// @throws IllegalArgumentException if it is no such report
    static WerkzeugReport parse(String said) {
        List<String[]> lines = said.lines().map(line -> line.split(" ", -1)).toList();
        if (lines.size() < 2 || lines.stream().anyMatch(line -> line.length != 2)) {
            throw new IllegalArgumentException("not from werkzeug_routes.py: " + said);
        }
        String[] versions = lines.getFirst();
        List<String[]> rounds = lines.subList(1, lines.size());
        return new WerkzeugReport(
                "Werkzeug %s (Python %s), `match`".formatted(versions[0], versions[1]),
                Spread.of(rounds.stream().map(line -> Double.valueOf(line[0])).toList()),
                Spread.of(rounds.stream().map(line -> Double.valueOf(line[1])).toList()));
    }
}
