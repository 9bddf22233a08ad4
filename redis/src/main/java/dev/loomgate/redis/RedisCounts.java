package dev.loomgate.redis;

/// A connection's figures, for operators.
///
/// @param isThere whether calls are made, now
/// @param calls that were made since it was opened
/// @param timeouts of these, how many had no answer in time
/// @param refused calls that found Redis gone, and waited for nothing
/// @param outages how often it was gone, since it was opened
public record RedisCounts(boolean isThere, long calls, long timeouts, long refused, long outages) {}
