package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.MarkdownTable;
import dev.loomgate.bench.harness.Round;
import dev.loomgate.bench.harness.Spread;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// A race as Markdown: a row for each server, its CPU per request also as a multiple of another's.
final class RaceTable {
    private final Race.Result result;

    RaceTable(Race.Result result) {
        this.result = result;
    }

    /// Rows of the servers whose names start with `prefix`; ratios are to the medians of server `reference`.
    String text(String prefix, String referenceHeading, String reference) {
        MarkdownTable table = new MarkdownTable(
                "server", "CPU µs/request", referenceHeading, "requests/s", "p50 ms", "p99 ms", "errors");
        List<Round> referenceRounds = result.rounds().getOrDefault(reference, List.of());
        result.rounds().forEach((name, rounds) -> {
            if (name.startsWith(prefix)) {
                table.row(
                        name.substring(prefix.length()) + (anyElse(rounds) ? " (SOMEBODY ELSE ANSWERED)" : ""),
                        spread(rounds, Round::cpuMicros).text(2),
                        ratio(rounds, referenceRounds),
                        spread(rounds, round -> round.report().requestsPerSecond())
                                .text(0),
                        spread(rounds, round -> round.report().medianMillis()).text(2),
                        spread(rounds, round -> round.report().p99Millis()).text(2),
                        Long.toString(rounds.stream()
                                .mapToLong(round -> round.report().errors())
                                .sum()));
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

    /// How much of the machine others used meanwhile.
    String othersText() {
        return result.rounds().isEmpty()
                ? ""
                : "Cores that other processes kept busy meanwhile: "
                        + result.othersCores().text(2) + ".\n";
    }

    static Spread spread(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return Spread.of(
                rounds.stream().map(round -> figure.applyAsDouble(round)).toList());
    }

    private static boolean anyElse(List<Round> rounds) {
        return rounds.stream().anyMatch(Round::answeredBySomebodyElse);
    }

    private static String ratio(List<Round> rounds, List<Round> reference) {
        return reference.isEmpty()
                ? "-"
                : String.format(
                        Locale.ROOT,
                        "%.2f",
                        spread(rounds, Round::cpuMicros).median()
                                / spread(reference, Round::cpuMicros).median());
    }
}
