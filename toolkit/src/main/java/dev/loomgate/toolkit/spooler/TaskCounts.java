package dev.loomgate.toolkit.spooler;

import java.time.Duration;

/// A queue's figures, over all servers.
///
/// @param waiting tasks that can be taken now
/// @param later tasks whose time hasn't come
/// @param taken tasks that spoolers have, running or not
/// @param dead tasks that were given up
/// @param oldest for how long that task could have been taken that has waited longest; zero if none waits
/// @param spooled how many were added since the queue was first used, as what follows
/// @param done how many were done
/// @param retried attempts that failed, after which the task was to be tried again
/// @param lost tasks that another spooler took over, since who had them was lost
/// @param buried how many were given up
public record TaskCounts(
        long waiting,
        long later,
        long taken,
        long dead,
        Duration oldest,
        long spooled,
        long done,
        long retried,
        long lost,
        long buried) {}
