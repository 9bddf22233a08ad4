package dev.loomgate.toolkit.spooler;

/// A queue's figures, over all servers.
///
/// @param waiting tasks that can be taken now
/// @param later tasks whose time hasn't come
/// @param taken tasks that spoolers have, running or not
/// @param dead tasks that were given up
/// @param done how many were done since the queue was first used, as what follows
/// @param retried attempts that failed, after which the task was to be tried again
/// @param lost tasks that another spooler took over, since who had them was lost
public record TaskCounts(long waiting, long later, long taken, long dead, long done, long retried, long lost) {}
