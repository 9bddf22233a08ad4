package dev.loomgate.bench;

import java.util.List;
import java.util.Locale;

/// What [Sleepers] found: times in milliseconds since the first was started; `awakeMillis` without the sleep
/// itself; `worstLateMillis` how much longer than asked the latest one slept. Bytes are for each sleeper, garbage
/// collected for the heap's, as found for the resident ones. `allAtOnce` is false if some woke before all were
/// asleep.
public record SleeperReport(
        int count,
        double asleepMillis,
        double awakeMillis,
        double worstLateMillis,
        double cpuMicrosEach,
        long heapBytesEach,
        long residentBytesEach,
        long peakResidentKib,
        boolean allAtOnce) {

    /// The report as one line for [#parse].
    String line() {
        return String.format(
                Locale.ROOT,
                "sleepers %d %.1f %.1f %.1f %.2f %d %d %d %b",
                count,
                asleepMillis,
                awakeMillis,
                worstLateMillis,
                cpuMicrosEach,
                heapBytesEach,
                residentBytesEach,
                peakResidentKib,
                allAtOnce);
    }

    /// Finds the report's line among whatever else the process said.
    ///
    /// @throws IllegalArgumentException if there is none
    public static SleeperReport parse(String output) {
        List<String> fields = output.lines()
                .filter(line -> line.startsWith("sleepers "))
                .findFirst()
                .map(line -> List.of(line.split(" ", -1)))
                .orElseThrow(() -> new IllegalArgumentException("no report of sleepers: " + output));
        return new SleeperReport(
                Integer.parseInt(fields.get(1)),
                Double.parseDouble(fields.get(2)),
                Double.parseDouble(fields.get(3)),
                Double.parseDouble(fields.get(4)),
                Double.parseDouble(fields.get(5)),
                Long.parseLong(fields.get(6)),
                Long.parseLong(fields.get(7)),
                Long.parseLong(fields.get(8)),
                Boolean.parseBoolean(fields.get(9)));
    }
}
