package dev.loomgate.toolkit.syntax;

import java.util.OptionalLong;

/// Numbers in headers: ASCII digits, without signs.
public final class Digits {
    private static final int MAX_DIGITS = 18;
    private static final long LARGE = 999_999_999_999_999_999L;

    private Digits() {}

    /// The number; a very large one where there are more digits than a long has; empty if it is none.
    public static OptionalLong parse(String text) {
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        int first = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return OptionalLong.empty();
            }
            first += c == '0' && first == i ? 1 : 0;
        }
        return OptionalLong.of(
                text.length() - first > MAX_DIGITS
                        ? LARGE
                        : Long.parseLong(first == text.length() ? "0" : text.substring(first)));
    }
}
