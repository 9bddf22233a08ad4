package dev.loomgate.cli.metrics;

import dev.loomgate.cli.live.LiveServer.Program;
import dev.loomgate.python.snapshot.CacheSnapshot;
import dev.loomgate.python.snapshot.ChannelSnapshot;
import dev.loomgate.python.snapshot.ProgramSnapshot;
import dev.loomgate.python.snapshot.WorkerSnapshot;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/// Metrics of Python applications: their generations, workers, caches and channel layers. A worker is a number, as in
/// statistics: its counters go on when its process is replaced.
final class PythonFamilies {
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private final List<Program> programs;
    private final Exposition page;

    PythonFamilies(List<Program> programs, Exposition page) {
        this.programs = programs;
        this.page = page;
    }

    void write() {
        page.gauge("loomgate_app_generation", "How many times the program was imported; 0 while none serves.");
        app(ProgramSnapshot::generation);
        page.gauge("loomgate_app_load_seconds", "How long the last import took, until its workers were ready.");
        programs.forEach(program ->
                page.value(labels(program), program.snapshot().loadTime().toNanos() / NANOS));
        page.gauge("loomgate_app_waiting_requests", "Requests that no worker has got yet.");
        app(ProgramSnapshot::waiting);
        states();
        figures();
        counters();
        caches();
        channels();
    }

    private void states() {
        page.gauge("loomgate_worker_state", "1 for what the worker is: busy, idle, or cheap where it has no process.");
        for (Program program : programs) {
            for (WorkerSnapshot worker : program.snapshot().workers()) {
                for (WorkerSnapshot.Status status : WorkerSnapshot.Status.values()) {
                    page.value(
                            labels(program, worker).and("state", status.name().toLowerCase(Locale.ROOT)),
                            worker.status() == status ? 1 : 0);
                }
            }
        }
    }

    private void figures() {
        page.gauge("loomgate_worker_accepting", "1 where the worker is given requests.");
        worker(worker -> worker.serves() ? 1 : 0);
        page.gauge("loomgate_worker_cores", "Places for requests in the worker.");
        worker(worker -> worker.cores().size());
        page.gauge("loomgate_worker_busy_cores", "Places that have a request.");
        worker(WorkerSnapshot::busyCores);
        page.gauge("loomgate_worker_resident_memory_bytes", "Resident memory of the worker's process.");
        worker(WorkerSnapshot::residentBytes);
        page.gauge("loomgate_worker_virtual_memory_bytes", "Address space of the worker's process.");
        worker(WorkerSnapshot::addressBytes);
        page.gauge("loomgate_worker_last_spawn_timestamp_seconds", "When the worker's process was forked.");
        workerSeconds(worker -> worker.lastSpawn().toEpochMilli() / MILLIS);
    }

    private void counters() {
        page.counter("loomgate_worker_requests_total", "Requests that the worker has answered.");
        worker(worker -> worker.work().requests());
        page.counter("loomgate_worker_exceptions_total", "Exceptions that the program raised instead of an answer.");
        worker(worker -> worker.work().exceptions());
        page.counter("loomgate_worker_harakiri_total", "Requests whose time was over (--harakiri).");
        worker(worker -> worker.work().overtimes());
        page.counter("loomgate_worker_spawns_total", "Processes that the worker has had.");
        worker(WorkerSnapshot::spawns);
        page.counter(
                "loomgate_worker_sent_bytes_total", "Heads and content of its responses, as the program gave them.");
        worker(worker -> worker.work().sentBytes());
        page.counter("loomgate_worker_busy_seconds_total", "Time that its requests have taken together.");
        workerSeconds(worker -> worker.work().runningNanos() / NANOS);
    }

    private void caches() {
        page.gauge("loomgate_cache_items", "Keys in the cache, roughly.");
        cache(CacheSnapshot::items);
        page.gauge("loomgate_cache_max_bytes", "Bytes of keys and values that the cache has room for.");
        cache(CacheSnapshot::maxBytes);
        page.counter("loomgate_cache_hits_total", "Values that were asked for and there.");
        cache(CacheSnapshot::hits);
        page.counter("loomgate_cache_misses_total", "Values that were asked for and not there.");
        cache(CacheSnapshot::misses);
        page.counter("loomgate_cache_evictions_total", "Values that had to make room, or were too old.");
        cache(CacheSnapshot::evictions);
    }

    private void channels() {
        page.gauge("loomgate_channel_processes", "Processes that receive from channels of their own.");
        channel(ChannelSnapshot::processes);
        page.gauge("loomgate_channel_groups", "Groups that have members in this server.");
        channel(ChannelSnapshot::groups);
        page.gauge("loomgate_channel_backlog_bytes", "Messages that processes have not taken yet.");
        channel(ChannelSnapshot::backlogBytes);
        page.counter("loomgate_channel_messages_total", "Messages of the channel layer.");
        for (Program program : programs) {
            ChannelSnapshot channels = program.snapshot().channels();
            if (channels.isUsed()) {
                Labels labels = labels(program);
                page.value(labels.and("outcome", "sent"), channels.sent());
                page.value(labels.and("outcome", "refused"), channels.refused());
                page.value(labels.and("outcome", "sent_to_group"), channels.sentToGroups());
                page.value(labels.and("outcome", "dropped"), channels.dropped());
                page.value(labels.and("outcome", "expired"), channels.expired());
            }
        }
    }

    private void channel(ToLongFunction<ChannelSnapshot> figure) {
        for (Program program : programs) {
            ChannelSnapshot channels = program.snapshot().channels();
            if (channels.isUsed()) {
                page.value(labels(program), figure.applyAsLong(channels));
            }
        }
    }

    private void app(ToLongFunction<ProgramSnapshot> figure) {
        programs.forEach(program -> page.value(labels(program), figure.applyAsLong(program.snapshot())));
    }

    private void worker(ToLongFunction<WorkerSnapshot> figure) {
        programs.forEach(program -> program.snapshot()
                .workers()
                .forEach(worker -> page.value(labels(program, worker), figure.applyAsLong(worker))));
    }

    private void workerSeconds(ToDoubleFunction<WorkerSnapshot> figure) {
        programs.forEach(program -> program.snapshot()
                .workers()
                .forEach(worker -> page.value(labels(program, worker), figure.applyAsDouble(worker))));
    }

    private void cache(ToLongFunction<CacheSnapshot> figure) {
        programs.forEach(program -> program.snapshot()
                .caches()
                .forEach(cache -> page.value(labels(program).and("cache", cache.name()), figure.applyAsLong(cache))));
    }

    /// Of all that is the program's.
    static Labels labels(Program program) {
        return Labels.of("app", program.snapshot().name()).and("mount", program.mountPoint());
    }

    private static Labels labels(Program program, WorkerSnapshot worker) {
        return labels(program).and("worker", worker.number());
    }
}
