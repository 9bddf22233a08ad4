package dev.loomgate.cli.options.values;

/// What is to be found below a prefix, as options say it: `/prefix=value`.
///
/// @param prefix begins with a slash
record Prefixed(String prefix, String value) {
    /// @param option for the message, as are the next two
    /// @param what the value is
    /// @param example of the whole
    /// @throws IllegalArgumentException if the text isn't that
    static Prefixed parse(String option, String text, String what, String example) {
        int equals = text.indexOf('=');
        if (!text.startsWith("/") || equals < 0 || equals == text.length() - 1) {
            throw new IllegalArgumentException(
                    "%s: '%s' is not /prefix=%s, as in %s".formatted(option, text, what, example));
        }
        return new Prefixed(text.substring(0, equals), text.substring(equals + 1));
    }
}
