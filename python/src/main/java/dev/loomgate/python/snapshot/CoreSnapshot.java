package dev.loomgate.python.snapshot;

import org.jspecify.annotations.Nullable;

/// A place for a request in a worker.
///
/// @param number from 0 on
/// @param requests how many have been answered there. Those that a worker has taken itself are counted in place 0
/// @param request the one that is there now; null for none
public record CoreSnapshot(
        int number, long requests, @Nullable RequestSnapshot request) {}
