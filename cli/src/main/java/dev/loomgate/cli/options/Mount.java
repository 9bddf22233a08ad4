package dev.loomgate.cli.options;

/// An application below a prefix.
///
/// @param prefix begins with a slash
public record Mount(String prefix, ApplicationName application) {
    /// Reads `/prefix=application`.
    ///
    /// @throws IllegalArgumentException if it isn't that
    static Mount parse(String text) {
        int equals = text.indexOf('=');
        if (!text.startsWith("/") || equals < 0 || equals == text.length() - 1) {
            throw new IllegalArgumentException(
                    "--mount: '%s' is not /prefix=application, as in /shop=shop.wsgi".formatted(text));
        }
        return new Mount(text.substring(0, equals), ApplicationName.parse(text.substring(equals + 1)));
    }
}
