package dev.loomgate.cli.cron;

import dev.loomgate.python.CronRule;
import dev.loomgate.python.ProgramRuns;
import dev.loomgate.python.SharedJob;
import dev.loomgate.python.SharedOptions;
import dev.loomgate.python.SharedRunOptions.WhenGone;
import dev.loomgate.python.SharedStore;
import dev.loomgate.python.SharedStores;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Jobs that several servers run once: their names among these, and who runs a job now that is to run alone.
///
/// ```text
/// --cron/59,3,-1,-1,-1/9f86d081884c7d65       when, and a hash of the command, which may have a password in it
/// --cron/59,3,-1,-1,-1/9f86d081884c7d65#2     the same job once more
/// ```
/// What waits for the store does so in a virtual thread of its own.
final class CronRuns implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    /// Well within the time for which a job is held.
    private static final Duration RENEWAL = Duration.ofSeconds(5);

    private static final int HASH_LENGTH = 16;

    private final CronSettings settings;
    private final Object lock;
    private final Map<String, Integer> names = new HashMap<>();
    private @Nullable SharedStore store;
    private @Nullable ProgramRuns runs;

    /// @param lock who holds it may use the jobs
    CronRuns(CronSettings settings, Object lock) {
        this.settings = settings;
        this.lock = lock;
    }

    /// A job among several servers; null if it is this server's own. In the order in which they were given. The first
    /// one opens the store.
    ///
    /// @throws IllegalArgumentException if that can't be used
    @Nullable
    Held of(CronJob job, Runnable begin) {
        WhenGone whenGone = settings.whenGone(job).orElse(null);
        SharedOptions.Store where = settings.store();
        if (whenGone == null || where == null) {
            return null;
        }
        ProgramRuns asked = runs;
        if (asked == null) {
            store = SharedStores.find(where);
            asked = store.runs();
            runs = asked;
        }
        SharedJob.Terms terms = new SharedJob.Terms(
                asked, settings.shared().mostLate(), settings.mostLateName(), InstantSource.system(), new Place());
        String name = name(job);
        return new Held(name, new SharedJob(terms, () -> name, whenGone, false, job.unique(), begin), asked);
    }

    private String name(CronJob job) {
        CronRule rule = job.rule();
        String name = "--cron/%d,%d,%d,%d,%d/%s"
                .formatted(
                        rule.minute(),
                        rule.hour(),
                        rule.day(),
                        rule.month(),
                        rule.week(),
                        hash(job.url() == null ? job.command() : job.url().toString()));
        int same = names.merge(name, 1, Integer::sum);
        return same == 1 ? name : name + "#" + same;
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each JDK has SHA-256", e);
        }
    }

    /// Ends the connection to the store.
    @Override
    public void close() {
        if (store != null) {
            store.close();
        }
    }

    /// A job, and what it holds while it runs alone.
    record Held(String name, SharedJob job, ProgramRuns runs) {
        /// No other server begins it while the command runs.
        void keepFor(Process process) {
            Thread.ofVirtual().name("loomgate-cron-held").start(() -> {
                try {
                    while (!process.waitFor(RENEWAL.toSeconds(), TimeUnit.SECONDS)) {
                        runs.hold(name);
                    }
                    runs.release(name);
                } catch (IllegalStateException e) {
                    LOG.log(Level.ERROR, "cron: %s isn't held any more".formatted(name), e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        /// It doesn't run after all.
        void giveBack() {
            Thread.ofVirtual().name("loomgate-cron-held").start(() -> runs.release(name));
        }
    }

    private final class Place implements SharedJob.Place {
        @Override
        public void ask(Runnable waiting, Runnable then) {
            Thread.ofVirtual().name("loomgate-cron-run").start(() -> {
                waiting.run();
                locked(then);
            });
        }

        @Override
        public void later(Duration delay, Runnable task) {
            Thread.ofVirtual().name("loomgate-cron-run").start(() -> {
                try {
                    Thread.sleep(delay);
                    locked(task);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        private void locked(Runnable task) {
            synchronized (lock) {
                task.run();
            }
        }
    }
}
