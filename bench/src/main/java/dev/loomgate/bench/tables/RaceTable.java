package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.MarkdownTable;
import dev.loomgate.bench.harness.Round;
import dev.loomgate.bench.harness.Spread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// A race as Markdown: a row for each server, its CPU per request also as a multiple of others'.
final class RaceTable {
    private final Race.Result result;

    RaceTable(Race.Result result) {
        this.result = result;
    }

    /// Loads those of the servers that are asked for, by `wrk` from so many connections, as long as the setting says.
    static RaceTable of(Setting setting, int connections, List<Entrant> entrants)
            throws IOException, InterruptedException {
        return new RaceTable(new Race(connections, setting.effort())
                .run(entrants.stream().filter(setting::takes).toList()));
    }

    /// A column of one figure as a multiple of server `name`'s.
    ///
    /// @param best the least disturbed of several rounds
    record Reference(String heading, String name, ToDoubleFunction<Round> figure, ToDoubleFunction<Spread> best) {
        /// Of CPU per request.
        Reference(String heading, String name) {
            this(heading, name, Round::cpuMicros, Spread::min);
        }

        /// Of requests per second.
        static Reference ofThroughput(String heading, String name) {
            return new Reference(heading, name, round -> round.report().requestsPerSecond(), Spread::max);
        }
    }

    /// Rows of the servers whose names start with `prefix`; ratios are those of the medians, and in
    /// parentheses those of the best figures: whatever disturbs a round only ever makes it worse.
    String text(String prefix, Reference... references) {
        MarkdownTable table = new MarkdownTable(headings(references));
        result.rounds().forEach((name, rounds) -> {
            if (name.startsWith(prefix)) {
                table.row(row(name.substring(prefix.length()), rounds, references));
            }
        });
        StringBuilder text = new StringBuilder(table.toString());
        result.failures().forEach((name, reason) -> {
            if (name.startsWith(prefix)) {
                text.append("\nNot measured: ").append(reason).append('\n');
            }
        });
        return text.toString();
    }

    private static List<String> headings(Reference... references) {
        List<String> headings = new ArrayList<>(List.of("server", "CPU µs/request"));
        for (Reference reference : references) {
            headings.add(reference.heading());
        }
        headings.addAll(List.of("requests/s", "p50 ms", "p99 ms", "errors"));
        return headings;
    }

    private List<String> row(String name, List<Round> rounds, Reference... references) {
        boolean somebodyElse = rounds.stream().anyMatch(Round::answeredBySomebodyElse);
        List<String> cells = new ArrayList<>();
        cells.add(name + (somebodyElse ? " (SOMEBODY ELSE ANSWERED)" : ""));
        cells.add(spread(rounds, Round::cpuMicros).text(2));
        for (Reference reference : references) {
            cells.add(ratio(reference, rounds, result.rounds().getOrDefault(reference.name(), List.of())));
        }
        cells.add(spread(rounds, round -> round.report().requestsPerSecond()).text(0));
        cells.add(spread(rounds, round -> round.report().medianMillis()).text(2));
        cells.add(spread(rounds, round -> round.report().p99Millis()).text(2));
        cells.add(Long.toString(
                rounds.stream().mapToLong(round -> round.report().errors()).sum()));
        return cells;
    }

    /// How much of the machine others used meanwhile.
    String othersText() {
        return result.rounds().isEmpty()
                ? ""
                : "Cores that other processes kept busy meanwhile: "
                        + result.othersCores().text(2) + ".\n";
    }

    private static Spread spread(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return Spread.of(
                rounds.stream().map(round -> figure.applyAsDouble(round)).toList());
    }

    private static String ratio(Reference reference, List<Round> rounds, List<Round> others) {
        if (others.isEmpty()) {
            return "-";
        }
        Spread own = spread(rounds, reference.figure());
        Spread other = spread(others, reference.figure());
        return String.format(
                Locale.ROOT,
                "%.2f (%.2f)",
                own.median() / other.median(),
                reference.best().applyAsDouble(own) / reference.best().applyAsDouble(other));
    }
}
