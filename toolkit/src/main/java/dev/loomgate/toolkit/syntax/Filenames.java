package dev.loomgate.toolkit.syntax;

import java.text.Normalizer;

/// Names of files that come from outside.
public final class Filenames {
    private Filenames() {}

    /// Only letters, digits, dots, dashes and underscores of ASCII; nothing at the ends that is hidden or empty.
    public static String secure(String name) {
        StringBuilder safe = new StringBuilder(name.length());
        boolean gap = false;
        String plain = Normalizer.normalize(name, Normalizer.Form.NFKD);
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (c == '/' || isSpace(c)) {
                gap = true;
            } else if (c < 0x80) {
                if (gap && !safe.isEmpty()) {
                    safe.append('_');
                }
                gap = false;
                safe.append(isSafe(c) ? c : '\0');
            }
        }
        return strip(safe.toString().replace("\0", ""));
    }

    private static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isEdge(text.charAt(start))) {
            start++;
        }
        while (end > start && isEdge(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isEdge(char c) {
        return c == '.' || c == '_';
    }

    private static boolean isSafe(char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || "._-".indexOf(c) >= 0;
    }

    // Python's str.split() within ASCII.
    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
    }
}
