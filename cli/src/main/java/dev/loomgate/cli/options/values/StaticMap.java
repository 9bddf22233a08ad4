package dev.loomgate.cli.options.values;

import java.nio.file.Path;

/// A directory whose files are sent below a prefix, or a single file.
///
/// @param prefix begins with a slash
public record StaticMap(String prefix, Path directory) {
    /// Reads `/prefix=directory`.
    ///
    /// @param option for the message
    /// @param base what the directory is relative to
    /// @throws IllegalArgumentException if it isn't that
    public static StaticMap parse(String option, String text, Path base) {
        Prefixed below = Prefixed.parse(option, text, "directory", "/static=/srv/shop/static");
        return new StaticMap(below.prefix(), base.resolve(below.value()));
    }
}
