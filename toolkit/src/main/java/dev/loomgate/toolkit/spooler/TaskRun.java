package dev.loomgate.toolkit.spooler;

/// A task that is run now.
///
/// @param id of the task, the same each time it is run: a key by which what it does can be done once
/// @param attempt 1 for the first, and one more for each that failed; those that a server's death ended
/// don't count
/// @param task what is to be done
public record TaskRun(String id, int attempt, Task task) {}
