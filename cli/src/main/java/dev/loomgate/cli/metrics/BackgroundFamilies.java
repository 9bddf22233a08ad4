package dev.loomgate.cli.metrics;

import dev.loomgate.cli.live.LiveServer.Program;
import dev.loomgate.python.snapshot.BackgroundSnapshot;
import dev.loomgate.python.snapshot.SpoolSnapshot;
import java.util.List;
import java.util.function.ToLongFunction;

/// Metrics of what Python applications do beside requests: spoolers, by their directories, and mules.
final class BackgroundFamilies {
    private final List<Program> programs;
    private final Exposition page;

    BackgroundFamilies(List<Program> programs, Exposition page) {
        this.programs = programs;
        this.page = page;
    }

    void write() {
        page.gauge("loomgate_spooler_waiting_tasks", "Tasks in the directory that don't run, also for their time.");
        spools(SpoolSnapshot::waiting);
        page.gauge("loomgate_spooler_running_tasks", "Tasks that run.");
        spools(SpoolSnapshot::running);
        page.counter("loomgate_spooler_tasks_total", "Tasks that were done, and runs that have failed.");
        for (Program program : programs) {
            for (SpoolSnapshot spool : program.snapshot().spools()) {
                Labels labels = labels(program, spool);
                page.value(labels.and("outcome", "done"), sum(spool, BackgroundSnapshot::done));
                page.value(labels.and("outcome", "failed"), sum(spool, BackgroundSnapshot::failed));
            }
        }
        page.gauge("loomgate_spooler_processes", "Spoolers that are at work in the directory.");
        spools(spool -> sum(spool, process -> process.pid() == 0 ? 0 : 1));
        page.counter("loomgate_spooler_spawns_total", "Processes that these spoolers have had.");
        spools(spool -> sum(spool, BackgroundSnapshot::spawns));
        page.gauge("loomgate_mule_up", "1 where the mule has a process that is at work.");
        mules(mule -> mule.pid() == 0 ? 0 : 1);
        page.gauge("loomgate_mule_busy", "1 where that is at a message.");
        mules(mule -> mule.isBusy() ? 1 : 0);
        page.counter("loomgate_mule_spawns_total", "Processes that the mule has had.");
        mules(BackgroundSnapshot::spawns);
    }

    private static long sum(SpoolSnapshot spool, ToLongFunction<BackgroundSnapshot> figure) {
        return spool.processes().stream().mapToLong(figure).sum();
    }

    private void spools(ToLongFunction<SpoolSnapshot> figure) {
        programs.forEach(program -> program.snapshot()
                .spools()
                .forEach(spool -> page.value(labels(program, spool), figure.applyAsLong(spool))));
    }

    private void mules(ToLongFunction<BackgroundSnapshot> figure) {
        programs.forEach(program -> program.snapshot()
                .mules()
                .forEach(mule -> page.value(
                        PythonFamilies.labels(program).and("mule", mule.number()), figure.applyAsLong(mule))));
    }

    private static Labels labels(Program program, SpoolSnapshot spool) {
        return PythonFamilies.labels(program).and("directory", spool.directory());
    }
}
