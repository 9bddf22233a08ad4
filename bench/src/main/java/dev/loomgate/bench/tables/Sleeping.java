package dev.loomgate.bench.tables;

import dev.loomgate.bench.SleeperReport;
import dev.loomgate.bench.Sleepers;
import dev.loomgate.bench.harness.Command;
import dev.loomgate.bench.harness.MarkdownTable;
import dev.loomgate.bench.harness.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// (d) Sleeping microthreads on one loop, up to a million, beside virtual threads on the JDK's scheduler.
public final class Sleeping implements Table {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Override
    public String letter() {
        return "d";
    }

    @Override
    public String title() {
        return "Sleeping microthreads";
    }

    @Override
    public String measure(Setting setting) throws IOException, InterruptedException {
        MarkdownTable table = new MarkdownTable(
                "sleepers",
                "all asleep after ms",
                "all awake after ms",
                "latest late by ms",
                "CPU µs each",
                "heap bytes each",
                "resident bytes each",
                "peak resident MB");
        for (int count : setting.effort().sleepers()) {
            for (String kind : List.of("loop", "jdk")) {
                SleeperReport report = SleeperReport.parse(Command.output(
                        setting.jvm()
                                .command(
                                        Sleepers.class,
                                        kind,
                                        Integer.toString(count),
                                        Long.toString(sleep(count).toMillis())),
                        LIMIT));
                Progress.say("  " + kind + " " + report);
                row(table, kind, report);
            }
        }
        return """
                Each row is a fresh JVM; every sleeper sleeps once, long enough for all to be asleep at the same time. On a loop, \
                one
                OS thread does everything; the JDK's scheduler uses all cores. "All awake" leaves out the sleep itself. Heap is \
                counted
                after a collection, resident memory before it; the peak is the whole process's.

                """ + table;
    }

    private static Duration sleep(int count) {
        return Duration.ofSeconds(count > 100_000 ? 15 : count > 10_000 ? 6 : 3);
    }

    private static void row(MarkdownTable table, String kind, SleeperReport report) {
        table.row(
                String.format(Locale.ROOT, "%,d ", report.count())
                        + (kind.equals("loop") ? "microthreads, 1 loop" : "JDK virtual threads")
                        + (report.allAtOnce() ? "" : " (NOT ALL AT ONCE)"),
                one(report.asleepMillis()),
                one(report.awakeMillis()),
                one(report.worstLateMillis()),
                one(report.cpuMicrosEach()),
                Long.toString(report.heapBytesEach()),
                Long.toString(report.residentBytesEach()),
                Long.toString(report.peakResidentKib() / 1024));
    }

    private static String one(double figure) {
        return String.format(Locale.ROOT, "%.1f", figure);
    }
}
