package dev.loomgate.python.snapshot;

import java.nio.file.Path;
import java.util.List;

/// A spooler's directory at a moment.
///
/// @param directory as it was given
/// @param tasks that are there, as files: those that wait, also for their time, and those that run
/// @param processes that do them
public record SpoolSnapshot(Path directory, long tasks, List<BackgroundSnapshot> processes) {
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
