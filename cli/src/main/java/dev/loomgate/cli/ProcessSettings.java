package dev.loomgate.cli;

import dev.loomgate.cli.options.ServeOptions;
import dev.loomgate.cli.system.OpenFiles;
import dev.loomgate.cli.system.Umask;
import picocli.CommandLine.Model.CommandSpec;

/// What options ask the system to keep for this process and its workers, whatever it serves.
final class ProcessSettings {
    private ProcessSettings() {}

    /// Sets it, before anything is made by it.
    ///
    /// @return whether that is allowed; otherwise one line has said why it isn't
    static boolean apply(CommandSpec command, ServeOptions options) {
        try {
            options.umask().ifPresent(Umask::set);
            options.maxOpenFiles().ifPresent(OpenFiles::allow);
            return true;
        } catch (IllegalStateException e) {
            command.commandLine().getErr().println("loomgate: " + e.getMessage());
            return false;
        }
    }
}
