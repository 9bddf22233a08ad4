package dev.loomgate.redis;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// When Redis was gone, and what the log says of it: two lines for each time, and if it comes and goes,
/// no more of them than one pair in ten seconds.
final class Outages {
    private static final Logger LOGGER = System.getLogger(Redis.class.getName());
    private static final long QUIET_NANOS = Duration.ofSeconds(10).toNanos();

    private final String place;
    private final LongAdder refused = new LongAdder();

    private long outages; // by lock of this, as what follows
    private long began;
    private long refusedBefore;
    private boolean isGone;
    private boolean isSaid;
    private @Nullable Long said;
    private @Nullable Long complained;

    /// @param place such as `at 10.0.0.5:6379`, without a password
    Outages(String place) {
        this.place = place;
    }

    /// It is gone; a further time does nothing.
    synchronized void begin(String why) {
        if (isGone) {
            return;
        }
        isGone = true;
        outages++;
        began = System.nanoTime();
        refusedBefore = refused.sum();
        isSaid = said == null || began - said > QUIET_NANOS;
        if (isSaid) {
            said = began;
            LOGGER.log(
                    Level.WARNING,
                    "Redis {0} is gone: {1}. It is tried four times a second; until then, what needs it does what its"
                            + " WhenGone says",
                    place,
                    why);
        }
    }

    /// It is back; does nothing if it was there.
    ///
    /// @param found host and port, where these may be others than before
    synchronized void end(String found) {
        if (!isGone) {
            return;
        }
        isGone = false;
        if (isSaid) {
            LOGGER.log(
                    Level.INFO,
                    "Redis {0} is back after {1} ms{2}; {3} calls were refused",
                    place,
                    Long.toString(Duration.ofNanos(System.nanoTime() - began).toMillis()),
                    found.isEmpty() ? "" : ", at " + found,
                    Long.toString(refused.sum() - refusedBefore));
        }
    }

    /// It is there, and refuses a write: out of memory, or its disk is full.
    synchronized void complain(String what) {
        long now = System.nanoTime();
        if (complained == null || now - complained > QUIET_NANOS) {
            complained = now;
            LOGGER.log(Level.WARNING, "Redis {0} refuses: {1}", place, what);
        }
    }

    void refuse() {
        refused.increment();
    }

    long refused() {
        return refused.sum();
    }

    synchronized long count() {
        return outages;
    }
}
