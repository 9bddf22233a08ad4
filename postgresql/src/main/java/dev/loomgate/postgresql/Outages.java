package dev.loomgate.postgresql;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// When PostgreSQL was gone, who may look whether it is back, and what the log says of it: two lines for each time,
/// and if it comes and goes, no more of them than one pair in ten seconds. Any thread.
final class Outages {
    private static final Logger LOGGER = System.getLogger(Postgres.class.getName());
    private static final long QUIET_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long PAUSE_NANOS = Duration.ofMillis(250).toNanos();

    private volatile boolean isGone;
    private long outages; // by lock of this, as what follows
    private long refused;
    private long began;
    private long refusedBefore;
    private long tryAt;
    private boolean isTried;
    private boolean isSaid;
    private @Nullable Long said;
    private @Nullable Long complained;

    boolean isGone() {
        return isGone;
    }

    /// Whether the database may be asked: always while it is there, and by one at a time while it is gone. Who may
    /// says afterwards [#begin], or [#end].
    boolean mayTry() {
        return !isGone || mayTryAgain();
    }

    private synchronized boolean mayTryAgain() {
        long now = System.nanoTime();
        if (isGone && (isTried || now - tryAt < 0)) {
            refused++;
            return false;
        }
        isTried = isGone;
        return true;
    }

    /// It is gone, or still is: a call had no answer.
    synchronized void begin(String why) {
        refused++;
        isTried = false;
        tryAt = System.nanoTime() + PAUSE_NANOS;
        if (isGone) {
            return;
        }
        isGone = true;
        outages++;
        began = System.nanoTime();
        refusedBefore = refused - 1;
        isSaid = said == null || began - said > QUIET_NANOS;
        if (isSaid) {
            said = began;
            LOGGER.log(
                    Level.WARNING,
                    "PostgreSQL is gone: {0}. It is tried four times a second; until then, what needs it is refused",
                    why);
        }
    }

    /// It has answered.
    void end() {
        if (isGone) {
            back();
        }
    }

    private synchronized void back() {
        isTried = false;
        if (!isGone) {
            return;
        }
        isGone = false;
        if (isSaid) {
            LOGGER.log(
                    Level.INFO,
                    "PostgreSQL is back after {0} ms; {1} calls were refused",
                    Long.toString(Duration.ofNanos(System.nanoTime() - began).toMillis()),
                    Long.toString(refused - refusedBefore));
        }
    }

    /// Who looked whether it is back didn't find out.
    synchronized void leave() {
        isTried = false;
    }

    /// It is there, and something is refused.
    synchronized void complain(String what) {
        long now = System.nanoTime();
        if (complained == null || now - complained > QUIET_NANOS) {
            complained = now;
            LOGGER.log(Level.WARNING, "PostgreSQL refuses: {0}", what);
        }
    }

    synchronized PostgresCounts counts() {
        return new PostgresCounts(outages, refused);
    }
}
