package dev.loomgate.cli.application;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// What the log says of an application that is replaced.
final class ReloadLog {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    private ReloadLog() {}

    static void replaced(String shown, String why, int still) {
        LOG.log(
                Level.INFO,
                still == 0
                        ? "{0}: {1} is replaced by its next version"
                        : "{0}: {1} is replaced by its next version; the one before ends after its requests ({2})",
                why,
                shown,
                still);
    }

    /// @param thrown by the application's own code, whose stack is shown; or null
    static void failed(String why, String message, @Nullable Throwable thrown) {
        LOG.log(
                Level.ERROR,
                () -> "%s: the version before goes on: %s".formatted(why, message),
                thrown == null ? null : thrown);
    }

    static @Nullable Void stopFailed(Throwable thrown) {
        LOG.log(Level.ERROR, () -> "the application's stop hook failed: " + thrown, thrown);
        return null;
    }
}
