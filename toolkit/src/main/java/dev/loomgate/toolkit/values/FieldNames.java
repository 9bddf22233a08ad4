package dev.loomgate.toolkit.values;

/// The names of header fields, which Java's names of components stand for. Case means nothing in them
/// (RFC 9110 section 5.1). Settings have the same names in lower case.
public final class FieldNames {
    private FieldNames() {}

    /// `userAgent` is `User-Agent`, `xB3Traceid` is `X-B3-Traceid`.
    ///
    /// @param component a name in Java; each capital begins a word, and each underscore separates two
    public static String of(String component) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < component.length(); i++) {
            char c = component.charAt(i);
            if (c == '_') {
                name.append('-');
            } else if (i > 0 && Character.isUpperCase(c) && component.charAt(i - 1) != '_') {
                name.append('-').append(c);
            } else {
                boolean first = i == 0 || component.charAt(i - 1) == '_';
                name.append(first ? Character.toUpperCase(c) : c);
            }
        }
        return name.toString();
    }
}
