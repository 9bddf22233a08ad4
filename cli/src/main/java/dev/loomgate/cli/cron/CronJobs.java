package dev.loomgate.cli.cron;

import dev.loomgate.cli.process.LoggedCommand;
import dev.loomgate.python.CronClock;
import dev.loomgate.python.CronRule;
import dev.loomgate.python.SharedJob;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Runs commands by the clock, as the server's user, and makes requests. What commands write goes where the
/// server's own output goes. A daemon thread looks at the clock until [#close]. Commands that run then go on,
/// as under uWSGI.
public final class CronJobs implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    private final CronSettings settings;
    private final List<Job> jobs;
    private final CronRuns shared;
    private final @Nullable Thread thread;

    private CronJobs(CronSettings settings) {
        this.settings = settings;
        this.jobs = IntStream.range(0, settings.jobs().size())
                .mapToObj(i -> new Job(i + 1, settings.jobs().get(i)))
                .toList();
        this.shared = new CronRuns(settings, this);
        this.thread = jobs.isEmpty()
                ? null
                : Thread.ofPlatform().daemon().name("loomgate-cron").unstarted(this::run);
    }

    /// None runs before [#start].
    public static CronJobs of(CronSettings settings) {
        return new CronJobs(settings);
    }

    /// Begins. A job of this very minute is run at once. Waits for a moment where there is a store. Called once.
    ///
    /// @throws IllegalArgumentException if the store can't be used
    public synchronized CronJobs start() {
        if (thread != null) {
            jobs.forEach(Job::start);
            thread.start();
        }
        return this;
    }

    /// What is to be seen of each. Any thread.
    public synchronized List<CronFigures> figures() {
        Instant now = Instant.now();
        return jobs.stream().map(job -> job.figures(now)).toList();
    }

    private void run() {
        try {
            while (true) {
                Instant now = Instant.now();
                look(now);
                Thread.sleep(CronClock.untilNextLook(now));
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "no more commands are run by the clock");
        }
    }

    /// Runs what is due.
    synchronized void look(Instant now) {
        jobs.forEach(job -> job.look(now));
    }

    @Override
    public void close() {
        if (thread == null) {
            return;
        }
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            jobs.forEach(Job::end);
        }
        shared.close();
    }

    /// A job, and its command where it runs. Guarded by the whole's lock.
    private final class Job {
        private final int number;
        private final CronJob job;
        private final CronClock clock;
        private final AtomicLong runs = new AtomicLong();
        private final AtomicLong failures = new AtomicLong();
        private CronRuns.@Nullable Held held; // of several servers
        private @Nullable Process running;

        Job(int number, CronJob job) {
            this.number = number;
            this.job = job;
            this.clock = new CronClock(job.rule(), ZoneId.systemDefault());
        }

        void start() {
            held = shared.of(job, this::begin);
            LOG.log(
                    Level.INFO,
                    "cron: ''{0}'' is run by the clock{1}",
                    job.text(),
                    held == null ? "" : ", on one of the servers that have it");
        }

        CronFigures figures(Instant now) {
            CronRule rule = job.rule();
            SharedJob.Counts counts =
                    held == null ? new SharedJob.Counts(0, 0, 0) : held.job().counts();
            return new CronFigures(
                    number,
                    "%d %d %d %d %d".formatted(rule.minute(), rule.hour(), rule.day(), rule.month(), rule.week()),
                    runs.get(),
                    failures.get(),
                    counts.others(),
                    counts.leftOut(),
                    clock.next(now).orElse(null));
        }

        void look(Instant now) {
            if (isToWait() || !clock.isDue(now)) {
                return;
            }
            CronRuns.Held asked = held;
            if (asked == null) {
                begin();
            } else {
                asked.job().due(now.truncatedTo(ChronoUnit.MINUTES));
            }
        }

        private boolean isToWait() {
            Process before = running;
            return job.unique() && before != null && before.isAlive();
        }

        private void begin() {
            if (isToWait()) {
                return; // several runs waited to be said whose they are
            }
            runs.incrementAndGet();
            try {
                run();
            } catch (IOException e) {
                failures.incrementAndGet();
                LOG.log(Level.ERROR, "cron: ''{0}'' can''t be run: {1}", job.command(), e.getMessage());
                if (held != null && job.unique()) {
                    held.giveBack();
                }
            }
        }

        private void run() throws IOException {
            URI url = job.url();
            if (url != null) {
                CronRequest.begin(url, job.command(), failures::incrementAndGet);
                return;
            }
            Process process = LoggedCommand.start("cron", job.command(), settings.directory());
            running = process;
            if (held != null && job.unique()) {
                held.keepFor(process);
            }
            process.onExit().thenAccept(ended -> {
                if (ended.exitValue() != 0) {
                    failures.incrementAndGet();
                }
            });
            Duration most = job.limit() == null ? settings.limit() : job.limit();
            if (most.isPositive()) {
                process.onExit()
                        .orTimeout(most.toMillis(), TimeUnit.MILLISECONDS)
                        .whenComplete((ended, failure) -> {
                            if (failure instanceof TimeoutException) {
                                kill(process, most);
                            }
                        });
            }
        }

        private void kill(Process process, Duration most) {
            LOG.log(
                    Level.ERROR,
                    "cron: ''{0}'' (pid {1,number,#}) is killed: it has run for {2} s ({3})",
                    job.command(),
                    process.pid(),
                    most.toSeconds(),
                    job.limit() == null ? "--cron-harakiri" : "harakiri of --cron2");
            // Those that it has started first: they couldn't be found afterwards.
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }

        void end() {
            if (held != null) {
                held.job().end();
            }
            Process process = running;
            if (process != null && process.isAlive()) {
                LOG.log(
                        Level.WARNING,
                        "cron: ''{0}'' (pid {1,number,#}) still runs, and goes on without the server",
                        job.command(),
                        process.pid());
            }
        }
    }
}
