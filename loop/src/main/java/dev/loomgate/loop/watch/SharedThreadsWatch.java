package dev.loomgate.loop.watch;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Sees that all of the [SharedThreads] are taken, so that requests wait for one of them.
///
/// It has a probe run there, and looks whether it has run: that shows the effect, whatever the cause is. A machine
/// without CPU time for this process delays the looks as well, of which several have to find nothing.
final class SharedThreadsWatch implements Watch {
    private static final Logger LOG = System.getLogger("dev.loomgate.loop");
    private static final int LATE_LOOKS = 4;
    private static final int NAMED = 5;
    private static final long LEAST_STEP_NANOS = 10_000_000;

    private final SharedThreads threads;
    private final Duration limit;
    private final UnaryOperator<String> settingNames;
    private long nextLook = System.nanoTime();
    private @Nullable Probe probe; // under way
    private int lateLooks;

    /// What is to run on one of the threads.
    private static final class Probe implements Runnable {
        private final long sinceNanos = System.nanoTime();
        private volatile long ranAfterNanos = -1;

        @Override
        public void run() {
            ranAfterNanos = System.nanoTime() - sinceNanos;
        }
    }

    /// @param limit after that time without a free thread it is logged; more than zero
    SharedThreadsWatch(SharedThreads threads, Duration limit, UnaryOperator<String> settingNames) {
        this.threads = threads;
        this.limit = limit;
        this.settingNames = settingNames;
    }

    @Override
    public long look() {
        long now = System.nanoTime();
        if (now - nextLook >= 0) { // whenever the loops are looked at
            nextLook = now + limit.toNanos();
            try {
                if (looksAgainSoon()) {
                    nextLook = now + Math.max(LEAST_STEP_NANOS, limit.toNanos() / LATE_LOOKS);
                }
            } catch (Throwable thrown) {
                threads.failures().log("the watchdog", thrown);
            }
        }
        return nextLook - now;
    }

    private boolean looksAgainSoon() {
        Probe sent = probe;
        if (sent == null) {
            Probe next = new Probe();
            threads.executor().execute(next);
            probe = next;
            return true;
        }
        if (sent.ranAfterNanos < 0) {
            if (++lateLooks == LATE_LOOKS) {
                report(System.nanoTime() - sent.sinceNanos);
            }
            return true;
        }
        if (lateLooks >= LATE_LOOKS) {
            LOG.log(
                    Level.WARNING,
                    threads.what(settingNames) + " were all taken for " + millis(sent.ranAfterNanos) + " ms in all");
        }
        probe = null;
        lateLooks = 0;
        return false;
    }

    private void report(long nanos) {
        List<LiveMicrothread> takers = threads.takers();
        StringBuilder text = new StringBuilder();
        text.append(threads.what(settingNames))
                .append(" have all been taken for ")
                .append(millis(nanos))
                .append(" ms, over ")
                .append(limit.toMillis())
                .append(" ms (")
                .append(settingNames.apply("holdLimit"))
                .append("), by: ");
        int named = Math.min(NAMED, takers.size());
        for (LiveMicrothread taker : takers.subList(0, named)) {
            text.append(taker.subject());
            Thread thread = taker.thread();
            if (thread != null) {
                text.append(", at ").append(ApplicationFrame.in(thread.getStackTrace()));
            }
            text.append("; ");
        }
        if (takers.isEmpty()) {
            text.append("virtual threads that the application has started itself; ");
        }
        if (takers.size() > named) {
            text.append(takers.size() - named).append(" more; ");
        }
        text.append("what comes waits for one. ").append(threads.remedy(settingNames));
        LOG.log(Level.WARNING, text.toString());
    }

    private static long millis(long nanos) {
        return Duration.ofNanos(nanos).toMillis();
    }
}
