package dev.loomgate.cli.metrics;

/// The labels of a sample. Immutable.
///
/// ```java
/// Labels.of("app", "shop").and("worker", "1") // {app="shop",worker="1"}
/// ```
final class Labels {
    /// None.
    static final Labels NONE = new Labels("");

    private final String text;

    private Labels(String text) {
        this.text = text;
    }

    static Labels of(String name, Object value) {
        return NONE.and(name, value);
    }

    /// The same with one more.
    Labels and(String name, Object value) {
        StringBuilder more = new StringBuilder(text);
        if (!text.isEmpty()) {
            more.append(',');
        }
        more.append(name).append("=\"");
        escape(value.toString(), more);
        return new Labels(more.append('"').toString());
    }

    /// The same with one more, unless its value is empty: to Prometheus there is no difference.
    Labels andIfAny(String name, String value) {
        return value.isEmpty() ? this : and(name, value);
    }

    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' || c == '"' || c == '\n' || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    // As both formats have it; a page is UTF-8, where lone surrogates have no place.
    private static void escape(String value, StringBuilder to) {
        if (isPlain(value)) {
            to.append(value);
            return;
        }
        value.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> to.append("\\\\");
                case '"' -> to.append("\\\"");
                case '\n' -> to.append("\\n");
                default ->
                    to.appendCodePoint(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c);
            }
        });
    }

    /// As in a page, without the braces; empty for none.
    String text() {
        return text;
    }

    void appendTo(StringBuilder out) {
        if (!text.isEmpty()) {
            out.append('{').append(text).append('}');
        }
    }
}
