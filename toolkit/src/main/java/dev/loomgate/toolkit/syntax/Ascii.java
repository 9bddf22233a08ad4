package dev.loomgate.toolkit.syntax;

import java.util.Arrays;

/// A set of ASCII characters.
public final class Ascii {
    static final String ALPHANUMERIC = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// RFC 9110 section 5.6.2.
    static final Ascii TOKEN = of(ALPHANUMERIC + "!#$%&'*+-.^_`|~");

    private final boolean[] members;

    private Ascii(boolean[] members) {
        this.members = members;
    }

    static Ascii of(String characters) {
        boolean[] members = new boolean[128];
        for (int i = 0; i < characters.length(); i++) {
            members[characters.charAt(i)] = true;
        }
        return new Ascii(members);
    }

    /// This set and every character up to `last`.
    Ascii andUpTo(char last) {
        boolean[] members = this.members.clone();
        Arrays.fill(members, 0, last + 1, true);
        return new Ascii(members);
    }

    public boolean contains(int character) {
        return character >= 0 && character < 128 && members[character];
    }

    public boolean containsAll(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!contains(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /// Whether `text` is a token, such as a header's or a cookie's name.
    public static boolean isToken(String text) {
        return !text.isEmpty() && TOKEN.containsAll(text);
    }

    /// The text without spaces and tabs at its ends: HTTP's optional white space (RFC 9110 section 5.6.3).
    public static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    public static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
