package dev.loomgate.python.supervision;

import dev.loomgate.loop.Loop;
import dev.loomgate.loop.Timer;
import dev.loomgate.loop.settings.TimeText;
import dev.loomgate.python.ProgramListener;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.PythonSetupException;
import dev.loomgate.python.PythonStartException;
import dev.loomgate.python.uwsgi.UwsgiCalls;
import dev.loomgate.python.zygote.BootConfiguration;
import dev.loomgate.python.zygote.DirectBoot;
import dev.loomgate.python.zygote.Job;
import dev.loomgate.python.zygote.Zygote;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Keeps worker processes running: loads the program, forks them, reloads, ends them. Loop side only.
///
/// Knows what a process is for by its [Role] alone. Each import of the program is a [Generation]; at a reload the new
/// one serves before the old one leaves.
public final class Fleet {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");

    private final FleetParts parts;
    private final HomeLoop home;
    private final PythonOptions options;
    private final List<Role> roles;
    private final @Nullable DirectBoot direct;
    private final @Nullable ProgramListener listener;
    private final MemoryWatch memory;
    private final LifetimeWatch lifetimes;
    private final Map<Role, HeadCount> counts = new HashMap<>();
    private final Decisions decisions = new Decisions();
    private final Backoff zygotes = new Backoff();
    private long zygoteStartedNanos = System.nanoTime();
    private Duration loadTime = Duration.ZERO;
    private final List<Generation> generations = new ArrayList<>();
    private @Nullable Generation current;
    private int generationCount;
    private @Nullable CompletableFuture<Void> reloading;
    private @Nullable CompletableFuture<Void> following;
    /// Whether the last launch failed because a process was killed.
    private boolean crashed;
    private boolean stopping;

    /// @param roles that each generation has processes for
    /// @param calls which answers what the program asks for during its import
    /// @param direct what zygotes are told of direct mode; null where it isn't
    /// @param listener told of what concerns the server
    public Fleet(
            HomeLoop home,
            PythonOptions options,
            List<Role> roles,
            UwsgiCalls calls,
            @Nullable DirectBoot direct,
            @Nullable ProgramListener listener) {
        this.home = home;
        this.options = options;
        this.roles = List.copyOf(roles);
        this.direct = direct;
        this.listener = listener;
        this.memory = new MemoryWatch(home, options, this::workers);
        this.lifetimes = new LifetimeWatch(home, options, this::workers);
        for (Role role : this.roles) {
            if (role.isCounted()) {
                counts.put(
                        role, new HeadCount(home, options, role, () -> group(role), memory::residentBytes, this::idle));
            }
        }
        this.parts = new FleetParts(home, options, this.roles, calls, new Backoffs(), this::begin);
    }

    private @Nullable ProcessGroup group(Role role) {
        return current == null || stopping ? null : current.group(role);
    }

    private void idle(boolean isIdle) {
        if (listener != null) {
            listener.idle(isIdle);
        }
    }

    private int begin(Role role) {
        HeadCount count = counts.get(role);
        return count == null ? role.processes() : count.begin();
    }

    private List<WorkerProcess> currentProcesses() {
        return current == null ? List.of() : current.processes();
    }

    private List<WorkerProcess> workers() {
        return current == null ? List.of() : current.processes(Role::hasWorkers);
    }

    /// For the log: `worker 1 (pid 4711), worker 2 (pid 4712)`.
    private String processNames() {
        return currentProcesses().stream().map(WorkerProcess::toString).collect(Collectors.joining(", "));
    }

    private void unavailable(String why) {
        roles.forEach(role -> role.unavailable(why));
    }

    // ---- loading

    /// Loads the program for the first time. Unless it is needed, one that can't be loaded answers 500
    /// until a reload, and one that was killed while it was loaded, perhaps because memory ran out, is tried again.
    ///
    /// @return completes when it can be called; exceptionally with a [PythonStartException]
    public CompletableFuture<Void> start() {
        memory.start();
        lifetimes.start();
        counts.values().forEach(HeadCount::start);
        return launch().whenComplete((nothing, failure) -> {
            if (failure == null
                    || options.needApp()
                    || stopping
                    || failure.getCause() instanceof PythonSetupException) {
                return;
            }
            if (crashed) {
                tryAgain(failure);
                return;
            }
            String why = reason(failure);
            LOG.log(
                    Level.ERROR,
                    "{0} can''t be loaded; until a reload, requests are answered 500 ({2} to end instead): {1}",
                    options.name(),
                    why,
                    options.nameOf("needApp"));
            unavailable(why);
        });
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause();
        return String.valueOf((cause == null ? failure : cause).getMessage());
    }

    private CompletableFuture<Void> launch() {
        Generation generation = new Generation(parts, ++generationCount, decisions);
        generations.add(generation);
        boolean reload = generation.number() > 1;
        zygoteStartedNanos = System.nanoTime();
        List<String> kinds = kinds();
        // A process is started by blocking calls, so not here.
        home.loop().start("start of a Python interpreter", () -> {
            try {
                Zygote zygote = Loop.offload(() -> Zygote.start(
                        "loomgate-python-" + generation.number(),
                        options,
                        BootConfiguration.of(options, direct, kinds, reload)));
                if (!home.execute(() -> generation.hasStarted(zygote))) {
                    zygote.destroy(); // nobody will hear of it
                }
            } catch (Exception e) {
                home.execute(() -> generation.cannotStart(e));
            }
        });
        Timer limit = home.later(options.startTimeout(), () -> generation
                .started()
                .completeExceptionally(new PythonStartException("the Python program is not loaded after %s (%s)"
                        .formatted(TimeText.of(options.startTimeout()), options.nameOf("startTimeout")))));
        generation.ended().thenRun(() -> generations.remove(generation));
        // On the loop side: every completion above is.
        return generation.started().handle((nothing, failure) -> {
            limit.cancel();
            if (failure == null) {
                loadTime = Duration.ofNanos(System.nanoTime() - zygoteStartedNanos);
                switchTo(generation);
                return null;
            }
            crashed = generation.hasCrashed();
            generation.kill();
            throw new CompletionException(failure);
        });
    }

    // What the zygote has to have imported before the program is.
    private List<String> kinds() {
        return roles.stream()
                .flatMap(role -> role.job(1).stream())
                .map(Job::kind)
                .distinct()
                .toList();
    }

    private void switchTo(Generation generation) {
        if (stopping) {
            generation.leave();
            return;
        }
        Generation before = current;
        current = generation;
        generation.serve();
        if (before != null) {
            before.leave();
        } else {
            LOG.log(Level.INFO, "{0} is loaded: {1}", options.name(), processNames());
        }
    }

    /// The number of the import that serves; 0 while none does.
    public int generation() {
        return current == null ? 0 : current.number();
    }

    /// Whether a role needs no process before the next request.
    public boolean isAsleep(Role role) {
        HeadCount count = counts.get(role);
        return count != null && count.isAsleep();
    }

    /// How long the last import took that succeeded, until its processes were ready.
    public Duration loadTime() {
        return loadTime;
    }

    /// See [dev.loomgate.python.PythonEngine#changeWorkers].
    public void changeWorkers(int by) {
        counts.values().forEach(count -> count.change(by));
    }

    /// See [dev.loomgate.python.PythonEngine#endWorkers].
    public void endWorkers() {
        counts.values().forEach(HeadCount::endAll);
    }

    /// See [dev.loomgate.python.PythonEngine#replaceWorkers].
    public void replaceWorkers(boolean oneByOne, String why) {
        if (current != null && !stopping) {
            current.replaceAll(Role::hasWorkers, why, oneByOne);
        }
    }

    /// See [dev.loomgate.python.PythonEngine#replaceProcesses].
    public void replaceProcesses(String role, String why) {
        if (current != null && !stopping) {
            current.replaceAll(each -> each.name().equals(role), why, false);
        }
    }

    /// See [dev.loomgate.python.PythonEngine#dump].
    public void dump() {
        generations.forEach(Generation::dump);
    }

    /// See [dev.loomgate.python.PythonEngine#raise].
    public void raise(int signal, String why) {
        if (current != null && !stopping) {
            current.signals().raise(signal, why);
        }
    }

    /// See [dev.loomgate.python.PythonEngine#reload].
    public CompletableFuture<Void> reload() {
        if (stopping) {
            return CompletableFuture.failedFuture(new PythonStartException("the server stops"));
        }
        CompletableFuture<Void> under = reloading;
        if (under == null || under.isDone()) {
            following = null;
            CompletableFuture<Void> now = reloadNow();
            reloading = now;
            return now;
        }
        // A caller that asks meanwhile may have changed the program after it was read: one more reload, for all such.
        CompletableFuture<Void> next = following;
        if (next == null) {
            next = under.<@Nullable Void>handle((nothing, failure) -> null).thenCompose(nothing -> reload());
            following = next;
        }
        return next;
    }

    private CompletableFuture<Void> reloadNow() {
        LOG.log(Level.INFO, "{0} is being reloaded", options.name());
        return launch().whenComplete((nothing, failure) -> {
            if (failure == null) {
                LOG.log(
                        Level.INFO,
                        "{0} is reloaded: generation {1} serves: {2}",
                        options.name(),
                        generationCount,
                        processNames());
            } else if (!stopping) {
                LOG.log(
                        Level.ERROR,
                        current == null
                                ? "{0}: reload failed: {1}"
                                : "{0}: reload failed, the previous version keeps serving: {1}",
                        options.name(),
                        reason(failure));
            }
        });
    }

    // ---- starting again

    private void launchUntilItServes() {
        if (stopping || current != null) {
            return;
        }
        launch().whenComplete((nothing, failure) -> {
            if (failure != null && !stopping) {
                tryAgain(failure);
            }
        });
    }

    private void tryAgain(Throwable failure) {
        if (current != null) {
            return; // a reload has done it
        }
        Duration wait = zygotes.died(0, false);
        String why = reason(failure);
        LOG.log(
                Level.ERROR,
                "{0} can''t be loaded, requests are answered 500; again in {1} ms: {2}",
                options.name(),
                wait.toMillis(),
                why);
        unavailable(why);
        home.later(wait, this::launchUntilItServes);
    }

    // ---- what its generations tell

    private final class Decisions implements Generation.Owner {
        @Override
        public void zygoteDied(Generation generation, int status) {
            if (stopping || generation != current) {
                return;
            }
            current = null;
            Duration wait = zygotes.died(System.nanoTime() - zygoteStartedNanos, true);
            LOG.log(
                    Level.ERROR,
                    "the process that forks the Python workers ended with status {0}; the program is reloaded in {1} ms",
                    status,
                    wait.toMillis());
            home.later(wait, Fleet.this::launchUntilItServes);
        }

        @Override
        public void signalled(int number) {
            String name =
                    switch (number) {
                        case 1 -> "SIGHUP";
                        case 2 -> "SIGINT";
                        case 3 -> "SIGQUIT";
                        case 10 -> "SIGUSR1";
                        case 15 -> "SIGTERM";
                        default -> "signal " + number;
                    };
            LOG.log(
                    Level.INFO,
                    "{0} has come to the process that forks the workers of {1}; it is passed on to the server",
                    name,
                    options.name());
            if (listener != null) {
                listener.signal(name);
            } else if (number == 1) {
                reload();
            }
        }

        @Override
        public void reloadRequested() {
            reload();
        }
    }

    // ---- the end

    /// The longest time that a role has for its processes to end; zero if that is the one for requests, which
    /// have ended at a stop. Any thread.
    public Duration mercy() {
        return roles.stream()
                .flatMap(role -> role.mercy().stream())
                .map(Mercy::time)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /// Ends all workers, after their requests.
    ///
    /// @return completes when all processes have ended
    public CompletableFuture<Void> stop() {
        stopping = true;
        unavailable("the server stops");
        memory.stop();
        lifetimes.stop();
        counts.values().forEach(HeadCount::stop);
        List<Generation> all = new ArrayList<>(generations);
        all.forEach(Generation::leave);
        return CompletableFuture.allOf(all.stream().map(Generation::ended).toArray(CompletableFuture[]::new));
    }

    /// Ends all processes at once.
    public void kill() {
        generations.forEach(Generation::kill);
    }

    /// Kills the zygotes and the workers by the operating system, where they don't end when they are told.
    public void destroy() {
        generations.forEach(Generation::destroy);
    }
}
