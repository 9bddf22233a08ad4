package dev.loomgate.cli.log;

import java.time.Instant;

/// A record of the server's log, or a request's line of the access log, as a [LogTail] keeps it.
///
/// @param time when it was logged
/// @param level `ERROR`, `WARNING`, `INFO`, `DEBUG` or `TRACE`; [#REQUEST] for a line of the access log
/// @param text without a line feed at its end; with some if it has a stack. Other control characters are written as
///        `\x1b`
/// @param requestId of the request that it belongs to; empty if there is none, or it isn't known
public record LogLine(Instant time, String level, String text, String requestId) {
    /// The level of a request's line.
    public static final String REQUEST = "REQUEST";

    private static final String CUT = "...";
    private static final int MEMORY_BESIDE_TEXT = 96;

    /// Whether it is a line of the access log.
    public boolean isRequest() {
        return level.equals(REQUEST);
    }

    LogLine cut(int mostChars) {
        return text.length() <= mostChars
                ? this
                : new LogLine(time, level, text.substring(0, mostChars - CUT.length()) + CUT, requestId);
    }

    /// What it takes in memory, at most.
    int bytes() {
        return MEMORY_BESIDE_TEXT + Character.BYTES * (text.length() + requestId.length());
    }
}
