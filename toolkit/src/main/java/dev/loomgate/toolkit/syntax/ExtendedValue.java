package dev.loomgate.toolkit.syntax;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A parameter's value in a charset of its own: `UTF-8'de'%c3%a4` (RFC 8187 section 3.2).
///
/// @param charset its name in lower case; empty if none is given
/// @param text percent-encoded
record ExtendedValue(String charset, String text) {
    /// The pieces of a value, or all of it with no charset if it isn't of this form.
    static ExtendedValue of(String value) {
        int first = value.indexOf('\'');
        int second = first < 0 ? -1 : value.indexOf('\'', first + 1);
        boolean formed = second >= 0 && second + 1 < value.length() && Ascii.TOKEN.containsAll(value);
        return formed
                ? new ExtendedValue(value.substring(0, first).toLowerCase(Locale.ROOT), value.substring(second + 1))
                : new ExtendedValue("", value);
    }

    /// The value in one of the charsets that are allowed; or as it came, if it is in another one.
    static String decode(String text, String charset) {
        Charset known = charsetOrNull(charset);
        return known == null ? text : Percent.decode(text, known);
    }

    // A list that won't grow: clients send UTF-8 by now.
    static @Nullable Charset charsetOrNull(String name) {
        return switch (name) {
            case "ascii", "us-ascii" -> StandardCharsets.US_ASCII;
            case "utf-8" -> StandardCharsets.UTF_8;
            case "iso-8859-1" -> StandardCharsets.ISO_8859_1;
            default -> null;
        };
    }
}
