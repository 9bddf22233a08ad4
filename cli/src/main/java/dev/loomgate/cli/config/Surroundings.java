package dev.loomgate.cli.config;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a configuration may look at, apart from files.
///
/// @param directory what names of files are relative to
/// @param input read for the file `-`
/// @param mayExecute whether `exec://` may run a program
/// @param version of the program
public record Surroundings(
        Map<String, String> environment, Path directory, InputStream input, boolean mayExecute, String version) {
    private static final String LOCALE = "LC_ALL";
    private static final String CALLERS_LOCALE = "LOOMGATE_LC_ALL";

    /// The same, where `exec://` may run a program, or not.
    public Surroundings executing(boolean allowed) {
        return new Surroundings(environment, directory, input, allowed, version);
    }

    /// A variable of the environment.
    ///
    /// @return null if it isn't set
    @Nullable
    String variable(String name) {
        String callers = environment.get(CALLERS_LOCALE);
        if (name.equals(LOCALE) && callers != null) {
            return callers.isEmpty() ? null : callers; // the launcher has another one for the JVM
        }
        return environment.get(name);
    }
}
