package dev.loomgate.cli.options.values;

import java.nio.file.Path;

/// A directory whose files are sent below a prefix.
///
/// @param prefix begins with a slash
public record StaticMap(String prefix, Path directory) {
    /// Reads `/prefix=directory`.
    ///
    /// @param base what the directory is relative to
    /// @throws IllegalArgumentException if it isn't that
    public static StaticMap parse(String text, Path base) {
        Prefixed below = Prefixed.parse("--static-map", text, "directory", "/static=/srv/shop/static");
        return new StaticMap(below.prefix(), base.resolve(below.value()));
    }
}
