package dev.loomgate.cli.stats;

import dev.loomgate.cli.live.LiveServer;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/// What workers have done, as lines for the log.
public final class StatsSummary {
    private StatsSummary() {}

    /// Looks. May wait for some seconds.
    public static String of(LiveServer observed) {
        try {
            List<Row> rows = Row.all(observed.look(), Instant.now());
            long requests =
                    rows.stream().mapToLong(row -> row.work().requests()).sum();
            return "%d workers, %d requests:%n".formatted(rows.size(), requests)
                    + rows.stream().map(StatsSummary::line).collect(Collectors.joining("\n"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        } catch (IllegalStateException e) {
            return "nothing is to be seen of the workers now: " + e.getMessage();
        }
    }

    private static String line(Row row) {
        return "    worker %d (pid %d): %s, %d requests, %d exceptions, %d over their time, %d MiB of memory"
                .formatted(
                        row.id(),
                        row.pid(),
                        row.status(),
                        row.work().requests(),
                        row.work().exceptions(),
                        row.work().overtimes(),
                        row.residentBytes() >> 20);
    }
}
