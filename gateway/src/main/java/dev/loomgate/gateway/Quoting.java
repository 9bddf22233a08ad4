package dev.loomgate.gateway;

/// Shows text from outside in messages, so that it can't forge a log line or hide in one.
public final class Quoting {
    private static final int MAX_SHOWN = 80;

    private Quoting() {}

    /// `text` with controls, characters past ASCII, the double quote and the backslash written as a backslash, `x` or
    /// `u` and their number in hex, cut after 80 characters. So it can stand between double quotes.
    public static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (i == MAX_SHOWN) {
                return shown.append("...").toString();
            }
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
                shown.append(c);
            } else {
                shown.append((c > 0xff ? "\\u%04x" : "\\x%02x").formatted((int) c));
            }
        }
        return shown.toString();
    }
}
