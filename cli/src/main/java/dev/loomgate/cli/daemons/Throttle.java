package dev.loomgate.cli.daemons;

/// How long a command that ends again and again waits for its next start, as uWSGI has it: after some seconds of life,
/// not at all; otherwise the longer, the more starts there were.
final class Throttle {
    private static final long SHORT_LIFE_SECONDS = 3;
    private static final int MOST_SECONDS = 300;

    private Throttle() {}

    /// @param starts so far, at least 1
    /// @param sinceLastSeconds since the last one was due, before it waited
    /// @param most a limit; 0 for five minutes
    /// @return seconds
    static long seconds(int starts, long sinceLastSeconds, int most) {
        if (sinceLastSeconds > SHORT_LIFE_SECONDS) {
            return 0;
        }
        long wait = Math.max(1, starts - sinceLastSeconds);
        return Math.min(wait, most > 0 ? most : MOST_SECONDS);
    }
}
