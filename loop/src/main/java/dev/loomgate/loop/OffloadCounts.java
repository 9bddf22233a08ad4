package dev.loomgate.loop;

/// The threads for blocking work ([Loop#offload]) at a moment.
///
/// @param threads how many there may be
/// @param busy how many of them run work
/// @param queued work that waits for a thread
/// @param mostQueued how much may wait; more is refused
/// @param done work that has ended since the start
/// @param refused work that was refused since the start
public record OffloadCounts(int threads, int busy, int queued, int mostQueued, long done, long refused) {}
