package dev.loomgate.toolkit.spooler;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What [TaskQueue#take] has found.
///
/// @param tasks in the order in which they are to be run
/// @param next until the time of the next task comes that has one; null if there is none
public record Taken(List<TakenTask> tasks, @Nullable Duration next) {
    public Taken {
        tasks = List.copyOf(tasks);
    }
}
