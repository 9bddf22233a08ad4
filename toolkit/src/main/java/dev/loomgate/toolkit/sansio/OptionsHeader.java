package dev.loomgate.toolkit.sansio;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A header that is a value with options, such as `Content-Type: text/html; charset="utf-8"` (RFC 9110 section
/// 5.6.6).
///
/// Options that are not well formed are skipped. Linear in the header's length.
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
        return new OptionsHeader(value, value.isEmpty() || rest.isEmpty() ? Map.of() : new Scanner(rest).options());
    }

    private static final class Scanner {
        private final String text;
        private final Map<String, String> options = new LinkedHashMap<>();
        private int at;

        Scanner(String text) {
            this.text = text;
        }

        Map<String, String> options() {
            while (at < text.length()) {
                String name = token();
                if (name != null && at < text.length() && text.charAt(at) == '=') {
                    at++;
                    String value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
                    if (value != null) {
                        options.put(name.toLowerCase(Locale.ROOT), value);
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
            return options;
        }

        private @Nullable String token() {
            int start = at;
            while (at < text.length() && Ascii.TOKEN.contains(text.charAt(at))) {
                at++;
            }
            return at == start ? null : text.substring(start, at);
        }

        private @Nullable String quoted() {
            StringBuilder value = new StringBuilder();
            for (int i = at + 1; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '"') {
                    at = i + 1;
                    // Browsers write %22 for a quote in a file name (HTML standard, multipart/form-data).
                    return value.toString().replace("%22", "\"");
                }
                if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) != '\n') {
                    c = text.charAt(++i);
                }
                value.append(c);
            }
            at = text.length();
            return null;
        }
    }
}
