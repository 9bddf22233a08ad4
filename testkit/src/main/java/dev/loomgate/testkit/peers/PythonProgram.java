package dev.loomgate.testkit.peers;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A Python application that a peer is to run.
///
/// @param directory where its module is
/// @param module the module whose `application` is called
/// @param environment variables besides those of this process
/// @param virtualEnvironment whose packages it imports; else Debian's
public record PythonProgram(
        Path directory, String module, Map<String, String> environment, Optional<Path> virtualEnvironment) {
    /// The module of that directory, with Debian's packages.
    public static PythonProgram of(Path directory, String module) {
        // The same order of sets in all processes.
        Map<String, String> environment = Map.of("PYTHONDONTWRITEBYTECODE", "1", "PYTHONHASHSEED", "0");
        return new PythonProgram(directory, module, environment, Optional.empty());
    }

    /// The same with another module.
    public PythonProgram withModule(String other) {
        return new PythonProgram(directory, other, environment, virtualEnvironment);
    }

    /// The same with one more environment variable.
    public PythonProgram with(String name, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(name, value);
        return new PythonProgram(directory, module, Map.copyOf(more), virtualEnvironment);
    }

    /// The same with the packages of a virtual environment.
    public PythonProgram in(Path home) {
        return new PythonProgram(directory, module, environment, Optional.of(home));
    }
}
