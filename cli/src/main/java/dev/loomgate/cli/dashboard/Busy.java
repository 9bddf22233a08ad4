package dev.loomgate.cli.dashboard;

import dev.loomgate.cli.live.LiveServer;
import dev.loomgate.python.snapshot.WorkerSnapshot;

/// Counts requests that run.
final class Busy {
    private Busy() {}

    /// In the whole server. A request that a worker has from a loop is in both, one that it has taken itself in the
    /// worker alone.
    static int places(LiveServer.Moment moment) {
        int loops = moment.server().loops().stream()
                .mapToInt(loop -> loop.running().size())
                .sum();
        int workers = moment.programs().stream()
                .flatMap(program -> program.snapshot().workers().stream())
                .mapToInt(WorkerSnapshot::busyCores)
                .sum();
        return Math.max(loops, workers);
    }
}
