package dev.loomgate.cli.cron;

import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.python.SharedOptions.Store;
import dev.loomgate.python.SharedRunOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is done by the clock, and how.
///
/// @param limit how long a command may run that has no limit of its own; zero for as long as it likes
/// @param directory where commands are run
/// @param shared which of them several servers run once, unless they say it themselves
/// @param store where these servers agree; null for none
/// @param mostLateName what messages call [SharedRunOptions#mostLate]
public record CronSettings(
        List<CronJob> jobs,
        Duration limit,
        Path directory,
        SharedRunOptions shared,
        @Nullable Store store,
        String mostLateName) {
    /// @throws IllegalArgumentException if a job needs a store, and there is none
    public CronSettings {
        jobs = List.copyOf(jobs);
        for (CronJob job : jobs) {
            if (job.sharing() != null && job.sharing() != CronJob.Sharing.NO && store == null) {
                throw new InvalidSetting("store", "is needed for redis= of '%s'".formatted(job.text()));
            }
        }
    }

    /// Jobs that are this server's own.
    public static CronSettings own(List<CronJob> jobs, Duration limit, Path directory) {
        return new CronSettings(jobs, limit, directory, SharedRunOptions.none(), null, "mostLate");
    }

    /// What happens to a job while the store is gone; empty for one that is this server's own.
    Optional<SharedRunOptions.WhenGone> whenGone(CronJob job) {
        return switch (job.sharing()) {
            case null -> Optional.ofNullable(store == null ? null : shared.crons());
            case NO -> Optional.empty();
            case WAIT -> Optional.of(SharedRunOptions.WhenGone.WAIT);
            case RUN -> Optional.of(SharedRunOptions.WhenGone.RUN);
        };
    }
}
