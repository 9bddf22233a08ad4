package dev.loomgate.toolkit.syntax;

/// A header's value or part of one, in double quotes where it must be (RFC 9110 section 5.6.4).
public final class QuotedString {
    private QuotedString() {}

    /// The text as it is if it is a token, else in quotes.
    public static String quote(String text) {
        return Ascii.isToken(text) ? text : always(text);
    }

    /// The text in quotes.
    public static String always(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /// The text that was quoted; one without quotes around it stays as it is.
    public static String unquote(String text) {
        int end = text.length() - 1;
        if (end < 1 || text.charAt(0) != '"' || text.charAt(end) != '"') {
            return text;
        }
        if (text.indexOf('\\') < 0) {
            return text.substring(1, end);
        }
        StringBuilder unquoted = new StringBuilder(text.length());
        for (int i = 1; i < end; i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < end && text.charAt(i + 1) != '\n') {
                c = text.charAt(++i);
            }
            unquoted.append(c);
        }
        return unquoted.toString();
    }
}
