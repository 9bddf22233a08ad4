package dev.loomgate.python;

import java.time.Instant;

/// Says which of several servers does a run of a cron or a timer: the first one that asks. In a [SharedStore].
///
/// Each object is somebody of its own who asks. Any thread; its calls wait.
public interface ProgramRuns {
    /// Whose a run is.
    enum Whose {
        /// Of who asks: nobody else is ever told so, as long as the store remembers the run.
        OURS,
        /// Somebody else's.
        ANOTHERS,
        /// The store is gone, or hasn't answered. Asked again, it says whose it is, and `OURS` if it was to be.
        UNKNOWN
    }

    /// Asks for a run.
    ///
    /// @param job what all servers call it, and nothing else
    /// @param due when it was to begin, on all servers the same
    /// @throws IllegalStateException if the store can't be used so
    Whose claim(String job, Instant due);

    /// Has a job for who asks, for half a minute from now on, so that nobody else begins a run of it that is to be
    /// alone.
    ///
    /// @param job as of [#claim]
    /// @throws IllegalStateException if the store can't be used so
    Whose hold(String job);

    /// Gives it back; does nothing while the store is gone, or if it is another's by now.
    void release(String job);
}
