package dev.loomgate.toolkit.schedule;

/// Says which of several servers does a run: the first one that claims it. Any thread.
@FunctionalInterface
public interface RunClaims {
    /// Claims a run. The server that is answered yes does it; no other one ever is, as long as the runs are remembered.
    ///
    /// Asked again by the same server, since it had no answer, it says the same.
    ///
    /// @return whether it is this server's
    /// @throws dev.loomgate.toolkit.exceptions.ServiceUnavailable if that can't be said now: it is asked
    ///     again a little later
    boolean claim(ScheduledRun run);

    /// Those of a server that is alone: each run is its own.
    static RunClaims alone() {
        return run -> true;
    }
}
