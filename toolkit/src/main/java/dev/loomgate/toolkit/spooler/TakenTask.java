package dev.loomgate.toolkit.spooler;

/// A task that a spooler has taken from a [TaskQueue], as the queue hands it out.
///
/// @param place where it is in the queue, for the queue alone
/// @param id of the task
/// @param priority 0 to 9
/// @param failures how many attempts have failed
/// @param losses how often who had it was lost since it was tried last
/// @param content as [Task#packed] made it
public record TakenTask(String place, String id, int priority, int failures, int losses, byte[] content) {}
