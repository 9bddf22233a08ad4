package dev.loomgate.server;

import java.time.Instant;

/// A line of the access log, for who watches it ([Server#watchAccessLog]).
///
/// @param time when the response was complete
/// @param status of the response
/// @param text the line as it is written, without its line feed
/// @param requestId empty if the request has none, since its head was refused
public record AccessLine(Instant time, int status, String text, String requestId) {}
