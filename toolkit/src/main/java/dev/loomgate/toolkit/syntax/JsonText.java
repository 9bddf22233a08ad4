package dev.loomgate.toolkit.syntax;

/// Text in JSON, where a library for it would be too much; and which media types are JSON.
public final class JsonText {
    private JsonText() {}

    /// Whether a media type is JSON (RFC 6839 section 3.1).
    ///
    /// @param mimetype in lower case, without parameters
    public static boolean isJson(String mimetype) {
        return mimetype.equals("application/json")
                || (mimetype.startsWith("application/") && mimetype.endsWith("+json"));
    }

    /// The text in quotes (RFC 8259 section 7).
    public static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                default -> {
                    if (c < ' ' || Character.isSurrogate(c)) {
                        quoted.append("\\u%04x".formatted((int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
