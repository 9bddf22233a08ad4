package dev.loomgate.bench.tables;

import java.time.Duration;
import java.util.List;

/// How long a run measures: the default is made for figures to publish in half an hour, the quick one to see
/// within a few minutes whether a change moved them.
///
/// @param warmUp load on each server before anything counts, repeated until it has given `warmRequests` answers
/// @param warmHandshakes the same for handshakes, full and resumed each
/// @param round length of a round
/// @param rounds how often each server gets a round, in turn with the others
/// @param waiting length of a round in which each request waits a second
/// @param starts how often each server is started from nothing
/// @param sleepers how many microthreads sleep at once, a run each
/// @param uploads how long a slow upload takes
/// @param compiling how long JMH warms up: a busy machine needs time to compile
/// @param iteration length of JMH's iterations
/// @param runs how many JVMs JMH starts for each of its figures
/// @param windows how many windows of two seconds a server is followed for from its first answer on
public record Effort(
        String name,
        Duration warmUp,
        long warmRequests,
        long warmHandshakes,
        Duration round,
        int rounds,
        Duration waiting,
        int starts,
        List<Integer> sleepers,
        Duration uploads,
        Duration compiling,
        Duration iteration,
        int runs,
        int windows) {
    public static final Effort FULL = new Effort(
            "full",
            Duration.ofSeconds(5),
            150_000,
            10_000,
            Duration.ofSeconds(2),
            7,
            Duration.ofSeconds(60), // the requests of the first and the last second are lost to the count
            5,
            List.of(1_000, 10_000, 100_000, 1_000_000),
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            Duration.ofMillis(100),
            2,
            30);
    public static final Effort QUICK = new Effort(
            "quick",
            Duration.ofSeconds(2),
            80_000,
            1_000,
            Duration.ofSeconds(1),
            4,
            Duration.ofSeconds(6),
            2,
            List.of(10_000, 100_000),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofMillis(100),
            1,
            6);
}
