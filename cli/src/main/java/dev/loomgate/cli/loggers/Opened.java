package dev.loomgate.cli.loggers;

/// A logger that is open.
///
/// @param name empty for one that gets all messages that aren't routed elsewhere
/// @param destination may be another logger's, too
record Opened(String name, Destination destination) {}
