package dev.loomgate.cli.log;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One record of the log, with its message already put together: the parameters may change later.
///
/// @param level its name: `ERROR`, `WARNING`, `INFO`, `DEBUG`, `TRACE`
/// @param logger who says it
record LogEntry(
        Instant time,
        String level,
        String logger,
        String message,
        @Nullable Throwable thrown) implements LogWriter.Item {}
