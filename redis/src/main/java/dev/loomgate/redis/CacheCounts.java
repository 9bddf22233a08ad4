package dev.loomgate.redis;

/// A cache's figures in this process, since it was made, for operators.
///
/// @param nearHits values that were found in this process
/// @param hits values that were found in Redis
/// @param misses values that were not found, or not looked for because Redis was gone
/// @param loads values that a loader has made
/// @param invalidations changes of its keys that Redis told of, also those that this process made
/// @param nearEntries how many values this process keeps, now; roughly
public record CacheCounts(long nearHits, long hits, long misses, long loads, long invalidations, long nearEntries) {}
