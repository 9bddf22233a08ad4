package dev.loomgate.toolkit.schedule;

import java.time.Instant;

/// One run of a job.
///
/// @param job the name of the job
/// @param due when it was to begin, on all servers the same
public record ScheduledRun(String job, Instant due) {
    /// What no other run has, such as `report@2026-11-29T03:00:00Z`: the key by which servers agree who does it, and
    /// by which what it changes can be recognised.
    public String id() {
        return job + "@" + due;
    }
}
