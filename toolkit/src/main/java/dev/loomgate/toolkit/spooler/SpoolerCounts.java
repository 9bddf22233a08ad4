package dev.loomgate.toolkit.spooler;

import java.time.Duration;

/// What a spooler has done, and what it has now.
///
/// @param running tasks that are run now
/// @param fetched tasks that it has, those that run among them
/// @param done runs that ended with OK
/// @param failed runs that ended with RETRY or an exception, after which the task was to be tried again
/// @param ignored runs that ended with IGNORE
/// @param buried tasks that it has given up
/// @param runs calls of its function that have ended, however they did
/// @param busy time of all these together
public record SpoolerCounts(
        int running, int fetched, long done, long failed, long ignored, long buried, long runs, Duration busy) {}
