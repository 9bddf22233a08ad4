package dev.loomgate.cli.stats;

import dev.loomgate.cli.live.LiveServer;
import dev.loomgate.cli.live.OwnMemory;
import dev.loomgate.python.snapshot.CoreSnapshot;
import dev.loomgate.python.snapshot.RequestSnapshot;
import dev.loomgate.python.snapshot.WorkDone;
import dev.loomgate.python.snapshot.WorkerSnapshot;
import dev.loomgate.python.snapshot.WorkerSnapshot.Status;
import dev.loomgate.server.RunningRequest;
import dev.loomgate.server.ServerSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A worker of the statistics: a Python worker or, where there are none, a loop.
///
/// @param id from 1 on, through all applications
/// @param status uWSGI's word
/// @param apps what it serves
record Row(
        int id,
        long pid,
        boolean accepting,
        String status,
        WorkDone work,
        long deltaRequests,
        long meanNanos,
        int spawns,
        Instant lastSpawn,
        long residentBytes,
        long addressBytes,
        List<App> apps,
        List<Core> cores) {
    /// An application in it.
    record App(String mountPoint, Duration startup) {}

    /// A place for a request.
    ///
    /// @param running since when the request runs that is there; the epoch for none
    /// @param variables of that one
    record Core(int id, long requests, Instant running, Map<String, String> variables) {
        boolean isBusy() {
            return !running.equals(Instant.EPOCH);
        }
    }

    boolean isBusy() {
        return status.equals("busy");
    }

    /// All of them: the workers of one Python application after the other, or else the loops.
    static List<Row> all(LiveServer.Moment moment, Instant started) {
        Instant now = Instant.now();
        List<Row> rows = new ArrayList<>();
        for (LiveServer.Program program : moment.programs()) {
            App app = new App(program.mountPoint(), program.snapshot().loadTime());
            for (WorkerSnapshot worker : program.snapshot().workers()) {
                rows.add(of(worker, rows.size() + 1, app, now));
            }
        }
        if (moment.programs().isEmpty()) {
            for (ServerSnapshot.Loop loop : moment.server().loops()) {
                rows.add(of(loop, rows.size() + 1, started, now));
            }
        }
        return rows;
    }

    private static Row of(WorkerSnapshot worker, int id, App app, Instant now) {
        return new Row(
                id,
                worker.pid(),
                worker.serves(),
                worker.status().name().toLowerCase(Locale.ROOT),
                worker.work(),
                worker.processRequests(),
                worker.meanNanos(),
                worker.spawns(),
                worker.lastSpawn(),
                worker.residentBytes(),
                worker.addressBytes(),
                worker.status() == Status.CHEAP ? List.of() : List.of(app),
                worker.cores().stream().map(core -> of(core, now)).toList());
    }

    private static Core of(CoreSnapshot core, Instant now) {
        RequestSnapshot request = core.request();
        return request == null
                ? new Core(core.number(), core.requests(), Instant.EPOCH, Map.of())
                : new Core(core.number(), core.requests(), now.minus(request.age()), request.variables());
    }

    // All are one process, whose memory is the first one's, so that a sum is right.
    private static Row of(ServerSnapshot.Loop loop, int id, Instant started, Instant now) {
        OwnMemory memory = id == 1 ? OwnMemory.read() : new OwnMemory(0, 0);
        List<Core> cores = new ArrayList<>();
        for (RunningRequest request : loop.running()) {
            cores.add(new Core(
                    cores.size(),
                    cores.isEmpty() ? loop.requests() : 0,
                    now.minus(request.age()),
                    variables(request.line())));
        }
        if (cores.isEmpty()) {
            cores.add(new Core(0, loop.requests(), Instant.EPOCH, Map.of()));
        }
        return new Row(
                id,
                ProcessHandle.current().pid(),
                true,
                loop.running().isEmpty() ? "idle" : "busy",
                new WorkDone(loop.requests(), loop.errors(), 0, loop.sentBytes(), loop.runningNanos()),
                loop.requests(),
                loop.requests() == 0 ? 0 : loop.runningNanos() / loop.requests(),
                1,
                started,
                memory.residentBytes(),
                memory.addressBytes(),
                List.of(new App("", Duration.ZERO)),
                cores);
    }

    private static Map<String, String> variables(String line) {
        int space = line.indexOf(' ');
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("REQUEST_METHOD", space < 0 ? line : line.substring(0, space));
        variables.put("REQUEST_URI", line.substring(space + 1));
        return variables;
    }
}
