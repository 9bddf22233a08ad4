package dev.loomgate.python.workers;

import dev.loomgate.python.PythonStartException;
import dev.loomgate.python.wire.FrameException;
import dev.loomgate.python.wire.FrameReader;
import dev.loomgate.python.wire.FrameType;
import dev.loomgate.python.zygote.SocketDirectory;
import dev.loomgate.python.zygote.Zygote;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The workers that one zygote has forked: they all run the same import of the program. Loop side only, but for
/// [Zygote.Listener]'s methods.
final class Generation implements Zygote.Listener {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");
    private static final int SIGKILL = 9;
    /// Linux's SIGRTMAX - 1, which `stops.py` calls STACKS: SIGUSR2 is the program's.
    private static final int SIGSTACKS = 63;
    private static final Duration STACK_TIME = Duration.ofMillis(250);
    private static final int OTHERS_GRACE_STEPS = 20;
    private static final Duration LAST_WORDS = Duration.ofMillis(200);
    private static final Duration EXIT_TIME = Duration.ofSeconds(1);
    private static final int MAX_DEATHS_AT_START = 3;
    private static final int KEPT_ERROR_LINES = 40;
    /// What the JDK adds to a signal's number for the status of a process that it has killed.
    private static final int KILLED = 128;

    private final Fleet fleet;
    final int number;
    private @Nullable Zygote zygote;
    private final Map<Long, Worker> workers = new HashMap<>();
    private final Map<Integer, Worker> toBeReplaced = new HashMap<>();
    private final Deque<String> errorLines = new ArrayDeque<>(); // guarded by itself
    private final FrameReader importCalls = new FrameReader(this::importCall);
    private int deathsAtStart;
    private boolean crashed;
    private boolean leaving;
    /// Where the zygote keeps its sockets; empty until it says so.
    private String directory = "";

    /// Completes when all of its workers are ready.
    final CompletableFuture<Void> started = new CompletableFuture<>();

    /// Completes when its zygote has ended, and so all of it.
    final CompletableFuture<Void> ended = new CompletableFuture<>();

    Generation(Fleet fleet, int number) {
        this.fleet = fleet;
        this.number = number;
    }

    void hasStarted(Zygote itsZygote) {
        zygote = itsZygote;
        // Not before: what it says may need an answer.
        itsZygote.listen(this);
        if (leaving) {
            itsZygote.close();
        }
    }

    /// Whether it hasn't started because a process of it was killed, for want of memory perhaps: the next try may do
    /// better, as it wouldn't where the program is at fault.
    boolean hasCrashed() {
        return crashed;
    }

    List<Worker> workers() {
        return new ArrayList<>(workers.values());
    }

    // ---- what the zygote says: its threads

    @Override
    public void event(JsonNode event) {
        if (event.path("event").asString("").equals("output")) {
            String who = "[worker " + event.path("slot").asInt() + "] ";
            event.path("lines").forEach(line -> LOG.log(Level.INFO, () -> who + line.asString("")));
        } else {
            fleet.execute(() -> heard(event));
        }
    }

    @Override
    public void errorLine(String line) {
        LOG.log(Level.INFO, () -> "[python] " + line);
        synchronized (errorLines) {
            errorLines.addLast(line);
            if (errorLines.size() > KEPT_ERROR_LINES) {
                errorLines.removeFirst();
            }
        }
    }

    @Override
    public void ended(int status) {
        fleet.execute(() -> zygoteEnded(status));
    }

    // ---- loop side

    private void heard(JsonNode event) {
        int slot = event.path("slot").asInt(0);
        long pid = event.path("pid").asLong(0);
        switch (event.path("event").asString("")) {
            case "call" ->
                importCalls.read(Unpooled.wrappedBuffer(
                        Base64.getDecoder().decode(event.path("frame").asString(""))));
            case "ready" -> {
                fleet.importEnded(this);
                directory = event.path("directory").asString("");
                for (int i = 1; i <= fleet.options().processes(); i++) {
                    fork(i);
                }
            }
            case "failed" -> started.completeExceptionally(loadFailure(event));
            case "forked" -> {
                Path socket = Path.of(event.path("path").asString(""));
                Worker worker = new Worker(fleet, fleet.pool(), this, slot, pid, socket);
                worker.requestLimit = fleet.requestLimit();
                workers.put(pid, worker);
                if (leaving) {
                    // It was asked for before: nobody needs it now.
                    signal(worker, SIGKILL);
                } else {
                    worker.connect();
                }
            }
            case "exited" -> exited(pid, event);
            case "signal" -> fleet.signalled(event.path("signal").asInt(0));
            default -> LOG.log(Level.ERROR, "the zygote sent an unknown event: {0}", event);
        }
    }

    static PythonStartException loadFailure(JsonNode event) {
        String traceback = event.path("traceback").asString("");
        String message = event.path("message").asString("the Python program can't be loaded");
        return new PythonStartException(traceback.isEmpty() ? message : message + "\n" + traceback.stripTrailing());
    }

    private void fork(int slot) {
        if (zygote != null && !leaving) {
            zygote.fork(slot);
        }
    }

    void workerReady(Worker worker) {
        if (leaving || worker.state != Worker.State.STARTING) {
            return; // killed in the meantime, perhaps
        }
        worker.state = Worker.State.SERVING;
        worker.hasServed = true;
        if (!started.isDone()) {
            long ready = workers.values().stream()
                    .filter(each -> each.state == Worker.State.SERVING)
                    .count();
            if (ready == fleet.options().processes()) {
                started.complete(null);
            }
            return;
        }
        fleet.pool().add(worker);
        Worker before = toBeReplaced.remove(worker.slot);
        if (before != null) {
            before.leave();
            killAfterMercy(before);
        }
    }

    void workerCannotLoad(Worker worker, String json) {
        PythonStartException failure = loadFailure(Fleet.json(json));
        if (!started.completeExceptionally(failure)) {
            LOG.log(Level.ERROR, "{0} can''t load the program: {1}", worker, failure.getMessage());
        }
    }

    /// Another worker is forked for the slot; when that is ready, this one leaves.
    ///
    /// @return false if that is under way already
    boolean replace(Worker worker) {
        if (leaving || toBeReplaced.putIfAbsent(worker.slot, worker) != null) {
            return false;
        }
        fork(worker.slot);
        return true;
    }

    /// Nothing more will come from it: if its process has not ended as well, it has to.
    void dataEnded(Worker worker, String how) {
        if (worker.dataEnded) {
            return;
        }
        worker.dataEnded = true;
        if (worker.exit != null) {
            buried(worker, worker.exit);
        } else if (worker.state != Worker.State.STOPPED) {
            fleet.pool().remove(worker);
            fleet.later(EXIT_TIME, () -> {
                if (worker.exit == null && worker.state != Worker.State.DEAD) {
                    LOG.log(Level.ERROR, "{0} is killed: {1}", worker, how);
                    signal(worker, SIGKILL);
                }
            });
        }
    }

    private void exited(long pid, JsonNode event) {
        Worker worker = workers.get(pid);
        if (worker == null) {
            return;
        }
        String how = event.has("signal") && !event.path("signal").isNull()
                ? "was killed by signal " + event.path("signal").asInt()
                : "exited with status " + event.path("status").asInt();
        worker.exit = how;
        worker.killed = event.path("signal").isNumber();
        fleet.pool().remove(worker);
        if (worker.dataEnded) {
            buried(worker, how);
        } else {
            // What it has sent is still to be read; but a process that it has started may keep its connection open.
            fleet.later(LAST_WORDS, () -> buried(worker, how));
        }
    }

    private void buried(Worker worker, String how) {
        if (worker.state == Worker.State.DEAD) {
            return;
        }
        boolean expected = worker.state == Worker.State.STOPPED || (worker.state == Worker.State.LEAVING && leaving);
        worker.died(how);
        workers.remove(worker.pid);
        fleet.workerDied(worker);
        if (leaving) {
            closeIfEmpty();
            return;
        }
        if (toBeReplaced.remove(worker.slot, worker)) {
            return;
        }
        boolean another = workers.values().stream()
                .anyMatch(each -> each.slot == worker.slot
                        && each.state != Worker.State.LEAVING
                        && each.state != Worker.State.STOPPED);
        // One that was to replace another and couldn't start is forked again; one that was replaced is not.
        boolean wasToReplace = !worker.hasServed && toBeReplaced.containsKey(worker.slot);
        if (another && !wasToReplace) {
            return;
        }
        if (!started.isDone() && ++deathsAtStart >= MAX_DEATHS_AT_START) {
            crashed = worker.killed;
            started.completeExceptionally(new PythonStartException(
                    "%s %s before it was ready, as %d before it did".formatted(worker, how, deathsAtStart - 1)));
            return;
        }
        Duration wait = fleet.backoff(worker);
        if (!expected) {
            LOG.log(
                    Level.ERROR,
                    "{0} {1}; another one takes its place{2}",
                    worker,
                    how,
                    wait.isZero() ? "" : " in " + wait.toMillis() + " ms");
        }
        if (wait.isZero()) {
            fork(worker.slot);
        } else {
            fleet.later(wait, () -> fork(worker.slot));
        }
    }

    // A call of the uwsgi module's while there is no worker yet: answered on the way that it came.
    private void importCall(int type, int flags, int id, ByteBuf payload) {
        if (type != FrameType.CALL) {
            throw new FrameException("a frame of type 0x%02x during the import".formatted(type));
        }
        fleet.uwsgiCall(this, id, payload, (answered, value, wrong) -> {
            if (zygote != null) {
                zygote.reply(answered, value, wrong);
            }
        });
    }

    private void zygoteEnded(int status) {
        fleet.importEnded(this);
        importCalls.close();
        if (!started.isDone()) {
            String said;
            synchronized (errorLines) {
                said = String.join("\n", errorLines);
            }
            crashed = status > KILLED && !leaving;
            started.completeExceptionally(
                    new PythonStartException("the Python interpreter %s before it had loaded the program%s"
                            .formatted(
                                    status > KILLED
                                            ? "was killed by signal " + (status - KILLED)
                                            : "ended with status " + status,
                                    said.isEmpty() ? "" : ":\n" + said)));
        }
        boolean unexpected = !leaving;
        leaving = true;
        for (Worker worker : workers()) {
            // Nobody else can, now.
            ProcessHandle.of(worker.pid).ifPresent(ProcessHandle::destroyForcibly);
            worker.died("has lost its parent process");
            fleet.workerDied(worker);
        }
        workers.clear();
        ended.complete(null);
        if (unexpected) {
            // A zygote that was killed hasn't done so itself.
            SocketDirectory.remove(fleet.loop(), directory);
            fleet.zygoteDied(this, status);
        }
    }

    // ---- its end

    /// Its workers finish what they have, and stop; then it ends.
    void leave() {
        if (leaving) {
            return;
        }
        leaving = true;
        for (Worker worker : workers()) {
            if (worker.state == Worker.State.STARTING) {
                signal(worker, SIGKILL);
            } else {
                worker.leave();
                killAfterMercy(worker);
            }
        }
        closeIfEmpty();
    }

    /// Its workers are killed, whatever they do.
    void kill() {
        leaving = true;
        if (zygote != null) {
            zygote.close();
        }
    }

    void destroy() {
        if (zygote != null) {
            zygote.destroy();
        }
    }

    private void closeIfEmpty() {
        if (workers.isEmpty() && zygote != null) {
            zygote.close();
        }
    }

    private void killAfterMercy(Worker worker) {
        worker.mercy = fleet.later(fleet.options().reloadMercy(), () -> {
            if (worker.state != Worker.State.DEAD) {
                LOG.log(
                        Level.WARNING,
                        "{0} is killed: it still runs {1} requests (--reload-mercy)",
                        worker,
                        worker.load());
                killWithStack(worker);
            }
        });
    }

    /// Makes it write its stack to its log, and kills it a moment later; if its other requests proceed, when they
    /// have ended or some seconds have passed.
    void killWithStack(Worker worker) {
        signal(worker, SIGSTACKS);
        killSoon(worker, OTHERS_GRACE_STEPS);
    }

    private void killSoon(Worker worker, int steps) {
        fleet.later(STACK_TIME, () -> {
            if (worker.state != Worker.State.DEAD && worker.exit == null) {
                if (steps > 1 && worker.othersProceed()) {
                    killSoon(worker, steps - 1);
                } else {
                    signal(worker, SIGKILL);
                }
            }
        });
    }

    private void signal(Worker worker, int signal) {
        if (zygote != null) {
            zygote.signal(worker.pid, signal);
        }
    }
}
