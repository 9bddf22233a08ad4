package dev.loomgate.python.uwsgi;

import dev.loomgate.python.snapshot.WorkDone;
import dev.loomgate.python.snapshot.WorkerSnapshot;
import dev.loomgate.python.wire.MarshalWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// Answers `uwsgi.workers()`: a list of dictionaries with uWSGI's names. Times are in microseconds.
///
/// @param workers those that there may be, in the order of their numbers; loop side
public record WorkersAnswer(Supplier<List<WorkerSnapshot>> workers) implements UwsgiCalls.Answerer {
    private static final int NANOS_A_MICRO = 1000;

    @Override
    public void answer(UwsgiCalls.Caller caller, CallArguments arguments, MarshalWriter answer) {
        List<WorkerSnapshot> all = workers.get();
        answer.beginList(all.size());
        all.forEach(worker -> write(worker, answer));
    }

    private static void write(WorkerSnapshot worker, MarshalWriter answer) {
        WorkDone work = worker.work();
        answer.beginDictionary();
        answer.text("id").integer(worker.number());
        answer.text("pid").integer(worker.pid());
        answer.text("requests").integer(work.requests());
        answer.text("delta_requests").integer(worker.processRequests());
        answer.text("signals").integer(0);
        answer.text("exceptions").integer(work.exceptions());
        answer.text("status").text(worker.status().name().toLowerCase(Locale.ROOT));
        // As in a uWSGI that isn't asked to report memory: it is in files of the system, which a loop doesn't read.
        answer.text("rss").integer(0);
        answer.text("vsz").integer(0);
        answer.text("running_time").integer(work.runningNanos() / NANOS_A_MICRO);
        answer.text("last_spawn").integer(worker.lastSpawn().getEpochSecond());
        answer.text("respawn_count").integer(Math.max(worker.spawns() - 1, 0));
        answer.text("tx").integer(work.sentBytes());
        answer.text("avg_rt").integer(worker.meanNanos() / NANOS_A_MICRO);
        answer.endDictionary();
    }
}
