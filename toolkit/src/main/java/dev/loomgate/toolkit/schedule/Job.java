package dev.loomgate.toolkit.schedule;

import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A job of a schedule, and what its thread has done.
final class Job {
    private final String name;
    private final UnaryOperator<@Nullable Instant> times;
    private final JobFunction function;

    // Guarded by this.
    private long done;
    private long failed;
    private long others;
    private long skipped;
    private boolean running;

    /// @param times the next time after another one that it is due; null if there is none
    Job(String name, UnaryOperator<@Nullable Instant> times, JobFunction function) {
        this.name = name;
        this.times = times;
        this.function = function;
    }

    String name() {
        return name;
    }

    Optional<Instant> next(Instant after) {
        return Optional.ofNullable(times.apply(after));
    }

    /// @throws Exception what its function throws
    void run(ScheduledRun run) throws Exception {
        boolean ended = false;
        running(true);
        try {
            function.run(run);
            ended = true;
        } finally {
            running(false);
            count(ended);
        }
    }

    private synchronized void running(boolean is) {
        running = is;
    }

    private synchronized void count(boolean ended) {
        done++;
        failed += ended ? 0 : 1;
    }

    synchronized void others() {
        others++;
    }

    synchronized void skipped(long runs) {
        skipped += runs;
    }

    synchronized ScheduleCounts counts() {
        return new ScheduleCounts(done, failed, others, skipped, running ? 1 : 0);
    }
}
