package dev.loomgate.cli.cron;

import dev.loomgate.cli.process.LoggedCommand;
import dev.loomgate.python.CronClock;
import dev.loomgate.python.CronRule;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
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

    private final List<Job> jobs;
    private final Duration limit;
    private final Path directory;
    private final @Nullable Thread thread;

    private CronJobs(List<CronJob> jobs, Duration limit, Path directory) {
        this.jobs = IntStream.range(0, jobs.size())
                .mapToObj(i -> new Job(i + 1, jobs.get(i)))
                .toList();
        this.limit = limit;
        this.directory = directory;
        this.thread = jobs.isEmpty()
                ? null
                : Thread.ofPlatform().daemon().name("loomgate-cron").unstarted(this::run);
    }

    /// None runs before [#start].
    ///
    /// @param limit how long a command may run that has no limit of its own; zero for as long as it likes
    /// @param directory where commands are run
    public static CronJobs of(List<CronJob> jobs, Duration limit, Path directory) {
        return new CronJobs(jobs, limit, directory);
    }

    /// Begins. A job of this very minute is run at once. Called once.
    public CronJobs start() {
        if (thread != null) {
            jobs.forEach(each -> LOG.log(Level.INFO, "cron: ''{0}'' is run by the clock", each.job.text()));
            thread.start();
        }
        return this;
    }

    /// What is to be seen of each. Any thread.
    public List<CronFigures> figures() {
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
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            jobs.forEach(Job::left);
        }
    }

    /// A job, and its command where it runs. Guarded by the whole's lock, or used after its thread.
    private final class Job {
        private final int number;
        private final CronJob job;
        private final CronClock clock;
        private final AtomicLong runs = new AtomicLong();
        private final AtomicLong failures = new AtomicLong();
        private @Nullable Process running;

        Job(int number, CronJob job) {
            this.number = number;
            this.job = job;
            this.clock = new CronClock(job.rule(), ZoneId.systemDefault());
        }

        // Any thread.
        CronFigures figures(Instant now) {
            CronRule rule = job.rule();
            return new CronFigures(
                    number,
                    "%d %d %d %d %d".formatted(rule.minute(), rule.hour(), rule.day(), rule.month(), rule.week()),
                    runs.get(),
                    failures.get(),
                    clock.next(now).orElse(null));
        }

        void look(Instant now) {
            Process before = running;
            if (job.unique() && before != null && before.isAlive()) {
                return;
            }
            if (clock.isDue(now)) {
                runs.incrementAndGet();
                try {
                    begin();
                } catch (IOException e) {
                    failures.incrementAndGet();
                    LOG.log(Level.ERROR, "cron: ''{0}'' can''t be run: {1}", job.command(), e.getMessage());
                }
            }
        }

        private void begin() throws IOException {
            URI url = job.url();
            if (url != null) {
                CronRequest.begin(url, job.command(), failures::incrementAndGet);
                return;
            }
            Process process = LoggedCommand.start("cron", job.command(), directory);
            running = process;
            process.onExit().thenAccept(ended -> {
                if (ended.exitValue() != 0) {
                    failures.incrementAndGet();
                }
            });
            Duration most = job.limit() == null ? limit : job.limit();
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

        void left() {
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
