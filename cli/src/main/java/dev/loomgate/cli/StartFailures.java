package dev.loomgate.cli;

import dev.loomgate.cli.arguments.Origins;
import dev.loomgate.cli.process.ServiceState;
import dev.loomgate.python.PythonSetupException;
import dev.loomgate.python.PythonStartException;
import dev.loomgate.server.ServerStartException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// Says why a server can't start: in one line, with file and line where a file has asked for it, and by the exit
/// status.
///
/// @param origins which options a file has given
/// @param service is told as well
record StartFailures(CommandSpec command, Origins origins, ServiceState service) {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    /// For all else that keeps a server or an emperor from its start.
    static final int CANNOT_START = 1;

    /// uWSGI's for a program that is needed and can't be loaded.
    private static final int NO_APPLICATION = 22;

    private static final String CANNOT_LISTEN = "can't listen on ";

    /// @param json whether the line goes to the log, where others are JSON, too
    /// @param terminal gets the line as well, where it is no log's
    /// @return the exit status
    int report(boolean json, ServerStartException e, Consumer<String> terminal) {
        Throwable cause = e.getCause();
        // What Python says has its own traceback, and no stack of Java's tells more.
        boolean ofPython = cause instanceof PythonStartException;
        String message = located(
                String.valueOf(cause instanceof PythonStartException python ? python.getMessage() : e.getMessage()));
        // What the application's own code threw is quoted with its class; its author needs to see where. What the
        // system said about an address is told by the message.
        boolean ofApplication = cause != null && !ofPython && message.endsWith(cause.toString());
        if (json || ofApplication) {
            LOG.log(Level.ERROR, message, ofApplication ? cause : null);
        } else {
            command.commandLine().getErr().println("loomgate: " + message);
            terminal.accept("loomgate: " + message);
        }
        service.fails(message);
        return ofPython && !(cause instanceof PythonSetupException) ? NO_APPLICATION : CANNOT_START;
    }

    /// A message with the names of options as they were given, and where.
    String located(String message) {
        if (message.startsWith(CANNOT_LISTEN)) {
            // It has the address as it was given.
            return origins.ofValueBefore(message.substring(CANNOT_LISTEN.length()))
                    .map(place -> "%s: %s (%s)".formatted(place.origin(), message, place.key()))
                    .orElse(message);
        }
        ParseResult parsed = command.commandLine().getParseResult();
        return parsed == null
                ? message
                : TypedNames.of(command, origins, parsed.originalArgs().toArray(String[]::new))
                        .located(message);
    }
}
