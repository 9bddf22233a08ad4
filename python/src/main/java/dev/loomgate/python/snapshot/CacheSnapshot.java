package dev.loomgate.python.snapshot;

/// A cache that workers share.
///
/// @param name empty for the default one
/// @param items how many are in it, roughly
/// @param maxBytes keys and values that there is room for
/// @param hits how many times a value was asked for that was there
/// @param misses how many times one was asked for that wasn't
/// @param evictions how many had to make room, or were too old
public record CacheSnapshot(String name, long items, long maxBytes, long hits, long misses, long evictions) {}
