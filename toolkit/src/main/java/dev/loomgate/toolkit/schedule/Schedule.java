package dev.loomgate.toolkit.schedule;

import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs jobs at set times.
///
/// ```java
/// Schedule schedule = Schedule.builder()
///         .cron("report", "0 3 * * mon-fri", run -> report(run.due()))
///         .every("refresh", Duration.ofMinutes(5), run -> refresh())
///         .claims(RedisRunClaims.of(redis))
///         .start();
/// ```
/// Each job has a virtual thread of the JDK's scheduler, so its own runs follow each other, and those of different
/// jobs run side by side. A run that is late, since the one before took long or the claims couldn't be asked, is begun
/// within [Builder#mostLate], and left out after that. A run that fails is logged.
///
/// Where several servers have the same jobs, [Builder#claims] has each run done by one of them: at most once, and
/// never a second time, even if that one dies. What must be done at least once is given to a
/// [dev.loomgate.toolkit.spooler.TaskQueue] by the run.
public final class Schedule implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Schedule.class.getName());
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(1);

    private final InstantSource clock;
    private final RunClaims claims;
    private final Duration mostLate;
    private final Duration stopTimeout;
    private final Duration look;
    private final List<Job> jobs;
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    private Schedule(Builder builder) {
        clock = builder.clock;
        claims = builder.claims;
        mostLate = builder.mostLate;
        stopTimeout = builder.stopTimeout;
        look = builder.look;
        jobs = builder.jobs.stream()
                .map(each -> new Job(each.name(), after -> each.times().next(after, builder.zone), each.function()))
                .toList();
    }

    /// Begins to describe one. It is alone, and has no job.
    public static Builder builder() {
        return new Builder();
    }

    /// What its jobs have done here, at this moment.
    public ScheduleCounts counts() {
        List<ScheduleCounts> all = jobs.stream().map(Job::counts).toList();
        return new ScheduleCounts(
                all.stream().mapToLong(ScheduleCounts::done).sum(),
                all.stream().mapToLong(ScheduleCounts::failed).sum(),
                all.stream().mapToLong(ScheduleCounts::others).sum(),
                all.stream().mapToLong(ScheduleCounts::skipped).sum(),
                all.stream().mapToInt(ScheduleCounts::running).sum());
    }

    /// The same of each job, by its name, in the order in which they were added.
    public Map<String, ScheduleCounts> countsByJob() {
        Map<String, ScheduleCounts> all = new LinkedHashMap<>();
        jobs.forEach(job -> all.put(job.name(), job.counts()));
        return Collections.unmodifiableMap(all);
    }

    private void start() {
        Instant now = clock.instant();
        for (Job job : jobs) {
            Thread thread =
                    Thread.ofVirtual().name("loomgate-schedule-" + job.name()).unstarted(() -> keep(job, now));
            threads.add(thread);
        }
        threads.forEach(Thread::start);
    }

    private void keep(Job job, Instant started) {
        Optional<Instant> next = job.next(started);
        try {
            while (next.isPresent()) {
                Instant due = next.get();
                if (isOverBefore(due)) {
                    return;
                }
                due = withoutMissed(job, due);
                if (!due.isAfter(clock.instant())) {
                    attempt(job, new ScheduledRun(job.name(), due));
                    next = job.next(due);
                } else {
                    next = Optional.of(due);
                }
            }
        } catch (InterruptedException e) {
            // It is closed.
        }
    }

    // The clock may be set while it waits, so it looks now and then.
    private boolean isOverBefore(Instant due) throws InterruptedException {
        Duration left = Duration.between(clock.instant(), due);
        while (left.isPositive()) {
            Duration wait = left.compareTo(look) < 0 ? left : look;
            if (closed.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                return true;
            }
            left = Duration.between(clock.instant(), due);
        }
        return closed.getCount() == 0;
    }

    // The first time that isn't over for too long.
    private Instant withoutMissed(Job job, Instant due) {
        Instant oldest = clock.instant().minus(mostLate);
        Optional<Instant> next = Optional.of(due);
        long missed = 0;
        while (next.isPresent() && next.get().isBefore(oldest)) {
            missed++;
            next = job.next(next.get());
        }
        if (missed > 0) {
            job.skipped(missed);
            LOGGER.log(
                    Level.WARNING,
                    "job {0}: runs left out since they were over {1} late (mostLate): {2}, the first one of {3}",
                    job.name(),
                    mostLate,
                    missed,
                    due);
        }
        return next.orElse(Instant.MAX);
    }

    private void attempt(Job job, ScheduledRun run) throws InterruptedException {
        while (true) {
            try {
                if (claims.claim(run)) {
                    run(job, run);
                } else {
                    job.others();
                }
                return;
            } catch (ServiceUnavailable e) {
                boolean late = clock.instant().isAfter(run.due().plus(mostLate));
                if (late || closed.await(PAUSE.toNanos(), TimeUnit.NANOSECONDS)) {
                    job.skipped(1);
                    LOGGER.log(Level.WARNING, "{0} is left out: nobody could say whose it is", run.id());
                    return;
                }
            } catch (RuntimeException e) {
                job.skipped(1);
                LOGGER.log(Level.ERROR, "%s is left out: it can't be claimed".formatted(run.id()), e);
                return;
            }
        }
    }

    private void run(Job job, ScheduledRun run) throws InterruptedException {
        try {
            job.run(run);
        } catch (InterruptedException e) {
            if (closed.getCount() == 0) {
                LOGGER.log(Level.WARNING, "{0} was interrupted, since the schedule is closed", run.id());
                throw e;
            }
            LOGGER.log(Level.ERROR, "%s failed".formatted(run.id()), e);
        } catch (Throwable e) {
            // Whatever it is, the next run has nothing to do with it.
            LOGGER.log(Level.ERROR, "%s failed".formatted(run.id()), e);
        }
    }

    /// Begins no more runs, and waits for those that are under way: for [Builder#stopTimeout], and a second more once
    /// they are interrupted.
    @Override
    public void close() {
        closed.countDown();
        try {
            if (!haveEndedWithin(stopTimeout)) {
                threads.forEach(Thread::interrupt);
                haveEndedWithin(AFTER_INTERRUPT);
            }
        } catch (InterruptedException e) {
            threads.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
        }
    }

    private boolean haveEndedWithin(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        boolean ended = true;
        for (Thread each : threads) {
            ended &= each.join(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
        return ended;
    }

    /// What a schedule is made of. Not for several threads.
    public static final class Builder {
        private final List<Planned> jobs = new ArrayList<>();
        private InstantSource clock = InstantSource.system();
        private ZoneId zone = ZoneId.systemDefault();
        private RunClaims claims = RunClaims.alone();
        private Duration mostLate = Duration.ofMinutes(1);
        private Duration stopTimeout = Duration.ofSeconds(30);
        private Duration look = Duration.ofSeconds(1);

        private Builder() {}

        private interface Times {
            /// The next time after another one; null if there is none.
            @Nullable
            Instant next(Instant after, ZoneId zone);
        }

        private record Planned(String name, Times times, JobFunction function) {}

        /// A job that is due in the minutes of a cron expression ([Cron]), by local time ([#zone]).
        ///
        /// @param name of 1 to 64 letters, digits and `-_.`, on all servers the same
        /// @throws IllegalArgumentException if the name is none or is taken, or the expression isn't one
        public Builder cron(String name, String expression, JobFunction job) {
            Cron cron = Cron.of(expression);
            return add(
                    name,
                    (after, in) -> cron.next(after.atZone(in))
                            .map(ZonedDateTime::toInstant)
                            .orElse(null),
                    job);
        }

        /// A job that is due at each multiple of a period since 1970-01-01T00:00Z, so on all servers at the same times.
        ///
        /// @param name as of [#cron]
        /// @param period 1 s to 366 days, in whole milliseconds
        /// @throws IllegalArgumentException if the name is none or is taken, or the period is out of its range
        public Builder every(String name, Duration period, JobFunction job) {
            check("period", period, Duration.ofSeconds(1), Duration.ofDays(366));
            long millis = period.toMillis();
            return add(
                    name,
                    (after, in) -> Instant.ofEpochMilli((Math.floorDiv(after.toEpochMilli(), millis) + 1) * millis),
                    job);
        }

        private Builder add(String name, Times times, JobFunction job) {
            if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
                throw new IllegalArgumentException(
                        "Schedule: \"%s\" is no name of 1 to 64 letters, digits and -_.".formatted(name));
            }
            if (jobs.stream().anyMatch(each -> each.name().equals(name))) {
                throw new IllegalArgumentException("Schedule: there are two jobs \"%s\"".formatted(name));
            }
            jobs.add(new Planned(name, times, job));
            return this;
        }

        /// Whose a run is, where several servers have the same jobs. The usual: this server's.
        public Builder claims(RunClaims of) {
            claims = of;
            return this;
        }

        /// The zone of cron expressions: the system's unless set. On all servers the same.
        public Builder zone(ZoneId of) {
            zone = of;
            return this;
        }

        /// How late a run may begin: 1 min unless set, 1 s to 1 day. Claims have to remember runs for longer.
        ///
        /// @throws IllegalArgumentException if it is out of its range
        public Builder mostLate(Duration time) {
            check("mostLate", time, Duration.ofSeconds(1), Duration.ofDays(1));
            mostLate = time;
            return this;
        }

        /// How long [Schedule#close] waits for runs: 30 s unless set, 0 to 1 h.
        ///
        /// @throws IllegalArgumentException if it is out of its range
        public Builder stopTimeout(Duration time) {
            check("stopTimeout", time, Duration.ZERO, Duration.ofHours(1));
            stopTimeout = time;
            return this;
        }

        /// The clock: the system's unless set, as for a test.
        ///
        /// @param look how often it is looked at while nothing is due, at the least: 1 s unless set, less for
        ///     a clock that runs faster
        public Builder clock(InstantSource of, Duration look) {
            check("look", look, Duration.ofMillis(1), Duration.ofHours(1));
            clock = of;
            this.look = look;
            return this;
        }

        private static void check(String name, Duration value, Duration least, Duration most) {
            if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                throw new IllegalArgumentException(
                        "Schedule: %s is %s, not in %s to %s".formatted(name, value, least, most));
            }
        }

        /// Starts its jobs' threads. The first run of each is the first one that is due after now.
        ///
        /// @throws IllegalArgumentException if it has no job
        public Schedule start() {
            if (jobs.isEmpty()) {
                throw new IllegalArgumentException("Schedule: it has no job");
            }
            Schedule schedule = new Schedule(this);
            schedule.start();
            return schedule;
        }
    }
}
