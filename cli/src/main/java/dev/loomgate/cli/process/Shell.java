package dev.loomgate.cli.process;

import java.nio.file.Path;
import java.util.Map;

/// Commands for the shell, in the environment that the server was started with.
public final class Shell {
    private static final String CALLERS_LOCALE = "LOOMGATE_LC_ALL";

    private Shell() {}

    /// A process that runs it, to be started.
    ///
    /// @param directory its working directory
    public static ProcessBuilder of(String command, Path directory) {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command).directory(directory.toFile());
        Map<String, String> environment = builder.environment();
        environment.remove("_JAVA_SR_SIGNUM");
        environment.keySet().removeAll(ServiceState.VARIABLES);
        String callers = environment.remove(CALLERS_LOCALE);
        if (callers != null && callers.isEmpty()) {
            environment.remove("LC_ALL");
        } else if (callers != null) {
            environment.put("LC_ALL", callers);
        }
        return builder;
    }
}
