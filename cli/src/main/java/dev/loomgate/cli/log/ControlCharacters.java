package dev.loomgate.cli.log;

/// Control characters in what programs and libraries log: a terminal that shows the log would obey them, and a carriage
/// return would write over the beginning of the line. They are written as `\x1b`. Tabs and line feeds stay.
public final class ControlCharacters {
    private ControlCharacters() {}

    /// The text with what is written for them.
    public static String escaped(String text) {
        StringBuilder to = new StringBuilder(text.length());
        append(to, text);
        return to.toString();
    }

    /// Appends text.
    static void append(StringBuilder to, String text) {
        int plainFrom = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isControl(c)) {
                to.append(text, plainFrom, i).append("\\x%02x".formatted((int) c));
                plainFrom = i + 1;
            }
        }
        to.append(text, plainFrom, text.length());
    }

    // C0, DEL, and C1, whose 0x9b begins a sequence as well.
    private static boolean isControl(char c) {
        return c < ' ' ? c != '\t' && c != '\n' : c >= 0x7f && c <= 0x9f;
    }
}
