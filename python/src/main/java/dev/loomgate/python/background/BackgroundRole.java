package dev.loomgate.python.background;

import dev.loomgate.python.snapshot.BackgroundSnapshot;
import dev.loomgate.python.supervision.HomeLoop;
import dev.loomgate.python.supervision.Mercy;
import dev.loomgate.python.supervision.Role;
import dev.loomgate.python.supervision.RoleWorker;
import dev.loomgate.python.supervision.WorkerProcess;
import dev.loomgate.python.uwsgi.UwsgiCalls;
import dev.loomgate.python.wire.MarshalWriter;
import dev.loomgate.python.zygote.Job;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/// Worker processes that answer no requests: each has a [Job]. Loop side only.
///
/// A process is forked and made ready while the one before it, of the last generation or one that is to be
/// replaced, still works; it begins when that one has ended.
public final class BackgroundRole implements Role {
    private final HomeLoop home;
    private final UwsgiCalls calls;
    private final BackgroundSettings settings;
    private final int count;
    private final IntFunction<Job> jobs;
    private final TaskListener listener;
    private final List<TaskCounts> counts;
    private final Turns turns = new Turns();
    private final Set<BackgroundWorker> living = new LinkedHashSet<>();

    /// @param calls which answers what the program asks for through the `uwsgi` module
    /// @param count how many processes it has, 1 or more
    /// @param jobs the job of each process by its number, from 1; each fork asks
    public BackgroundRole(
            HomeLoop home, UwsgiCalls calls, BackgroundSettings settings, int count, IntFunction<Job> jobs) {
        this(home, calls, settings, count, jobs, new TaskListener() {});
    }

    /// The same.
    ///
    /// @param listener hears of the processes
    public BackgroundRole(
            HomeLoop home,
            UwsgiCalls calls,
            BackgroundSettings settings,
            int count,
            IntFunction<Job> jobs,
            TaskListener listener) {
        this.listener = listener;
        this.home = home;
        this.calls = calls;
        this.settings = settings;
        this.count = count;
        this.jobs = jobs;
        this.counts = Stream.generate(TaskCounts::new).limit(count).toList();
    }

    // ---- what it is told, and asked

    /// Tells the process with this number, if one is at work.
    ///
    /// @param message a tuple: what, and arguments
    /// @return false if there is none now
    public boolean tell(int number, MarshalWriter message) {
        BackgroundWorker worker = turns.at(number);
        return worker != null && worker.tell(message);
    }

    /// Tells every process, also those whose turn is still to come.
    ///
    /// @param message a tuple: what, and arguments
    public void tellAll(MarshalWriter message) {
        living.forEach(worker -> worker.tell(message));
    }

    /// The process ids of those at work, in the order of their numbers; 0 where there is none now.
    public List<Long> pids() {
        List<Long> pids = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            BackgroundWorker worker = turns.at(number);
            pids.add(worker == null ? 0L : worker.pid());
        }
        return pids;
    }

    /// What is to be seen of them, in the order of their numbers.
    public List<BackgroundSnapshot> snapshot() {
        List<BackgroundSnapshot> all = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            BackgroundWorker worker = turns.at(number);
            TaskCounts its = counts.get(number - 1);
            all.add(new BackgroundSnapshot(
                    name(),
                    number,
                    worker == null ? 0 : worker.pid(),
                    worker != null && worker.isAtTask(),
                    its.spawns(),
                    its.done(),
                    its.failed()));
        }
        return all;
    }

    // ---- the role

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public int processes() {
        return count;
    }

    @Override
    public Optional<Job> job(int number) {
        return Optional.of(jobs.apply(number));
    }

    @Override
    public Optional<Mercy> mercy() {
        return Optional.of(settings.mercy());
    }

    @Override
    public boolean ended(int status) {
        return settings.ended().test(status);
    }

    @Override
    public RoleWorker attach(WorkerProcess process, Path socket) {
        TaskCounts its = counts.get(process.number() - 1);
        its.spawned();
        BackgroundWorker worker =
                new BackgroundWorker(home, calls, settings, process, socket, turns, its, listener, living::remove);
        living.add(worker);
        return worker;
    }

    @Override
    public void unavailable(String why) {}
}
