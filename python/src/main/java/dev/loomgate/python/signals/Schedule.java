package dev.loomgate.python.signals;

import dev.loomgate.loop.Timer;
import dev.loomgate.python.CronClock;
import dev.loomgate.python.CronRule;
import dev.loomgate.python.SharedJob;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What raises signals as time goes by: timers and crons. Nothing before [#start] or after [#end]. Loop side only.
final class Schedule {
    /// A signal again and again.
    ///
    /// @param period positive
    /// @param times how often; 0 for no end
    /// @param fromNow whether the time begins when the signal is raised, and not when it was due
    record Repeated(int signal, Duration period, int times, boolean fromNow) {}

    /// A signal by the clock.
    record Cron(int signal, CronRule rule) {}

    private record Clock(
            int signal, CronClock times, @Nullable SharedJob job) {}

    private final SignalSettings.Timers timers;
    private final SignalSettings.WallClock clock;
    private final Raised signals;
    private final SharedSignals shared;
    private final List<Repeated> repeated = new ArrayList<>();
    private final List<Clock> clocks = new ArrayList<>();
    private final Set<Running> running = new HashSet<>();
    private @Nullable Timer look;
    private boolean started;
    private boolean ended;

    /// @param signals that are raised when they are due
    Schedule(SignalSettings settings, Raised signals) {
        this.timers = settings.timers();
        this.clock = settings.clock();
        this.signals = signals;
        this.shared = new SharedSignals(settings, signals);
    }

    void add(Repeated entry) {
        if (started) {
            begin(entry);
        } else {
            repeated.add(entry);
        }
    }

    private void begin(Repeated entry) {
        SharedJob job = shared.of(entry);
        Running timer = job == null ? new OwnTimer(entry) : new CommonTimer(entry, job);
        running.add(timer);
        timer.begin();
    }

    void add(Cron entry) {
        clocks.add(new Clock(entry.signal(), new CronClock(entry.rule(), ZoneId.systemDefault()), shared.of(entry)));
        if (started) {
            lookAtClocks();
        }
    }

    void start() {
        if (!started && !ended) {
            started = true;
            repeated.forEach(this::begin);
            lookAtClocks();
        }
    }

    void end() {
        started = false;
        ended = true;
        running.forEach(Running::cancel);
        running.clear();
        shared.end();
        if (look != null) {
            look.cancel();
            look = null;
        }
    }

    private void lookAtClocks() {
        if (look != null) {
            look.cancel();
            look = null;
        }
        if (ended || clocks.isEmpty()) {
            return;
        }
        Instant now = clock.source().instant();
        for (Clock each : List.copyOf(clocks)) {
            if (each.times().isDue(now)) {
                shared.due(each.signal(), each.job(), now.truncatedTo(ChronoUnit.MINUTES));
            }
        }
        look = timers.later(clock.atMost(CronClock.untilNextLook(now)), this::lookAtClocks);
    }

    /// A timer that runs.
    private abstract class Running {
        private @Nullable Timer timer;

        abstract void begin();

        final void await(Duration wait, Runnable then) {
            timer = timers.later(wait, () -> {
                if (!ended) {
                    then.run();
                }
            });
        }

        final void cancel() {
            if (timer != null) {
                timer.cancel();
            }
        }
    }

    /// One of this server, from its start on. Behind its time by more than a period, it leaves out what it has missed.
    private final class OwnTimer extends Running {
        private final Repeated entry;
        private final long periodNanos;
        private long dueNanos;
        private int raised;

        OwnTimer(Repeated entry) {
            this.entry = entry;
            this.periodNanos = entry.period().toNanos();
        }

        @Override
        void begin() {
            dueNanos = System.nanoTime() + periodNanos;
            await(entry.period(), this::due);
        }

        private void due() {
            raised++;
            signals.raise(entry.signal());
            if (raised == entry.times()) {
                running.remove(this);
                return;
            }
            long now = System.nanoTime();
            long late = entry.fromNow() ? 0 : Math.max(0, now - dueNanos) % periodNanos;
            dueNanos = now - late + periodNanos;
            await(Duration.ofNanos(dueNanos - now), this::due);
        }
    }

    /// One that several servers have: due at each multiple of its period since 1970, and so for all of them at the same
    /// times. It leaves out what it has missed as well.
    private final class CommonTimer extends Running {
        private final Repeated entry;
        private final SharedJob job;
        private final long periodMillis;
        private Instant next;

        CommonTimer(Repeated entry, SharedJob job) {
            this.entry = entry;
            this.job = job;
            this.periodMillis = entry.period().toMillis();
            this.next = before(clock.source().instant()).plusMillis(periodMillis);
        }

        private Instant before(Instant time) {
            return Instant.ofEpochMilli(Math.floorDiv(time.toEpochMilli(), periodMillis) * periodMillis);
        }

        @Override
        void begin() {
            Instant now = clock.source().instant();
            if (!now.isBefore(next)) {
                Instant due = before(now);
                next = due.plusMillis(periodMillis);
                shared.due(entry.signal(), job, due);
            }
            await(clock.atMost(Duration.between(now, next)), this::begin);
        }
    }
}
