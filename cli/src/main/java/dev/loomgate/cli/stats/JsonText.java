package dev.loomgate.cli.stats;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// JSON of maps, lists, texts and whole numbers; with a line for each value and tabs, as uWSGI writes it, or without
/// any space. Used by one thread.
final class JsonText {
    private final boolean minified;
    private final StringBuilder text = new StringBuilder(8192);
    private int depth;

    private JsonText(boolean minified) {
        this.minified = minified;
    }

    /// @throws IllegalArgumentException if it is something else
    static String of(Object value, boolean minified) {
        JsonText json = new JsonText(minified);
        json.value(value);
        return json.text.toString();
    }

    private void value(Object value) {
        switch (value) {
            case Map<?, ?> map ->
                between('{', '}', map.entrySet().iterator(), entry -> {
                    Map.Entry<?, ?> member = (Map.Entry<?, ?>) entry;
                    quoted(String.valueOf(member.getKey()));
                    text.append(':');
                    value(member.getValue());
                });
            case List<?> list -> between('[', ']', list.iterator(), this::value);
            case String string -> quoted(string);
            case Long number -> text.append((long) number);
            case Integer number -> text.append((int) number);
            default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
        }
    }

    @FunctionalInterface
    private interface Each {
        void write(Object each);
    }

    private void between(char open, char close, Iterator<?> all, Each each) {
        text.append(open);
        depth++;
        boolean first = true;
        while (all.hasNext()) {
            if (!first) {
                text.append(',');
            }
            newLine();
            each.write(all.next());
            first = false;
        }
        depth--;
        if (!first) {
            newLine();
        }
        text.append(close);
    }

    private void newLine() {
        if (!minified) {
            text.append('\n');
            text.repeat('\t', depth);
        }
    }

    private void quoted(String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || (c >= 0x7f && c <= 0x9f) || Character.isSurrogate(c)) {
                // A lone surrogate has no form in UTF-8; C1 controls are obeyed by terminals.
                text.append("\\u%04x".formatted((int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
