package dev.loomgate.toolkit.routes;

/// Numbers as C's `strtol` reads them.
final class Numbers {
    private static final int MAX_DIGITS = 18;

    private Numbers() {}

    /// The number that a text begins with; 0 for none.
    static long leading(String text) {
        String stripped = text.stripLeading();
        int start = stripped.startsWith("-") || stripped.startsWith("+") ? 1 : 0;
        int end = start;
        while (end < stripped.length() && end < start + MAX_DIGITS && isDigit(stripped.charAt(end))) {
            end++;
        }
        return end == start ? 0 : Long.parseLong(stripped.substring(0, end));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
