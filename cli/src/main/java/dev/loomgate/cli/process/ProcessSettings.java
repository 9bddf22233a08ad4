package dev.loomgate.cli.process;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was asked for of the server's process.
///
/// @param inherited what it and the processes that it starts get from the system
/// @param runAs whom it becomes when its sockets are bound
/// @param ownSockets whether the user that it becomes gets the unix sockets' files
/// @param pidFiles in their order
/// @param background whether it goes to the background
/// @param title what `ps` shows of it; or null for its command line
/// @param hooks in their order
/// @param directory where those around the application's load run
/// @param directoryGiven whether it was asked for, so that it has to be there
public record ProcessSettings(
        Inherited inherited,
        RunAs runAs,
        boolean ownSockets,
        List<NamedPidFile> pidFiles,
        LogSettings log,
        boolean background,
        @Nullable String title,
        List<Hook> hooks,
        Path directory,
        boolean directoryGiven) {
    public ProcessSettings {
        pidFiles = List.copyOf(pidFiles);
        hooks = List.copyOf(hooks);
    }

    /// The same user and limits, and nothing that others see: no file, no title, no hook.
    public ProcessSettings ofATrial() {
        return new ProcessSettings(
                inherited,
                runAs,
                false,
                List.of(),
                LogSettings.NONE,
                false,
                null,
                List.of(),
                directory,
                directoryGiven);
    }

    /// What the system keeps for a process, and gives to those that it starts.
    ///
    /// @param umask permission bits that new files don't get; or null for what it is
    /// @param openFiles how many files and sockets may be open at least; or null for what it is
    public record Inherited(
            @Nullable Integer umask, @Nullable Integer openFiles) {}

    /// When a file with the process id is written.
    public enum When {
        /// At the very start, as the user who starts the server.
        FIRST,
        /// As the user whom the server becomes.
        AFTER_DROP,
        /// When it serves; the file is opened at the very start.
        SERVING,
        /// When it serves, as the user whom the server has become.
        SERVING_AFTER_DROP
    }

    /// @param option which names it
    public record NamedPidFile(String option, Path path, When when) {}
}
