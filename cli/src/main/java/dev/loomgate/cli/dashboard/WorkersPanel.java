package dev.loomgate.cli.dashboard;

import dev.loomgate.cli.live.LiveServer;
import dev.loomgate.cli.live.ServerActions;
import dev.loomgate.python.snapshot.ProgramSnapshot;
import dev.loomgate.python.snapshot.WorkerSnapshot;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Python applications: which version serves, and its workers.
///
/// @param server what is done to them
record WorkersPanel(ServerActions server) implements Panel {
    private static final String WHY = "the dashboard";

    /// @param loadMillis how long the last import took
    private record Program(
            String name, String mount, int generation, long loadMillis, int waiting, List<Worker> workers) {}

    /// @param since when its process was forked, in milliseconds since 1970; 0 if never
    /// @param meanMicros how long its requests took lately
    /// @param busy places with a request, of `places`
    private record Worker(
            int number,
            long pid,
            String status,
            boolean serves,
            long memory,
            long requests,
            long processRequests,
            long exceptions,
            long overtimes,
            long meanMicros,
            int spawns,
            long since,
            int busy,
            int places) {}

    @Override
    public String name() {
        return "workers";
    }

    @Override
    public Object figures(LiveServer.Moment moment) {
        return moment.programs().stream().map(WorkersPanel::program).toList();
    }

    private static Program program(LiveServer.Program program) {
        ProgramSnapshot snapshot = program.snapshot();
        return new Program(
                snapshot.name(),
                program.mountPoint(),
                snapshot.generation(),
                snapshot.loadTime().toMillis(),
                snapshot.waiting(),
                snapshot.workers().stream().map(WorkersPanel::worker).toList());
    }

    private static Worker worker(WorkerSnapshot worker) {
        return new Worker(
                worker.number(),
                worker.pid(),
                worker.status().name().toLowerCase(Locale.ROOT),
                worker.serves(),
                worker.residentBytes(),
                worker.work().requests(),
                worker.processRequests(),
                worker.work().exceptions(),
                worker.work().overtimes(),
                worker.meanNanos() / 1000,
                worker.spawns(),
                worker.lastSpawn().toEpochMilli(),
                worker.busyCores(),
                worker.cores().size());
    }

    @Override
    public Map<String, Action> actions() {
        return Map.of(
                "reload",
                _ -> done(() -> server.reload(WHY), "the Python applications are being reloaded"),
                "replace",
                _ -> done(
                        () -> server.replaceWorkers(true, WHY), "the workers are being replaced, one after the other"),
                "add",
                _ -> done(() -> server.changeWorkers(1), "one worker more, if --processes lets it"),
                "remove",
                _ -> done(() -> server.changeWorkers(-1), "one idle worker fewer"));
    }

    private static Optional<String> done(Runnable action, String what) {
        action.run();
        return Optional.of(what);
    }
}
