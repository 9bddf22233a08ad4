package dev.loomgate.python.signals;

import dev.loomgate.loop.Timer;
import java.time.Duration;

/// What signals need to know.
///
/// @param program what messages call it
/// @param most how many signals may wait for a process, 1 or more
/// @param mostName what messages call that
/// @param timers of the loop side
public record SignalSettings(String program, int most, String mostName, Timers timers) {
    /// Runs tasks on the loop side.
    @FunctionalInterface
    public interface Timers {
        /// Runs a task after a while.
        Timer later(Duration delay, Runnable task);
    }
}
