package dev.loomgate.toolkit.syntax;

import java.util.Map;

/// A header that is a value with options, such as `Content-Type: text/html; charset="utf-8"` (RFC 9110 section
/// 5.6.6).
///
/// Options that are not well formed are skipped. Options in other charsets and in several pieces (RFC 2231,
/// RFC 8187) are put together: `filename*=UTF-8''%c3%a4.txt` is `filename`. Linear in the header's length.
///
/// @param value what stands before the first `;`, without white space around it
/// @param options the options by their names in lower case, in order
public record OptionsHeader(String value, Map<String, String> options) {
    public static final OptionsHeader EMPTY = new OptionsHeader("", Map.of());

    public static OptionsHeader parse(String header) {
        int semicolon = header.indexOf(';');
        if (semicolon < 0) {
            return new OptionsHeader(Ascii.trim(header), Map.of());
        }
        String value = Ascii.trim(header.substring(0, semicolon));
        String rest = Ascii.trim(header.substring(semicolon + 1));
        return new OptionsHeader(
                value, value.isEmpty() || rest.isEmpty() ? Map.of() : new OptionsScanner(rest).options());
    }

    /// The header: values that are no tokens are quoted, those whose name ends with `*` are left alone.
    public String format() {
        StringBuilder header = new StringBuilder(value);
        options.forEach((name, option) -> header.append("; ")
                .append(name)
                .append('=')
                .append(name.endsWith("*") ? option : QuotedString.quote(option)));
        return header.toString();
    }
}
