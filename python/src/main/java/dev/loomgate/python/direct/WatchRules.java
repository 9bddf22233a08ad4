package dev.loomgate.python.direct;

import dev.loomgate.gateway.direct.SharedSocket.Takers;
import java.time.Duration;
import java.util.List;

/// What is done about requests that workers have taken themselves, and who takes the next ones. Pure.
///
/// A request that takes long is to be handed over, so that its deadline, and its client's disconnect, are looked after
/// by the server. A worker that doesn't hand it over holds the interpreter's lock, or isn't scheduled any more: it is
/// replaced when the request's time has been over for a while.
final class WatchRules {
    /// A worker that gets on with nothing for so long isn't waited for.
    static final long HELD_UP_NANOS = Duration.ofMillis(100).toNanos();

    /// An event loop that hasn't said for so long that it turns is asked. It says so once a second.
    static final long SILENT_NANOS = Duration.ofMillis(2500).toNanos();

    /// For [#handOver]: there is nothing to ask for.
    static final long NOTHING = -1;

    private static final Duration LONGEST_PERIOD = Duration.ofMillis(100);
    private static final Duration SHORTEST_PERIOD = Duration.ofMillis(5);
    private static final int LOOKS_PER_TIMEOUT = 8;
    private static final long LONG_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LEAST_GRACE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int ASKED_PER_AGE = 4;

    private final long timeoutNanos;
    private final long oldNanos;
    private final long graceNanos;

    /// What is seen of a worker.
    ///
    /// @param inFlight direct requests that it runs
    /// @param atLeastNanos that the oldest of them has run
    /// @param atMostNanos that the oldest of them has run
    /// @param isFull whether it has as many requests, direct or not, as it runs at a time
    /// @param isHeldUp whether it has requests, and has got on with none for [#HELD_UP_NANOS]: it may not come to
    ///     another one either
    /// @param inDoubt whether its event loop, by which it keeps connections, may be held up: it is asked
    /// @param sinceAskedNanos since it was asked for old requests last
    record Seen(
            int inFlight,
            long atLeastNanos,
            long atMostNanos,
            boolean isFull,
            boolean isHeldUp,
            boolean inDoubt,
            long sinceAskedNanos) {}

    /// @param requestTimeout zero for none
    /// @param grace for a request to end whose time is over; here at least a second
    WatchRules(Duration requestTimeout, Duration grace) {
        graceNanos = Math.max(LEAST_GRACE_NANOS, grace.toNanos());
        timeoutNanos = requestTimeout.toNanos();
        oldNanos = timeoutNanos == 0 ? LONG_NANOS : Math.min(LONG_NANOS, timeoutNanos / 2);
    }

    /// How often to look.
    Duration period() {
        if (timeoutNanos == 0) {
            return LONGEST_PERIOD;
        }
        return Duration.ofNanos(
                Math.clamp(timeoutNanos / LOOKS_PER_TIMEOUT, SHORTEST_PERIOD.toNanos(), LONGEST_PERIOD.toNanos()));
    }

    /// Who takes connections.
    ///
    /// @param takers the workers that are to take some
    Takers takers(List<Seen> takers) {
        if (takers.stream().allMatch(Seen::isHeldUp)) {
            return Takers.NONE;
        }
        return takers.stream().allMatch(each -> each.isFull() || each.isHeldUp()) ? Takers.BUSY : Takers.FREE;
    }

    /// Which requests a worker is to hand over: those that have run for so many nanoseconds; [#NOTHING] for none.
    ///
    /// @param stopped whether the server stops
    /// @param allHeldUp whether all workers are held up: the server's own requests are to go where they end first
    long handOver(Seen worker, boolean stopped, boolean allHeldUp) {
        if (worker.inDoubt() && !stopped) {
            return worker.sinceAskedNanos() >= HELD_UP_NANOS ? oldNanos : NOTHING;
        }
        if (worker.inFlight() == 0) {
            return NOTHING;
        }
        if (stopped) {
            return worker.sinceAskedNanos() >= HELD_UP_NANOS ? 0 : NOTHING;
        }
        long age = allHeldUp && worker.isHeldUp() ? Math.min(HELD_UP_NANOS, oldNanos) : oldNanos;
        return worker.atMostNanos() >= age && worker.sinceAskedNanos() >= age / ASKED_PER_AGE ? age : NOTHING;
    }

    /// Whether a worker has a request whose time has been over for a while, and still hasn't handed it over.
    boolean isStuck(Seen worker) {
        return timeoutNanos > 0 && worker.inFlight() > 0 && worker.atLeastNanos() > timeoutNanos + graceNanos;
    }
}
