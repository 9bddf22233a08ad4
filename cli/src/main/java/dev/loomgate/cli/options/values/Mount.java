package dev.loomgate.cli.options.values;

/// An application below a prefix.
///
/// @param prefix begins with a slash
public record Mount(String prefix, ApplicationName application) {
    /// Reads `/prefix=application`.
    ///
    /// @throws IllegalArgumentException if it isn't that
    public static Mount parse(String text) {
        Prefixed below = Prefixed.parse("--mount", text, "application", "/shop=shop.wsgi");
        return new Mount(below.prefix(), ApplicationName.parse(below.value()));
    }
}
