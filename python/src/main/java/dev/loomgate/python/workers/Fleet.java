package dev.loomgate.python.workers;

import dev.loomgate.loop.Loop;
import dev.loomgate.loop.Timer;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.PythonStartException;
import dev.loomgate.python.WorkerMode;
import dev.loomgate.python.zygote.BootConfiguration;
import dev.loomgate.python.zygote.Zygote;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Keeps the workers there: starts them, replaces them, loads the program anew. Loop side only, but where it says
/// otherwise.
final class Fleet {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration MEMORY_LOOK = Duration.ofSeconds(2);

    private final Loop loop;
    private final PythonOptions options;
    private final Pool pool;
    private final UwsgiCalls calls;
    private final @Nullable Consumer<String> onSignal;
    private final Map<Integer, Backoff> backoffs = new HashMap<>();
    private final Backoff zygotes = new Backoff();
    private long zygoteStartedNanos = System.nanoTime();
    private final List<Generation> generations = new ArrayList<>();
    private @Nullable Generation current;
    private int generationCount;
    private @Nullable CompletableFuture<Void> reloading;
    private @Nullable CompletableFuture<Void> following;
    private @Nullable Timer memoryTimer;
    /// Whether what was last launched was killed before it served.
    private boolean crashed;
    private boolean stopping;

    /// @param onSignal who wants to know of signals that are meant for the server
    Fleet(Loop loop, PythonOptions options, Pool pool, UwsgiCalls calls, @Nullable Consumer<String> onSignal) {
        this.loop = loop;
        this.options = options;
        this.pool = pool;
        this.calls = calls;
        this.onSignal = onSignal;
    }

    Loop loop() {
        return loop;
    }

    PythonOptions options() {
        return options;
    }

    Pool pool() {
        return pool;
    }

    boolean hasThreads() {
        return options.mode() instanceof WorkerMode.Threads;
    }

    /// Runs a task on the loop side. Any thread.
    void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "the loop has ended before its Python workers had", e);
        }
    }

    /// Runs a task on the loop side after `delay`.
    Timer later(Duration delay, Runnable task) {
        return loop.callLater(delay, () -> execute(task));
    }

    static JsonNode json(String text) {
        return JSON.readTree(text);
    }

    // ---- loading

    /// Loads the program for the first time. Unless it is needed (`--need-app`), one that can't be loaded answers 500
    /// until a reload, and one that was killed while it was loaded, for want of memory perhaps, is tried again.
    ///
    /// @return completes when it can be called; exceptionally with a [PythonStartException]
    CompletableFuture<Void> start() {
        if (options.reloadOnRssBytes() > 0) {
            memoryTimer = loop.every(MEMORY_LOOK, this::lookAtMemory);
        }
        return launch().whenComplete((nothing, failure) -> {
            if (failure == null || options.needApp() || stopping) {
                return;
            }
            if (crashed) {
                tryAgain(failure);
                return;
            }
            String why = reason(failure);
            LOG.log(
                    Level.ERROR,
                    "{0} can''t be loaded; until a reload, requests are answered 500 (--need-app to end instead): {1}",
                    options.name(),
                    why);
            pool.unavailable(why);
        });
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause();
        return String.valueOf((cause == null ? failure : cause).getMessage());
    }

    private CompletableFuture<Void> launch() {
        Generation generation = new Generation(this, ++generationCount);
        generations.add(generation);
        boolean reload = generation.number > 1;
        zygoteStartedNanos = System.nanoTime();
        // A process is started by blocking calls, so not here.
        loop.start("start of a Python interpreter", () -> {
            try {
                Zygote zygote = Loop.offload(() -> Zygote.start(
                        "loomgate-python-" + generation.number, options, BootConfiguration.of(options, reload)));
                execute(() -> generation.hasStarted(zygote));
            } catch (Exception e) {
                execute(() -> {
                    generation.ended.complete(null);
                    generation.started.completeExceptionally(e);
                });
            }
        });
        Timer limit = later(
                options.startTimeout(),
                () -> generation.started.completeExceptionally(
                        new PythonStartException("the Python program is not loaded after %s (--start-timeout)"
                                .formatted(options.startTimeout()))));
        generation.ended.thenRun(() -> generations.remove(generation));
        // On the loop side: every completion above is.
        return generation.started.handle((nothing, failure) -> {
            limit.cancel();
            if (failure == null) {
                goOverTo(generation);
                return null;
            }
            crashed = generation.hasCrashed();
            generation.kill();
            throw new java.util.concurrent.CompletionException(failure);
        });
    }

    private void goOverTo(Generation generation) {
        if (stopping) {
            generation.leave();
            return;
        }
        Generation before = current;
        current = generation;
        generation.workers().stream()
                .filter(worker -> worker.state == Worker.State.SERVING)
                .forEach(pool::add);
        if (before != null) {
            before.leave();
        }
    }

    /// See [dev.loomgate.python.PythonEngine#reload].
    CompletableFuture<Void> reload() {
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
        // Whoever asks meanwhile may have changed the program after it was read: once more, for all of them.
        CompletableFuture<Void> next = following;
        if (next == null) {
            next = under.<@Nullable Void>handle((nothing, failure) -> null).thenCompose(nothing -> reload());
            following = next;
        }
        return next;
    }

    private CompletableFuture<Void> reloadNow() {
        LOG.log(Level.INFO, "{0} is loaded anew", options.name());
        return launch().whenComplete((nothing, failure) -> {
            if (failure == null) {
                LOG.log(Level.INFO, "{0} is loaded anew: generation {1} serves", options.name(), generationCount);
            } else if (!stopping) {
                LOG.log(
                        Level.ERROR,
                        current == null
                                ? "{0} can''t be loaded anew: {1}"
                                : "{0} can''t be loaded anew, the old version goes on: {1}",
                        options.name(),
                        reason(failure));
            }
        });
    }

    // ---- replacing

    int requestLimit() {
        int most = options.maxRequests();
        int delta = options.maxRequestsDelta();
        return most == 0
                ? 0
                : most + (delta == 0 ? 0 : ThreadLocalRandom.current().nextInt(delta + 1));
    }

    void replace(Worker worker, String why) {
        if (!stopping && worker.generation.replace(worker)) {
            LOG.log(Level.INFO, "{0} is replaced: {1}", worker, why);
        }
    }

    Duration backoff(Worker worker) {
        return backoffs.computeIfAbsent(worker.slot, slot -> new Backoff())
                .died(System.nanoTime() - worker.startedNanos, worker.hasServed);
    }

    void workerDied(Worker worker) {
        calls.ended(worker);
    }

    void zygoteDied(Generation generation, int status) {
        if (stopping || generation != current) {
            return;
        }
        current = null;
        Duration wait = zygotes.died(System.nanoTime() - zygoteStartedNanos, true);
        LOG.log(
                Level.ERROR,
                "the process that forks the Python workers ended with status {0}; the program is loaded anew in {1} ms",
                status,
                wait.toMillis());
        later(wait, this::launchUntilItServes);
    }

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
        pool.unavailable(why);
        later(wait, this::launchUntilItServes);
    }

    /// A signal has come to a zygote that means something to the server.
    void signalled(int number) {
        String name =
                switch (number) {
                    case 1 -> "SIGHUP";
                    case 2 -> "SIGINT";
                    case 10 -> "SIGUSR1";
                    case 15 -> "SIGTERM";
                    default -> "signal " + number;
                };
        LOG.log(
                Level.INFO,
                "{0} has come to the process that forks the workers of {1}; it is passed on to the server",
                name,
                options.name());
        if (onSignal != null) {
            onSignal.accept(name);
        } else if (number == 1) {
            reload();
        }
    }

    private void lookAtMemory() {
        if (current == null) {
            return;
        }
        List<Worker> workers = current.workers();
        loop.start("looking at the memory of Python workers", () -> {
            for (Worker worker : workers) {
                long bytes = residentBytes(worker.pid);
                if (bytes > options.reloadOnRssBytes()) {
                    execute(() -> {
                        if (worker.state == Worker.State.SERVING) {
                            replace(
                                    worker,
                                    "it has %d MiB of resident memory (--reload-on-rss)".formatted(bytes >> 20));
                        }
                    });
                }
            }
        });
    }

    private static long residentBytes(long pid) {
        // proc_pid_status(5): "VmRSS:     12345 kB".
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | RuntimeException e) {
            return 0; // it has just ended
        }
    }

    // ---- the uwsgi module

    void uwsgiCall(Worker worker, int id, ByteBuf payload, UwsgiCalls.Replies replies) {
        calls.call(this, worker, id, payload, replies);
    }

    /// A call of the import's.
    void uwsgiCall(Generation generation, int id, ByteBuf payload, UwsgiCalls.Replies replies) {
        calls.callOfImport(generation, id, payload, replies);
    }

    /// What its import has locked is free again.
    void importEnded(Generation generation) {
        calls.ended(generation);
    }

    // ---- the end

    /// Ends all workers, after their requests.
    ///
    /// @return completes when all processes have ended
    CompletableFuture<Void> stop() {
        stopping = true;
        pool.unavailable("the server stops");
        if (memoryTimer != null) {
            memoryTimer.cancel();
        }
        List<Generation> all = new ArrayList<>(generations);
        all.forEach(Generation::leave);
        return CompletableFuture.allOf(all.stream().map(each -> each.ended).toArray(CompletableFuture[]::new));
    }

    /// Ends all processes at once.
    void kill() {
        generations.forEach(Generation::kill);
    }

    /// Where even the zygotes don't end.
    void destroy() {
        generations.forEach(Generation::destroy);
    }
}
