package dev.loomgate.python;

/// What a channel layer allows (`capacity`, `expiry`, `max_channels`, `max_backlog_bytes` of its `CONFIG`).
///
/// @param capacity messages that wait in a channel
/// @param expiryNanos how long a message waits
/// @param maxChannels of those that any process receives from
/// @param maxBytes that wait for a process, and in the channels that any process receives from
public record ChannelLimits(int capacity, long expiryNanos, int maxChannels, long maxBytes) {}
