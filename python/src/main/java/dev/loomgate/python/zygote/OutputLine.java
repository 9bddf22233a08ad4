package dev.loomgate.python.zygote;

import dev.loomgate.gateway.LogId;
import org.jspecify.annotations.Nullable;

/// A line that a process has written.
///
/// @param request which it belongs to; null if to none, or if nobody has said
public record OutputLine(String text, @Nullable LogId request) {}
