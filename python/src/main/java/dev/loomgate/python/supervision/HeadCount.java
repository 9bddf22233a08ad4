package dev.loomgate.python.supervision;

import dev.loomgate.loop.Timer;
import dev.loomgate.python.CheaperAlgorithm;
import dev.loomgate.python.CheaperOptions;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.cheaper.CountRule;
import dev.loomgate.python.cheaper.Figures;
import dev.loomgate.python.cheaper.IdleRule;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How many processes a role has, through all generations: follows what the rules of `cheaper` say, once a second, and
/// starts processes when there are none and work waits. Loop side only.
final class HeadCount {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");
    private static final Duration CYCLE = Duration.ofSeconds(1);
    private static final Duration SAMPLE = Duration.ofMillis(100);

    private final HomeLoop home;
    private final PythonOptions options;
    private final CheaperOptions cheaper;
    private final Role role;
    private final Supplier<@Nullable ProcessGroup> group;
    private final LongSupplier residentBytes;
    private final CountRule rule;
    private final IdleRule idle;
    private final List<Timer> timers = new ArrayList<>();
    /// By process ids.
    private final Map<Long, Long> busyNanos = new HashMap<>();

    private final Map<Long, Long> begun = new HashMap<>();
    private long sampledNanos;
    /// Whether there are to be none until work comes.
    private boolean asleep;
    private final Consumer<Boolean> listener;
    private int last;

    /// @param group the processes that serve; null while there is no program
    /// @param residentBytes memory of all of them
    /// @param listener told that there are none until work comes, and that it has come
    HeadCount(
            HomeLoop home,
            PythonOptions options,
            Role role,
            Supplier<@Nullable ProcessGroup> group,
            LongSupplier residentBytes,
            Consumer<Boolean> listener) {
        this.home = home;
        this.options = options;
        this.cheaper = options.cheaper();
        this.role = role;
        this.group = group;
        this.residentBytes = residentBytes;
        this.listener = listener;
        this.rule = CountRule.of(cheaper, text -> LOG.log(Level.INFO, text));
        this.idle = new IdleRule(cheaper.idle());
        this.asleep = cheaper.cheap();
    }

    void start() {
        role.whenNoneServes(this::wanted);
        if (cheaper.followsLoad() || cheaper.mayBeNone()) {
            sampledNanos = System.nanoTime();
            tell(begin());
            timers.add(home.loop().side().every(SAMPLE, this::sample));
            timers.add(home.loop().side().every(CYCLE, this::decide));
        }
        if (asleep) {
            LOG.log(
                    Level.INFO,
                    "{0}: no {1} is started before the first request ({2})",
                    options.name(),
                    role.name(),
                    options.nameOf("cheap"));
        }
    }

    void stop() {
        timers.forEach(Timer::cancel);
    }

    /// Whether no process is needed before the next request.
    boolean isAsleep() {
        return asleep;
    }

    /// How many a new generation begins with: as many as the one before has.
    int begin() {
        if (asleep) {
            return 0;
        }
        if (!cheaper.followsLoad()) {
            return role.processes();
        }
        int initial = Math.max(cheaper.least(), cheaper.initial());
        return Math.clamp(Math.max(initial, last), 1, role.processes());
    }

    // ---- none at all

    private int awake() {
        return cheaper.followsLoad() ? cheaper.least() : role.processes();
    }

    /// Work waits, and no process serves.
    private void wanted() {
        ProcessGroup now = group.get();
        boolean slept = asleep;
        asleep = false;
        if (slept) {
            listener.accept(false);
        }
        if (now != null && now.active() == 0) {
            int more = now.grow(awake());
            if (slept && more > 0) {
                LOG.log(Level.INFO, "{0}: a request has come, {1} {2}s are started", options.name(), more, role.name());
            }
        }
    }

    private void sleep(ProcessGroup now) {
        asleep = true;
        int count = now.active();
        LOG.log(
                Level.INFO,
                "{0}: no request for {1} s ({2}), {3} {4}s end until the next one",
                options.name(),
                cheaper.idle().toSeconds(),
                options.nameOf("idle"),
                count,
                role.name());
        now.endAll();
        listener.accept(true);
    }

    /// So many more or, if it is negative, fewer: as many as there may be.
    void change(int by) {
        ProcessGroup now = group.get();
        if (now == null) {
            return;
        }
        int before = now.active();
        if (by > 0) {
            asleep = false;
            now.grow(by);
        }
        for (int i = 0; i < -by && now.active() > 1; i++) {
            now.endIdle();
        }
        last = now.active();
        LOG.log(
                Level.INFO,
                last == before
                        ? "{0}: {1} {2}s, as before; they may be 1 to {4}, and only one without work ends ({5})"
                        : "{0}: {1} {2}s, {3} before",
                options.name(),
                last,
                role.name(),
                before,
                role.processes(),
                options.nameOf("processes"));
    }

    /// Ends all, after their requests; the next request starts some again.
    void endAll() {
        ProcessGroup now = group.get();
        if (now != null && now.active() > 0) {
            asleep = true;
            LOG.log(Level.INFO, "{0}: {1} {2}s end until the next request", options.name(), now.active(), role.name());
            now.endAll();
        }
    }

    // ---- the looks

    private void sample() {
        long now = System.nanoTime();
        long passed = now - sampledNanos;
        sampledNanos = now;
        ProcessGroup all = group.get();
        if (all != null) {
            for (WorkerProcess process : all.processes()) {
                if (process.isBusy()) {
                    busyNanos.merge(process.pid(), passed, Long::sum);
                }
            }
        }
    }

    private void decide() {
        ProcessGroup now = group.get();
        if (now == null) {
            return;
        }
        if (!asleep && now.active() == 0) {
            now.grow(awake());
        }
        long nanos = System.nanoTime();
        Figures figures = figures(now, nanos);
        boolean busy = hasBegunSome(now) || figures.workers().stream().anyMatch(Figures.Seen::busy);
        if (idle.isOver(nanos, busy || figures.waiting() > 0) && now.active() > 0) {
            sleep(now);
        } else if (cheaper.followsLoad() && !asleep) {
            follow(now, rule.change(figures, true));
        }
        last = now.active();
        tell(last);
    }

    private void tell(int count) {
        role.mayGrow(
                cheaper.followsLoad() && cheaper.algorithm() != CheaperAlgorithm.MANUAL && count < role.processes());
    }

    private void follow(ProcessGroup now, int change) {
        int before = now.active();
        if (change > 0) {
            now.grow(change);
        } else if (change < 0) {
            now.endIdle();
        }
        if (now.active() != before) {
            LOG.log(
                    Level.INFO,
                    "{0}: {1} {2}s, {3} before ({4})",
                    options.name(),
                    now.active(),
                    role.name(),
                    before,
                    options.nameOf("cheaper"));
        }
    }

    private Figures figures(ProcessGroup now, long nanos) {
        busyNanos
                .keySet()
                .retainAll(now.processes().stream().map(WorkerProcess::pid).toList());
        List<Figures.Seen> seen = new ArrayList<>();
        for (int slot : now.activeSlots()) {
            WorkerProcess process = now.inSlot(slot);
            seen.add(
                    process == null
                            ? new Figures.Seen(-slot, false, 0) // it is being forked
                            : new Figures.Seen(
                                    process.pid(), process.isBusy(), busyNanos.getOrDefault(process.pid(), 0L)));
        }
        return new Figures(nanos, role.processes(), seen, role.waiting(), residentBytes.getAsLong());
    }

    // Whether a request has begun since the last look.
    private boolean hasBegunSome(ProcessGroup now) {
        boolean some = false;
        Map<Long, Long> current = new HashMap<>();
        for (WorkerProcess process : now.processes()) {
            long count = process.begun();
            some |= count != begun.getOrDefault(process.pid(), 0L);
            current.put(process.pid(), count);
        }
        begun.clear();
        begun.putAll(current);
        return some;
    }
}
