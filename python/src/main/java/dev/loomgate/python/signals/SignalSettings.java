package dev.loomgate.python.signals;

import dev.loomgate.loop.Timer;
import dev.loomgate.python.SharedJob;
import dev.loomgate.python.SignalSources;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// What signals need to know.
///
/// @param program what messages call it
/// @param most how many signals may wait for a process, 1 or more
/// @param mostName what messages call that
/// @param sources what raises signals, besides the program
/// @param timers of the loop side
/// @param clock by which crons, and timers of several servers, are due
/// @param shared how runs are asked for that several servers do once; null where there are none
public record SignalSettings(
        String program,
        int most,
        String mostName,
        SignalSources sources,
        Timers timers,
        WallClock clock,
        SharedJob.@Nullable Terms shared) {
    /// Runs tasks on the loop side.
    @FunctionalInterface
    public interface Timers {
        /// Runs a task after a while.
        Timer later(Duration delay, Runnable task);
    }

    /// What time it is.
    ///
    /// @param look how often it is looked at, at the least: it may be set
    public record WallClock(InstantSource source, Duration look) {
        /// The system's.
        public static final WallClock SYSTEM = new WallClock(InstantSource.system(), Duration.ofSeconds(10));

        Duration atMost(Duration wait) {
            return wait.compareTo(look) < 0 ? wait : look;
        }
    }
}
