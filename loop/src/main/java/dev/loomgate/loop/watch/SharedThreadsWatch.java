package dev.loomgate.loop.watch;

import dev.loomgate.loop.failures.Failures;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Sees that all of some [SharedThreads] are taken, so that what comes waits for one of them.
///
/// It has a probe run there, and looks whether it has run: that shows the effect, whatever the cause is. A machine
/// without CPU time for this process delays the looks as well, of which several have to find nothing.
///
/// Who has the threads is found out by a thread of its own: it takes long, and the watchdog has loops to look at.
final class SharedThreadsWatch implements Watch {
    private static final Logger LOG = System.getLogger("dev.loomgate.loop");
    private static final int LATE_LOOKS = 4;
    private static final int NAMED = 5;
    private static final long LEAST_STEP_NANOS = 10_000_000;
    private static final Executor REPORTER = report ->
            Thread.ofPlatform().daemon().name("loomgate-watchdog-report").start(report);

    private final SharedThreads threads;
    private final Duration limit;
    private final long silenceNanos;
    private final UnaryOperator<String> settingNames;
    private final Failures failures;
    private long nextLook = System.nanoTime();
    private long nextReport = nextLook;
    private @Nullable Probe probe; // under way
    private int lateLooks;
    private @Nullable CompletableFuture<Void> report; // of the probe under way

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
    /// @param silence how long after that nothing is logged of these threads
    SharedThreadsWatch(
            SharedThreads threads,
            Duration limit,
            Duration silence,
            UnaryOperator<String> settingNames,
            Failures failures) {
        this.threads = threads;
        this.limit = limit;
        this.silenceNanos = silence.toNanos();
        this.settingNames = settingNames;
        this.failures = failures;
    }

    @Override
    public long look() {
        long now = System.nanoTime();
        if (now - nextLook >= 0) { // whenever the loops are looked at
            nextLook = now + limit.toNanos();
            try {
                if (looksAgainSoon(now)) {
                    nextLook = now + Math.max(LEAST_STEP_NANOS, limit.toNanos() / LATE_LOOKS);
                }
            } catch (Throwable thrown) {
                failures.log("the watchdog", thrown);
            }
        }
        return nextLook - now;
    }

    @Override
    public boolean isQuiet() {
        return probe == null;
    }

    private boolean looksAgainSoon(long now) {
        Probe sent = probe;
        if (sent == null) {
            if (!threads.mayBeTaken()) {
                return false;
            }
            Probe next = new Probe();
            threads.run(next);
            probe = next;
            return true;
        }
        if (sent.ranAfterNanos < 0) {
            if (++lateLooks == LATE_LOOKS && now - nextReport >= 0) {
                nextReport = now + silenceNanos;
                report = CompletableFuture.runAsync(() -> report(now - sent.sinceNanos), REPORTER);
            }
            return true;
        }
        if (report != null) {
            String text =
                    threads.what(settingNames) + " were all taken for " + millis(sent.ranAfterNanos) + " ms in all";
            report.thenRun(() -> LOG.log(Level.WARNING, text));
            report = null;
        }
        probe = null;
        lateLooks = 0;
        return false;
    }

    private void report(long nanos) {
        try {
            List<SharedThreads.Taker> takers = threads.takers();
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
            for (SharedThreads.Taker taker : takers.subList(0, named)) {
                text.append(taker).append("; ");
            }
            if (takers.isEmpty()) {
                text.append("what this JVM doesn't tell; ");
            }
            if (takers.size() > named) {
                text.append(takers.size() - named).append(" more; ");
            }
            text.append("what comes waits for one. ").append(threads.remedy(settingNames));
            LOG.log(Level.WARNING, text.toString());
        } catch (Throwable thrown) {
            failures.log("the watchdog", thrown);
        }
    }

    private static long millis(long nanos) {
        return Duration.ofNanos(nanos).toMillis();
    }
}
