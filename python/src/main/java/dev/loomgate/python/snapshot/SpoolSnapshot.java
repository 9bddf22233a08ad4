package dev.loomgate.python.snapshot;

import java.util.List;

/// A spooler's directory at a moment, or its queue.
///
/// @param directory as it was given; of a queue, `redis:NAME`
/// @param tasks that are there: those that wait, also for their time, and those that run here
/// @param processes that do them
public record SpoolSnapshot(String directory, long tasks, List<BackgroundSnapshot> processes) {
    /// Copies the list.
    public SpoolSnapshot {
        processes = List.copyOf(processes);
    }

    /// How many of its tasks run.
    public long running() {
        return processes.stream().filter(BackgroundSnapshot::isBusy).count();
    }

    /// How many of them wait.
    public long waiting() {
        return Math.max(0, tasks - running());
    }

    /// The same with so many tasks.
    public SpoolSnapshot withTasks(long count) {
        return new SpoolSnapshot(directory, count, processes);
    }
}
