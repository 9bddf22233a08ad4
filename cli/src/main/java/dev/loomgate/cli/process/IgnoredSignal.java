package dev.loomgate.cli.process;

import java.io.IOException;
import java.lang.foreign.Arena;

/// A signal that this process was started to ignore, as nohup(1) does with SIGHUP. HotSpot leaves such a SIGHUP or
/// SIGTERM ignored, even where Java code has set a handler; uWSGI doesn't.
public final class IgnoredSignal {
    private IgnoredSignal() {}

    /// Has the handler that Java code has set for the signal called from now on.
    ///
    /// @param number of the signal
    /// @param handled number of another one, which was not ignored and has a handler of Java's
    /// @throws IOException if that isn't possible
    public static void hear(int number, int handled) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            // HotSpot has one function for all of them, which looks the handler up by the number.
            Dispositions.set(number, Dispositions.of(handled, arena));
        }
    }
}
