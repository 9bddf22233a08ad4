package dev.loomgate.server.observe;

import org.jspecify.annotations.Nullable;

/// Text from outside in a line: quotes and backslashes get a backslash, control characters and what isn't
/// ASCII are written as a backslash, u and four digits. That is right in JSON, readable elsewhere, and no
/// request can forge a line.
final class Escaped {
    private Escaped() {}

    /// Appends the text; `-` for null.
    static void append(StringBuilder lines, @Nullable String text) {
        if (text == null) {
            lines.append('-');
            return;
        }
        if (isPlain(text)) {
            lines.append(text);
            return;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                lines.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7f) {
                lines.append(c);
            } else {
                lines.append("\\u").append("%04x".formatted((int) c));
            }
        }
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x7f || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }
}
