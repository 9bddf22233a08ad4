package dev.loomgate.bench.tables;

import java.time.Duration;
import java.util.List;

/// How long a run measures: the default is made for figures to publish in under 15 minutes, the quick one to see
/// within about 3 whether a change moved them.
///
/// @param warmUp load on each server before anything counts
/// @param round length of a round
/// @param rounds how often each server gets a round, in turn with the others
/// @param waiting length of a round in which each request waits a second
/// @param starts how often each server is started from nothing
/// @param sleepers how many microthreads sleep at once, a run each
public record Effort(
        String name,
        Duration warmUp,
        Duration round,
        int rounds,
        Duration waiting,
        int starts,
        List<Integer> sleepers) {
    public static final Effort FULL = new Effort(
            "full",
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            9,
            Duration.ofSeconds(30),
            7,
            List.of(1_000, 10_000, 100_000, 1_000_000));
    public static final Effort QUICK = new Effort(
            "quick",
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            5,
            Duration.ofSeconds(8),
            3,
            List.of(1_000, 100_000, 1_000_000));
}
