package dev.loomgate.loop.watch;

import dev.loomgate.loop.carriers.OsThreads;
import dev.loomgate.loop.failures.OnceInAWhile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;

/// What the watchdog knows of one loop: who runs on it, and who has held it and still runs. The watchdog's thread
/// only.
final class LoopWatch implements Watch {
    private static final long LEAST_NANOS = 1_000_000;
    private static final long LONGEST_NANOS = 50_000_000;

    // After a hand-over the next one comes sooner, for a second: holds come in crowds, and each costs the others its
    // wait.
    private static final long CROWD_NANOS = 1_000_000_000L;
    private static final int CROWD_SPEED = 8;

    private static final long QUIET_NANOS = 1_000_000_000L;

    private final WatchedLoop loop;
    private final OsThreads osThreads;
    private final Duration holdLimit;
    private final long handOverNanos;
    private final UnaryOperator<String> settingNames;
    private final OnceInAWhile places;
    private final List<Hold> left = new ArrayList<>();
    private Hold current;
    private boolean handedOver;
    private long lastHandOver;

    /// @param places of which each is logged once in a while
    LoopWatch(
            WatchedLoop loop,
            Duration holdLimit,
            Duration handOver,
            UnaryOperator<String> settingNames,
            OnceInAWhile places) {
        this.loop = loop;
        this.osThreads = loop.carrier().osThreads();
        this.holdLimit = holdLimit;
        this.handOverNanos = handOver.toNanos();
        this.settingNames = settingNames;
        this.places = places;
        this.current = new Hold(loop, osThreads.owner(), 0, System.nanoTime());
    }

    @Override
    public long look() {
        try {
            long now = System.nanoTime();
            lookAtHeld(now);
            return lookAtOwner(now);
        } catch (Throwable thrown) {
            loop.failures().log("the watchdog", thrown);
            return LONGEST_NANOS;
        }
    }

    @Override
    public boolean isQuiet() {
        return left.isEmpty() && !current.isMicrothreads() && current.nanos(System.nanoTime()) >= QUIET_NANOS;
    }

    @Override
    public boolean beginRest() {
        try {
            return loop.carrier().beginRest(current.thread(), current.turn());
        } catch (Throwable thrown) {
            loop.failures().log("the watchdog", thrown);
            return false;
        }
    }

    @Override
    public void endRest() {
        loop.carrier().endRest();
    }

    private void lookAtHeld(long now) {
        for (Iterator<Hold> each = left.iterator(); each.hasNext(); ) {
            Hold hold = each.next();
            if (hold.isOver()) {
                each.remove();
                hold.reportEnd(now);
            } else {
                reportIfLong(hold, now);
            }
        }
    }

    private long lookAtOwner(long now) {
        boolean crowd = handedOver && now - lastHandOver < CROWD_NANOS;
        long limit = crowd ? Math.max(LEAST_NANOS, handOverNanos / CROWD_SPEED) : handOverNanos;
        if (current.isOver() || !current.isOn(osThreads.owner())) {
            current.reportEnd(now);
            current = new Hold(loop, osThreads.owner(), osThreads.owner().turn(), now);
            return crowd ? limit : step(2);
        }
        if (!current.isMicrothreads()) {
            // What begins now is seen at the next look, for which the others wait, too.
            return crowd ? limit : Math.min(step(1), LONGEST_NANOS);
        }
        // The first look at what the thread does comes after half of the limit.
        if (handOverNanos > 0 && current.isReal(handOverNanos / 2) && current.nanos(now) >= limit) {
            handOver(now);
        }
        reportIfLong(current, now);
        return Math.max(LEAST_NANOS, crowd ? limit / 2 : step(4));
    }

    private void handOver(long now) {
        if (osThreads.takeOver(current.thread(), current.turn()) != null) {
            handedOver = true;
            lastHandOver = now;
            current.left(now);
            left.add(current);
            current = new Hold(loop, osThreads.owner(), osThreads.owner().turn(), now);
        }
    }

    private void reportIfLong(Hold hold, long now) {
        if (holdLimit.isPositive() && !hold.isSeen() && hold.nanos(now) >= holdLimit.toNanos()) {
            hold.report(holdLimit, settingNames, places, now);
        }
    }

    private long step(int parts) {
        long hold = holdLimit.isPositive() ? holdLimit.toNanos() : Long.MAX_VALUE;
        long limit = Math.min(hold, handOverNanos > 0 ? handOverNanos : Long.MAX_VALUE);
        return Math.max(LEAST_NANOS, limit / parts);
    }
}
