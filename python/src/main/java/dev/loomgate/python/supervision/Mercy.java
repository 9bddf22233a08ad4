package dev.loomgate.python.supervision;

import java.time.Duration;

/// How long a process may take to end that has been told to stop; then it is killed.
///
/// @param setting what messages call that time
public record Mercy(Duration time, String setting) {}
