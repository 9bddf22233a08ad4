package dev.loomgate.cli.options.values;

import java.nio.file.Path;

/// An application below a prefix.
///
/// @param prefix begins with a slash
public record Mount(String prefix, ApplicationName application) {
    /// Reads `/prefix=application`.
    ///
    /// @param base what files are relative to
    /// @throws IllegalArgumentException if it isn't that
    public static Mount parse(String text, Path base) {
        Prefixed below = Prefixed.parse("--mount", text, "application", "/shop=shop.wsgi");
        return new Mount(below.prefix(), ApplicationName.parse(below.value(), base));
    }
}
