package dev.loomgate.python.signals;

import dev.loomgate.loop.Timer;
import dev.loomgate.python.SignalSources;
import java.time.Duration;

/// What signals need to know.
///
/// @param program what messages call it
/// @param most how many signals may wait for a process, 1 or more
/// @param mostName what messages call that
/// @param sources what raises signals, besides the program
/// @param timers of the loop side
public record SignalSettings(String program, int most, String mostName, SignalSources sources, Timers timers) {
    /// Runs tasks on the loop side.
    @FunctionalInterface
    public interface Timers {
        /// Runs a task after a while.
        Timer later(Duration delay, Runnable task);
    }
}
