package dev.loomgate.cli.options.values;

import dev.loomgate.cli.kinds.NamedKind;
import java.nio.file.Files;
import java.nio.file.Path;

/// An application as the command line names it.
public sealed interface ApplicationName {
    /// A class, a source file that ends in `.java`, or a program of a kind that a module offers: `ring:ns/handler`.
    record Java(String name) implements ApplicationName {}

    /// `package.module` or `package.module:callable`.
    record PythonModule(String name) implements ApplicationName {}

    /// A Python source file.
    record PythonFile(Path path) implements ApplicationName {}

    /// What Paste Deploy makes an application of: `config:/path.ini`.
    record PythonPaste(String configuration) implements ApplicationName {}

    /// Python source text.
    record PythonCode(String text) implements ApplicationName {}

    /// No application, for what runs beside the workers: mules, spoolers, imports.
    record PythonNothing() implements ApplicationName {}

    /// Reads what `--mount` has behind its prefix. `shop.wsgi` is a file where there is one, else a module.
    ///
    /// @param base what files are relative to
    static ApplicationName parse(String text, Path base) {
        if (text.startsWith("java:")) {
            return new Java(text.substring("java:".length()));
        }
        if (text.endsWith(".java") || NamedKind.of(text).isPresent()) {
            return new Java(text);
        }
        boolean file = text.endsWith(".py") || (text.endsWith(".wsgi") && Files.isRegularFile(base.resolve(text)));
        return file ? new PythonFile(Path.of(text)) : new PythonModule(text);
    }
}
