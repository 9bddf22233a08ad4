package dev.loomgate.python.signals;

import dev.loomgate.loop.Timer;
import dev.loomgate.python.CronClock;
import dev.loomgate.python.CronRule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
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

    private record Clock(int signal, CronClock times) {}

    private final SignalSettings.Timers timers;
    private final IntConsumer raise;
    private final List<Repeated> repeated = new ArrayList<>();
    private final List<Clock> clocks = new ArrayList<>();
    private final Set<Running> running = new HashSet<>();
    private @Nullable Timer look;
    private boolean started;
    private boolean ended;

    /// @param raise called for each signal that is due
    Schedule(SignalSettings.Timers timers, IntConsumer raise) {
        this.timers = timers;
        this.raise = raise;
    }

    void add(Repeated entry) {
        if (started) {
            new Running(entry).begin();
        } else {
            repeated.add(entry);
        }
    }

    void add(Cron entry) {
        clocks.add(new Clock(entry.signal(), new CronClock(entry.rule(), ZoneId.systemDefault())));
        if (started) {
            lookAtClocks();
        }
    }

    void start() {
        if (!started && !ended) {
            started = true;
            repeated.forEach(entry -> new Running(entry).begin());
            lookAtClocks();
        }
    }

    void end() {
        started = false;
        ended = true;
        running.forEach(Running::cancel);
        running.clear();
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
        Instant now = Instant.now();
        for (Clock clock : List.copyOf(clocks)) {
            if (clock.times().isDue(now)) {
                raise.accept(clock.signal());
            }
        }
        look = timers.later(CronClock.untilNextLook(now), this::lookAtClocks);
    }

    /// A timer that runs. Behind its time by more than a period, it leaves out what it has missed.
    private final class Running {
        private final Repeated entry;
        private final long periodNanos;
        private long dueNanos;
        private int raised;
        private @Nullable Timer timer;

        Running(Repeated entry) {
            this.entry = entry;
            this.periodNanos = entry.period().toNanos();
        }

        void begin() {
            running.add(this);
            dueNanos = System.nanoTime() + periodNanos;
            timer = timers.later(entry.period(), this::due);
        }

        private void due() {
            if (ended) {
                return;
            }
            raised++;
            raise.accept(entry.signal());
            if (raised == entry.times()) {
                running.remove(this);
                return;
            }
            long now = System.nanoTime();
            long late = entry.fromNow() ? 0 : Math.max(0, now - dueNanos) % periodNanos;
            dueNanos = now - late + periodNanos;
            timer = timers.later(Duration.ofNanos(dueNanos - now), this::due);
        }

        void cancel() {
            if (timer != null) {
                timer.cancel();
            }
        }
    }
}
