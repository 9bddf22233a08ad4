package dev.loomgate.toolkit.syntax;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads `name=value; name="value"; name*=charset''value; name*0=va; name*1=lue`.
final class OptionsScanner {
    private final String text;
    private final Map<String, String> options = new LinkedHashMap<>();

    // Values that came in pieces, and the charset of their last piece that named one.
    private final Map<String, StringBuilder> continued = new LinkedHashMap<>();
    private final Map<String, String> charsets = new HashMap<>();
    private int at;

    OptionsScanner(String text) {
        this.text = text;
    }

    Map<String, String> options() {
        while (at < text.length()) {
            String name = token();
            if (name != null && at < text.length() && text.charAt(at) == '=') {
                at++;
                boolean quoted = at < text.length() && text.charAt(at) == '"';
                String value = quoted ? quoted() : tokenAhead();
                if (value != null) {
                    put(name.toLowerCase(Locale.ROOT), value);
                } else if (quoted) {
                    break;
                }
            }
            int next = text.indexOf(';', at);
            if (next < 0) {
                break;
            }
            at = next + 1;
            while (at < text.length() && Ascii.isBlank(text.charAt(at))) {
                at++;
            }
        }
        continued.forEach((name, value) -> options.put(name, value.toString()));
        return options;
    }

    private @Nullable String token() {
        String token = tokenAhead();
        at += token == null ? 0 : token.length();
        return token;
    }

    private @Nullable String tokenAhead() {
        int end = at;
        while (end < text.length() && Ascii.TOKEN.contains(text.charAt(end))) {
            end++;
        }
        return end == at ? null : text.substring(at, end);
    }

    /// The quoted string with its quotes, or null if it has no end.
    private @Nullable String quoted() {
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                String value = text.substring(at, i + 1);
                at = i + 1;
                return value;
            }
            boolean escapes = i + 1 < text.length() && (text.charAt(i + 1) == '"' || text.charAt(i + 1) == '\\');
            if (c == '\\' && escapes) {
                i++;
            }
        }
        return null;
    }

    private void put(String marked, String value) {
        String name = marked;
        boolean extended = name.endsWith("*");
        if (extended) {
            name = name.substring(0, name.length() - 1);
        }
        int digits = name.length();
        while (digits > 0 && Character.digit(name.charAt(digits - 1), 10) >= 0) {
            digits--;
        }
        boolean piece = digits > 0 && digits < name.length() && name.charAt(digits - 1) == '*';
        if (piece) {
            name = name.substring(0, digits - 1);
        }
        put(name, extended ? extended(name, value, piece) : plain(value), piece);
    }

    private void put(String name, String value, boolean piece) {
        if (piece) {
            options.remove(name);
            continued.computeIfAbsent(name, _ -> new StringBuilder()).append(value);
        } else {
            if (continued.remove(name) != null) {
                charsets.remove(name);
            }
            options.put(name, value);
        }
    }

    private String extended(String name, String value, boolean piece) {
        ExtendedValue split = ExtendedValue.of(value);
        String charset = split.charset();
        if (piece && charset.isEmpty()) {
            charset = charsets.getOrDefault(name, "");
        } else if (piece) {
            charsets.put(name, charset);
        }
        return ExtendedValue.decode(split.text(), charset);
    }

    // Browsers write %22 for a quote in a file name (HTML standard, multipart/form-data).
    private static String plain(String value) {
        return QuotedString.unquote(value).replace("%22", "\"");
    }
}
