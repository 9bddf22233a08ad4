package dev.loomgate.toolkit.schedule;

/// What a job does, in a virtual thread of its own.
@FunctionalInterface
public interface JobFunction {
    /// @throws Exception is logged; the job is run again when it is due next
    void run(ScheduledRun run) throws Exception;
}
