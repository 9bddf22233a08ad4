package dev.loomgate.toolkit.spooler;

/// A task that was given up.
///
/// @param place by which it can be revived or discarded
/// @param id of the task
/// @param priority 0 to 9
/// @param failures how many attempts have failed
/// @param why it was given up, in one line
/// @param content as [Task#packed] made it
public record DeadTask(String place, String id, int priority, int failures, String why, byte[] content) {
    /// What was to be done.
    ///
    /// @throws IllegalArgumentException if that can't be read
    public Task task() {
        return Task.unpack(content).withPriority(priority);
    }
}
