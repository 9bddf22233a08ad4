package dev.loomgate.cli.options.values;

import java.nio.file.Path;

/// An application as the command line names it.
public sealed interface ApplicationName {
    /// A class, or a source file that ends in `.java`.
    record Java(String name) implements ApplicationName {}

    /// `package.module` or `package.module:callable`.
    record PythonModule(String name) implements ApplicationName {}

    /// A Python source file.
    record PythonFile(Path path) implements ApplicationName {}

    /// Reads what `--mount` has behind its prefix.
    static ApplicationName parse(String text) {
        if (text.startsWith("java:")) {
            return new Java(text.substring("java:".length()));
        }
        if (text.endsWith(".java")) {
            return new Java(text);
        }
        return text.endsWith(".py") ? new PythonFile(Path.of(text)) : new PythonModule(text);
    }
}
