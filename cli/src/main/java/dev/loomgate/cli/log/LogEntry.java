package dev.loomgate.cli.log;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One record of the log, with its message already put together: the parameters may change later.
///
/// @param level its name: `ERROR`, `WARNING`, `INFO`, `DEBUG`, `TRACE`
/// @param logger who says it
/// @param requestId of the request that it belongs to; empty if there is none
record LogEntry(
        Instant time,
        String level,
        String logger,
        String message,
        @Nullable Throwable thrown,
        String requestId) implements LogWriter.Item {}
