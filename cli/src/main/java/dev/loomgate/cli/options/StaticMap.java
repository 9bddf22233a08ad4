package dev.loomgate.cli.options;

import java.nio.file.Path;

/// A directory whose files are sent below a prefix.
///
/// @param prefix begins with a slash
public record StaticMap(String prefix, Path directory) {
    /// Reads `/prefix=directory`.
    ///
    /// @throws IllegalArgumentException if it isn't that
    static StaticMap parse(String text) {
        int equals = text.indexOf('=');
        if (!text.startsWith("/") || equals < 0 || equals == text.length() - 1) {
            throw new IllegalArgumentException(
                    "--static-map: '%s' is not /prefix=directory, as in /static=/srv/shop/static".formatted(text));
        }
        return new StaticMap(text.substring(0, equals), Path.of(text.substring(equals + 1)));
    }
}
