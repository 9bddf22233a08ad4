package dev.loomgate.python.differential;

import java.util.Locale;

/// How a server runs the requests of one process.
public enum Mode {
    /// One after the other.
    SYNC,
    /// Each in a thread.
    THREADS,
    /// Each in a greenlet, around an asyncio loop.
    ASYNCIO;

    /// As scripts and `differences.txt` have it.
    String lowerCase() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Mode of(String lowerCase) {
        return valueOf(lowerCase.toUpperCase(Locale.ROOT));
    }
}
