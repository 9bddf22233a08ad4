package dev.loomgate.cli.dashboard;

import dev.loomgate.cli.live.LiveServer;
import dev.loomgate.cli.live.OwnMemory;
import dev.loomgate.python.snapshot.WorkDone;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The last hour: a sample every five seconds. Any thread.
final class History {
    /// Between two samples.
    static final Duration PERIOD = Duration.ofSeconds(5);

    private static final int MOST = (int) Duration.ofHours(1).dividedBy(PERIOD);

    private final Deque<Sample> samples = new ArrayDeque<>(MOST);
    private long count;
    private Totals before = new Totals(0, 0, System.nanoTime());

    /// @param requests that have ended so far
    /// @param nanos that they took together
    private record Totals(long requests, long nanos, long at) {
        // Of a Python site in direct mode the workers know all requests, of a site in Java the loops; of any other one
        // both have counted the same ones.
        static Totals of(LiveServer.Moment moment) {
            WorkDone loops = WorkDone.NONE;
            for (var loop : moment.server().loops()) {
                loops = loops.plus(new WorkDone(loop.requests(), 0, 0, 0, loop.runningNanos()));
            }
            WorkDone workers = WorkDone.NONE;
            for (LiveServer.Program program : moment.programs()) {
                for (var worker : program.snapshot().workers()) {
                    workers = workers.plus(worker.work());
                }
            }
            WorkDone more = workers.requests() > loops.requests() ? workers : loops;
            return new Totals(more.requests(), more.runningNanos(), System.nanoTime());
        }
    }

    /// A sample more; the oldest goes after an hour.
    synchronized void add(LiveServer.Moment moment) {
        Totals now = Totals.of(moment);
        long requests = Math.max(0, now.requests - before.requests);
        long nanos = Math.max(0, now.nanos - before.nanos);
        double seconds = Math.max(1, now.at - before.at) / 1e9;
        before = now;
        if (samples.size() == MOST) {
            samples.removeFirst();
        }
        count++;
        samples.addLast(new Sample(
                System.currentTimeMillis(),
                rounded(count == 1 ? 0 : requests / seconds),
                rounded(requests == 0 ? 0 : nanos / 1e6 / requests),
                Busy.places(moment),
                moment.programs().stream()
                        .mapToInt(program -> program.snapshot().waiting())
                        .sum(),
                moment.server().loops().stream()
                        .mapToInt(loop -> loop.connections())
                        .sum(),
                OwnMemory.read().residentBytes()
                        + moment.programs().stream()
                                .flatMap(program -> program.snapshot().workers().stream())
                                .mapToLong(worker -> worker.residentBytes())
                                .sum()));
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    /// All that are kept, the oldest first.
    synchronized List<Sample> all() {
        return List.copyOf(samples);
    }

    /// How many there have been, and the newest.
    ///
    /// @param newest none, or one
    record Newest(long count, List<Sample> newest) {}

    synchronized Newest newest() {
        return new Newest(count, samples.isEmpty() ? List.of() : List.of(samples.getLast()));
    }
}
