package dev.loomgate.python.signals;

import dev.loomgate.python.CronRule;
import dev.loomgate.python.SharedJob;
import dev.loomgate.python.SharedRunOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The timers and crons of one import that several servers share, and what these call them. Loop side only.
///
/// ```text
/// shop.wsgi/shop.tasks.report/59,3,-1,-1,-1     a cron: program, handler, when
/// shop.wsgi/shop.tasks.sweep/PT30S              a timer
/// shop.wsgi/signal17/PT30S#2                    the second one that would be called so
/// ```
/// The signal's number has no part in it, since `@cron` takes the first one that is free: a version of the program with
/// one cron more has other numbers, and runs beside the one before for a while.
final class SharedSignals {
    private static final Duration LEAST_PERIOD = Duration.ofSeconds(1);

    private record Named(int signal, String when) {}

    private final SignalSettings settings;
    private final SharedRunOptions options;
    private final Raised signals;
    private final List<Named> all = new ArrayList<>();
    private final List<SharedJob> jobs = new ArrayList<>();

    SharedSignals(SignalSettings settings, Raised signals) {
        this.settings = settings;
        this.options = settings.sources().runs();
        this.signals = signals;
    }

    /// A cron's; null if it is this server's own.
    @Nullable
    SharedJob of(Schedule.Cron cron) {
        CronRule rule = cron.rule();
        String when = "%d,%d,%d,%d,%d".formatted(rule.minute(), rule.hour(), rule.day(), rule.month(), rule.week());
        return job(options.crons(), cron.signal(), when, false);
    }

    /// A timer's; null if it is this server's own: one that counts from the last time is, and so is one of less than a
    /// second.
    @Nullable
    SharedJob of(Schedule.Repeated timer) {
        return timer.fromNow() || timer.period().compareTo(LEAST_PERIOD) < 0
                ? null
                : job(options.timers(), timer.signal(), timer.period().toString(), true);
    }

    private @Nullable SharedJob job(
            SharedRunOptions.@Nullable WhenGone whenGone, int signal, String when, boolean isTimer) {
        SharedJob.Terms terms = settings.shared();
        if (terms == null || whenGone == null || options.own().contains(signal)) {
            return null;
        }
        Named named = new Named(signal, when);
        int place = all.size();
        all.add(named);
        SharedJob job =
                new SharedJob(terms, () -> name(named, place), whenGone, isTimer, false, () -> signals.raise(signal));
        jobs.add(job);
        return job;
    }

    private String name(Named named, int place) {
        String name = nameless(named);
        long same = all.subList(0, place).stream()
                .filter(other -> nameless(other).equals(name))
                .count();
        return settings.program() + "/" + name + (same == 0 ? "" : "#" + (same + 1));
    }

    private String nameless(Named named) {
        return signals.handler(named.signal()) + "/" + named.when();
    }

    /// Has a signal raised that is due, or asks first whose that is.
    ///
    /// @param job null if it is this server's own
    void due(int signal, @Nullable SharedJob job, Instant time) {
        if (job == null || !signals.isForOne(signal)) {
            signals.raise(signal);
        } else {
            job.due(time);
        }
    }

    void end() {
        jobs.forEach(SharedJob::end);
    }
}
