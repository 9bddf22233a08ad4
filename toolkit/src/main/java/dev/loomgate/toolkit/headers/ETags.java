package dev.loomgate.toolkit.headers;

import dev.loomgate.toolkit.syntax.Ascii;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Entity tags of which one should or shouldn't be current: `If-Match` and `If-None-Match` (RFC 9110 section
/// 13.1).
///
/// @param strong the strong tags, without quotes
/// @param weak the weak ones
/// @param star whether any version will do
/// @param unreadable whether something in the header is no tag, or it has none: a condition that nobody knows
public record ETags(Set<String> strong, Set<String> weak, boolean star, boolean unreadable) {
    /// What there is without a header.
    public static final ETags NONE = new ETags(Set.of(), Set.of(), false);

    private static final ETags ANY = new ETags(Set.of(), Set.of(), true);

    public ETags(Set<String> strong, Set<String> weak, boolean star) {
        this(strong, weak, star, false);
    }

    /// The tags of a header that is there. What is no tag is [#unreadable], except a tag without quotes.
    public static ETags parse(String header) {
        return header.equals("*") ? ANY : new Scanner(header).tags();
    }

    /// Whether there is no tag at all.
    public boolean isEmpty() {
        return !star && strong.isEmpty() && weak.isEmpty();
    }

    /// Whether there is a condition, be it one that can't be read.
    public boolean isCondition() {
        return unreadable || !isEmpty();
    }

    /// Whether the current version is one of these, byte for byte.
    public boolean matchesStrongly(@Nullable ETag current) {
        return star ? current != null : current != null && !current.weak() && strong.contains(current.value());
    }

    /// Whether the current version means the same as one of these.
    public boolean matchesWeakly(@Nullable ETag current) {
        return current != null && (star || strong.contains(current.value()) || weak.contains(current.value()));
    }

    private static final class Scanner {
        private final String text;
        private final Set<String> strong = new LinkedHashSet<>();
        private final Set<String> weak = new LinkedHashSet<>();
        private boolean unreadable;
        private int at;

        Scanner(String text) {
            this.text = text;
        }

        ETags tags() {
            while (at <= text.length()) {
                int start = at;
                if (!tag()) {
                    int comma = text.indexOf(',', start);
                    int end = comma < 0 ? text.length() : comma;
                    unreadable |= !Ascii.trim(text.substring(start, end)).isEmpty();
                    at = end + 1;
                }
            }
            return new ETags(strong, weak, false, unreadable || (strong.isEmpty() && weak.isEmpty()));
        }

        private boolean tag() {
            skipBlanks();
            boolean isWeak = text.startsWith("W/", at) || text.startsWith("w/", at);
            at += isWeak ? 2 : 0;
            int start = at;
            int end;
            if (at < text.length() && text.charAt(at) == '"') {
                start++;
                end = text.indexOf('"', start);
                if (end < 0) {
                    return false;
                }
                at = end + 1;
            } else {
                while (at < text.length() && isBare(text.charAt(at))) {
                    at++;
                }
                end = at;
                if (start == end) {
                    return false;
                }
            }
            skipBlanks();
            if (at < text.length() && text.charAt(at) != ',') {
                return false;
            }
            at++;
            (isWeak ? weak : strong).add(text.substring(start, end));
            return true;
        }

        private void skipBlanks() {
            while (at < text.length() && Ascii.isBlank(text.charAt(at))) {
                at++;
            }
        }

        private static boolean isBare(char c) {
            return c != '"' && c != ',' && !Ascii.isBlank(c);
        }
    }
}
