package dev.loomgate.python.cheaper;

import dev.loomgate.python.BusynessOptions;
import dev.loomgate.python.CheaperOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// By the share of a cycle in which the workers had requests: over the one limit more are started, under the other one
/// of them ends, after some quiet cycles; a number that goes up and down in turns makes it wait for longer. When many
/// requests wait, workers are started at once, which end the sooner. uWSGI's `busyness`.
final class BusynessRule implements CountRule {
    private static final long SECOND = 1_000_000_000L;
    private static final int PERCENT = 100;
    private static final int BUSY_CYCLES = 3;

    private final int least;
    private final int step;
    private final long cycleNanos;
    private final BusynessOptions limits;
    private final Consumer<String> log;

    private final Map<Long, Long> busyBefore = new HashMap<>();
    private boolean begun;
    private long cycleBegan;
    private long lastEnded;
    private boolean hasEnded;
    private boolean endedLast;
    private long mayEndAt;
    private int multiplier;
    private int cyclesBetween;
    /// Workers that were started because requests waited.
    private int emergencies;
    private boolean queueWasEmpty = true;
    private long queueSince;

    BusynessRule(CheaperOptions options, Consumer<String> log) {
        this.least = options.least();
        this.step = options.step();
        this.cycleNanos = options.overload() * SECOND;
        this.limits = options.busyness();
        this.log = log;
        this.multiplier = limits.multiplier();
    }

    @Override
    public int change(Figures figures, boolean mayGrow) {
        long now = figures.nowNanos();
        if (!begun) {
            begun = true;
            cycleBegan = now;
            waitBeforeEnding(now);
        }
        if (now - cycleBegan >= cycleNanos) {
            int percent = busyness(figures, now - cycleBegan);
            cycleBegan = now;
            if (limits.verbose()) {
                log.accept("busyness: %d workers, busy for %d%% of the time".formatted(figures.active(), percent));
            }
            return cycle(figures, percent, mayGrow);
        }
        return mayGrow && isAlarming(figures) ? emergency(figures) : queue(figures, mayGrow);
    }

    private int busyness(Figures figures, long nanos) {
        long total = 0;
        Map<Long, Long> now = new HashMap<>();
        for (Figures.Seen worker : figures.workers()) {
            long busy = worker.busyNanos() - busyBefore.getOrDefault(worker.id(), 0L);
            total += Math.min(PERCENT, busy * PERCENT / nanos);
            now.put(worker.id(), worker.busyNanos());
        }
        busyBefore.clear();
        busyBefore.putAll(now);
        return figures.active() == 0 ? 0 : (int) (total / figures.active());
    }

    private int cycle(Figures figures, int percent, boolean mayGrow) {
        if (percent > limits.max()) {
            cyclesBetween = 0;
            return mayGrow ? grow(figures, percent) : 0;
        }
        if (mayGrow && isAlarming(figures)) {
            return emergency(figures);
        }
        if (figures.active() == 1) {
            return 0;
        }
        if (percent < limits.min()) {
            cyclesBetween = 0;
            return shrink(figures, percent);
        }
        emergencies = Math.max(0, emergencies - 1);
        cyclesBetween++;
        if (cyclesBetween >= BUSY_CYCLES) {
            waitBeforeEnding(figures.nowNanos());
        } else {
            mayEndAt += cycleNanos; // this cycle doesn't count as a quiet one
        }
        return 0;
    }

    private int grow(Figures figures, int percent) {
        int more = figures.room(step);
        if (more > 0) {
            endedLast = false;
            if (hasEnded && (figures.nowNanos() - lastEnded) / cycleNanos <= multiplier) {
                multiplier += limits.penalty();
                log.accept("busyness: a worker is wanted again soon after one has ended; from now on %d quiet cycles"
                        .formatted(multiplier));
            } else {
                lowerMultiplier();
            }
            waitBeforeEnding(figures.nowNanos());
            log.accept("busyness: workers are busy for %d%% of the time, %d more are started".formatted(percent, more));
        }
        return more;
    }

    private int shrink(Figures figures, int percent) {
        if (figures.active() <= least || figures.nowNanos() < mayEndAt) {
            return 0;
        }
        if (endedLast) {
            lowerMultiplier();
        }
        waitBeforeEnding(figures.nowNanos());
        lastEnded = figures.nowNanos();
        hasEnded = true;
        endedLast = true;
        emergencies = Math.max(0, emergencies - 1);
        log.accept(
                "busyness: workers are busy for %d%% of the time, one of %d ends".formatted(percent, figures.active()));
        return -1;
    }

    private boolean isAlarming(Figures figures) {
        return figures.waiting() > limits.backlogAlert() && figures.active() < figures.most();
    }

    private int emergency(Figures figures) {
        multiplier = limits.multiplier();
        endedLast = false;
        waitBeforeEnding(figures.nowNanos());
        int more = figures.room(limits.backlogStep());
        emergencies += more;
        log.accept("busyness: %d requests wait, %d more workers are started".formatted(figures.waiting(), more));
        return more;
    }

    // Whether some request has waited in each look for a long time.
    private int queue(Figures figures, boolean mayGrow) {
        if (figures.waiting() == 0) {
            queueWasEmpty = true;
        } else if (queueWasEmpty) {
            queueWasEmpty = false;
            queueSince = figures.nowNanos();
        } else if (mayGrow && figures.nowNanos() - queueSince >= limits.backlogNonzero() * SECOND) {
            queueSince = figures.nowNanos();
            return emergency(figures);
        }
        return 0;
    }

    private void waitBeforeEnding(long now) {
        mayEndAt = now + cycleNanos * (emergencies > 0 ? limits.backlogMultiplier() : multiplier);
    }

    private void lowerMultiplier() {
        if (multiplier > limits.multiplier()) {
            multiplier--;
        }
    }
}
