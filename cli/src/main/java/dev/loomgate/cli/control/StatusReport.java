package dev.loomgate.cli.control;

import dev.loomgate.cli.live.LiveServer;
import dev.loomgate.cli.live.ServerActions;
import dev.loomgate.python.snapshot.WorkerSnapshot;
import dev.loomgate.server.ServerSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a server is and does at a moment.
final class StatusReport {
    private final LiveServer live;
    private final ServerActions actions;
    private final String version;

    /// @param version of the program
    StatusReport(LiveServer live, ServerActions actions, String version) {
        this.live = live;
        this.actions = actions;
        this.version = version;
    }

    Map<String, Object> facts() throws InterruptedException {
        LiveServer.Moment now = live.look();
        return Form.row(
                "version", version,
                "pid", ProcessHandle.current().pid(),
                "up", Form.seconds(Duration.between(started(), Instant.now())),
                "accepting", !actions.isSuspended(),
                "draining", actions.isDraining(),
                "listening",
                        now.server().sockets().stream()
                                .map(socket -> socket.address().toString())
                                .toList(),
                "loops", now.server().loops().size(),
                "connections",
                        now.server().loops().stream()
                                .mapToInt(ServerSnapshot.Loop::connections)
                                .sum(),
                "requests_in_flight", live.inFlight(),
                "applications",
                        now.programs().stream().map(StatusReport::described).toList());
    }

    private static Instant started() {
        return ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    }

    private static Map<String, Object> described(LiveServer.Program program) {
        return Form.row(
                "application", program.snapshot().name(),
                "mount", program.mountPoint(),
                "generation", program.snapshot().generation(),
                "workers",
                        program.snapshot().workers().stream()
                                .filter(WorkerSnapshot::serves)
                                .count(),
                "waiting", program.snapshot().waiting());
    }

    List<Map<String, Object>> workers() throws InterruptedException {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (LiveServer.Program program : live.look().programs()) {
            for (WorkerSnapshot worker : program.snapshot().workers()) {
                rows.add(Form.row(
                        "worker", worker.number(),
                        "pid", worker.pid(),
                        "application", program.snapshot().name(),
                        "status", worker.status().name().toLowerCase(Locale.ROOT),
                        "requests", worker.work().requests(),
                        "exceptions", worker.work().exceptions(),
                        "harakiri", worker.work().overtimes(),
                        "resident_bytes", worker.residentBytes(),
                        "spawns", worker.spawns()));
            }
        }
        return rows;
    }
}
