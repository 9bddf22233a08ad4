package dev.loomgate.cli.options.values;

import java.util.List;
import java.util.Map;

/// What all Java applications of a command line have in common.
///
/// @param classPath where their classes are, before the server's own class path, as `--classpath` has it
/// @param classes classes that are initialised before an application is loaded
/// @param mains classes whose `main` is run before that, and after these
/// @param scripts files that a kind of applications runs before
/// @param options what the server was started with, by names without hyphens before them
public record JavaSettings(
        List<String> classPath,
        List<String> classes,
        List<String> mains,
        List<String> scripts,
        Map<String, Object> options) {
    public JavaSettings {
        classPath = List.copyOf(classPath);
        classes = List.copyOf(classes);
        mains = List.copyOf(mains);
        scripts = List.copyOf(scripts);
        options = Map.copyOf(options);
    }

    /// A class path alone.
    public JavaSettings(List<String> classPath) {
        this(classPath, List.of(), List.of(), List.of(), Map.of());
    }
}
