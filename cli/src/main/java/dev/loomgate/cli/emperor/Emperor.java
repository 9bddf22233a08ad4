package dev.loomgate.cli.emperor;

import dev.loomgate.cli.process.OwnCommand;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.ServerStartException;
import dev.loomgate.server.TextServer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Starts, restarts and ends a vassal for each file that its monitors find.
///
/// One thread has all state: it looks at the files each period, and handles what [#post] gives it in between, which
/// never waits. The public methods may be called by any other thread.
///
/// ```java
/// try (Emperor emperor = Emperor.start(settings, OwnCommand.of(main), "1.0", Path.of("").toAbsolutePath())) {
///     awaitSignal();
/// } // all vassals have ended
/// ```
public final class Emperor implements AutoCloseable {
    private static final int STATS_MODE = 0660;
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final long ANSWER_SECONDS = 5;

    private final EmperorSettings settings;
    private final List<Monitor> monitors;
    private final VassalCommand command;
    private final SharedProcesses shared;
    private final StopHooks stopHooks;
    private final @Nullable TextServer stats;
    private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
    private final Thread thread;

    // The emperor's thread.
    private final Map<Path, Vassal> vassals = new LinkedHashMap<>();
    private final Set<Path> refused = new HashSet<>();
    private long nextLookNanos = System.nanoTime();
    private boolean ends;

    private Emperor(EmperorSettings settings, List<Monitor> monitors, OwnCommand program, @Nullable TextServer stats) {
        this.settings = settings;
        this.monitors = monitors;
        this.stats = stats;
        command = new VassalCommand(program, settings);
        shared = new SharedProcesses(command, settings.tyrant() != null, this::post);
        stopHooks = new StopHooks(settings.vassals().stopHook(), settings.endLimit());
        thread = Thread.ofPlatform().daemon().name("loomgate-emperor").unstarted(this::run);
    }

    /// Starts one.
    ///
    /// @param program how vassals' processes are started
    /// @param version of this program, for its statistics
    /// @param directory what the monitors' places are relative to
    /// @throws ServerStartException if its statistics can't be read where that was asked for
    public static Emperor start(EmperorSettings settings, OwnCommand program, String version, Path directory)
            throws ServerStartException {
        boolean ownersOfLinks = settings.tyrant() != null && !settings.tyrant().followsLinks();
        List<Monitor> monitors = settings.monitors().stream()
                .map(each -> new Monitor(each, directory, settings.follow(), settings.follow() && !ownersOfLinks))
                .toList();
        TextServer stats = settings.stats() == null ? null : bindStats(settings.stats());
        Emperor emperor = new Emperor(settings, monitors, program, stats);
        LOG.log(Level.INFO, () -> "emperor: looks for vassals at %s each %d ms (--emperor-freq)"
                .formatted(monitors, settings.period().toMillis()));
        if (stats != null) {
            LOG.log(Level.INFO, "emperor: statistics at {0} (--emperor-stats)", stats.place());
            stats.serve(
                    () -> emperor.ask(() -> EmperorStats.json(version, monitors, settings, emperor.all()))
                            .orElse("")
                            .getBytes(StandardCharsets.UTF_8),
                    false);
        }
        emperor.thread.start();
        return emperor;
    }

    private static TextServer bindStats(Place place) throws ServerStartException {
        try {
            return TextServer.bind(place, STATS_MODE);
        } catch (ServerStartException e) {
            throw new ServerStartException("--emperor-stats: " + e.getMessage(), e);
        }
    }

    private void run() {
        while (!(ends && vassals.isEmpty())) {
            try {
                step();
            } catch (InterruptedException e) {
                return; // nobody does that
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "emperor: a step has failed, it goes on", e);
            }
        }
        try {
            shared.awaitEnd();
        } catch (InterruptedException e) {
            return; // nobody does that
        }
    }

    private void step() throws InterruptedException {
        Runnable event = events.poll(untilDueNanos(), TimeUnit.NANOSECONDS);
        while (event != null) {
            event.run();
            event = events.poll();
        }
        if (!ends && System.nanoTime() - nextLookNanos >= 0) {
            nextLookNanos = System.nanoTime() + settings.period().toNanos();
            look();
        }
        startOthers();
        shared.endIdle();
    }

    private long untilDueNanos() {
        long due = settings.period().toNanos();
        if (!ends) {
            due = Math.min(due, nextLookNanos - System.nanoTime());
        }
        boolean mayStart = mayStart();
        for (Vassal vassal : vassals.values()) {
            if (vassal.state() != Vassal.State.WAITING || mayStart) {
                due = Math.min(due, vassal.dueNanos());
            }
        }
        return Math.max(0, due);
    }

    private void look() {
        Set<Path> found = new HashSet<>();
        boolean complete = true;
        for (Monitor monitor : monitors) {
            Monitor.Found files = monitor.look();
            complete &= files.complete();
            for (VassalFile file : files.files()) {
                if (found.add(file.path())) {
                    found(file);
                }
            }
        }
        if (complete) {
            for (Vassal vassal : all()) {
                if (!found.contains(vassal.file().path())) {
                    vassal.remove();
                }
            }
            refused.retainAll(found);
        }
    }

    private void found(VassalFile file) {
        Vassal vassal = vassals.get(file.path());
        boolean isTyrant = settings.tyrant() != null;
        if (isTyrant && (file.uid() == 0 || file.gid() == 0)) {
            if (refused.add(file.path())) {
                LOG.log(
                        Level.ERROR,
                        "emperor: {0} belongs to root, or to its group, and doesn''t run (--emperor-tyrant)",
                        file.name());
            }
            if (vassal != null) {
                vassal.remove();
            }
            return;
        }
        refused.remove(file.path());
        if (vassal == null) {
            vassals.put(file.path(), new Vassal(this, settings, file));
        } else if (isTyrant && !file.hasOwnerOf(vassal.file())) {
            vassal.remove(); // and is found once more when it has gone
        } else if (!file.state().equals(vassal.file().state())) {
            vassal.changed(file);
        }
    }

    // ---- for vassals, on the emperor's thread

    VassalCommand command() {
        return command;
    }

    SharedProcesses shared() {
        return shared;
    }

    /// Whether few enough start.
    boolean mayStart() {
        return vassals.values().stream().filter(Vassal::isStarting).count() < settings.startsAtOnce();
    }

    /// Does what is due for all.
    void startOthers() {
        all().forEach(Vassal::tick);
    }

    void runStopHook(Vassal vassal) {
        stopHooks.run(vassal.file());
    }

    /// It is none of the emperor's any more. A file that is there again is found at once.
    void gone(Vassal vassal) {
        vassals.remove(vassal.file().path(), vassal);
        nextLookNanos = System.nanoTime();
    }

    private List<Vassal> all() {
        return new ArrayList<>(vassals.values());
    }

    // ---- for others

    /// Has the emperor's thread do something. Any thread; never waits.
    void post(Runnable event) {
        events.add(event);
    }

    /// Starts all vassals again, each as if its file had changed. Any thread; never waits.
    public void reload() {
        post(() -> all().forEach(vassal -> vassal.changed(vassal.file())));
    }

    /// Tries at once all vassals that have failed. Any thread; never waits.
    public void forgetFailures() {
        post(() -> all().forEach(Vassal::tryNow));
    }

    /// A line for each vassal, or a word that there are none. Any thread; may wait for a moment.
    public String status() {
        return ask(() -> EmperorStats.text(all())).orElse("the emperor is busy\n");
    }

    private <T> Optional<T> ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        post(() -> answer.complete(question.get()));
        try {
            return Optional.of(answer.get(ANSWER_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }

    /// Ends all vassals, each within the limit, and waits for that.
    @Override
    public void close() {
        post(() -> {
            ends = true;
            all().forEach(Vassal::remove);
        });
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stopHooks.close();
        if (stats != null) {
            stats.close();
        }
    }
}
