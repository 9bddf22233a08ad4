package dev.loomgate.python.requests;

import dev.loomgate.python.CheaperAlgorithm;
import dev.loomgate.python.CheaperOptions;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.call.CallQueue;
import dev.loomgate.python.direct.DirectMode;
import dev.loomgate.python.snapshot.ProgramRequests;
import dev.loomgate.python.snapshot.WorkerSnapshot;
import dev.loomgate.python.supervision.HomeLoop;
import dev.loomgate.python.supervision.Role;
import dev.loomgate.python.supervision.RoleWorker;
import dev.loomgate.python.supervision.WorkerProcess;
import dev.loomgate.python.uwsgi.UwsgiCalls;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Worker processes that answer requests. Loop side only.
public final class RequestRole implements Role {
    private final RequestParts parts;
    private final RunningRequests running;

    /// @param calls which answers what the program asks for through the `uwsgi` module
    /// @param direct what workers share that take connections themselves; null where they don't
    public RequestRole(HomeLoop home, PythonOptions options, UwsgiCalls calls, @Nullable DirectMode direct) {
        Pace pace = Pace.of(options.mode());
        this.parts = new RequestParts(
                home,
                options,
                calls,
                pace,
                new Pool(
                        home.loop(),
                        pace,
                        () -> options.nameOf(
                                pace.isTasks() ? "asgiRequests" : options.mode().setting())),
                new WorkerSnapshots(options.processes(), options.mode().concurrency()),
                direct);
        this.running = new RunningRequests(parts.pool(), parts.snapshots());
        if (direct != null) {
            direct.afterEachLook(parts.pool()::look);
        }
    }

    /// Where requests are entered.
    public CallQueue queue() {
        return parts.pool();
    }

    @Override
    public String name() {
        return "worker";
    }

    @Override
    public int processes() {
        return parts.options().processes();
    }

    @Override
    public boolean hasWorkers() {
        return true;
    }

    @Override
    public boolean isCounted() {
        return true;
    }

    @Override
    public int waiting() {
        return parts.pool().waiting();
    }

    /// What is to be seen of its workers now, without their memory.
    public List<WorkerSnapshot> snapshot() {
        return parts.snapshots().take(System.nanoTime());
    }

    /// The requests that run now.
    public ProgramRequests running() {
        return running.take(System.nanoTime());
    }

    /// Where a request is; see [dev.loomgate.python.PythonEngine#stack].
    public void stack(Object key, CompletableFuture<Optional<String>> answer) {
        running.stack(key, answer);
    }

    /// Ends a request; see [dev.loomgate.python.PythonEngine#cancel].
    public boolean cancel(Object key, String why) {
        return running.cancel(key, why);
    }

    /// Kills a worker; see [dev.loomgate.python.PythonEngine#killWorker].
    public boolean kill(long which, String why) {
        return running.kill(which, why);
    }

    @Override
    public void available() {
        parts.pool().available();
    }

    // Requests wait where they are counted, and where a new worker gets them.
    @Override
    public void mayGrow(boolean more) {
        parts.pool().mayGrow(more);
        DirectMode direct = parts.direct();
        if (direct != null) {
            direct.queueInServer(more || followsWaiting());
        }
    }

    private boolean followsWaiting() {
        CheaperOptions cheaper = parts.options().cheaper();
        return cheaper.followsLoad()
                && (cheaper.algorithm() == CheaperAlgorithm.BACKLOG
                        || cheaper.algorithm() == CheaperAlgorithm.BUSYNESS);
    }

    @Override
    public void whenNoneServes(Runnable wanted) {
        parts.pool().whenNoneServes(wanted);
    }

    @Override
    public RoleWorker attach(WorkerProcess process, Path socket) {
        RequestWorker worker = new RequestWorker(parts, process, socket, requestLimit());
        parts.snapshots().add(worker);
        return worker;
    }

    @Override
    public void unavailable(String why) {
        parts.pool().unavailable(why);
    }

    /// After how many requests a new worker is to be replaced; 0 for never.
    private int requestLimit() {
        int most = parts.options().maxRequests();
        int delta = parts.options().maxRequestsDelta();
        return most == 0
                ? 0
                : most + (delta == 0 ? 0 : ThreadLocalRandom.current().nextInt(delta + 1));
    }
}
