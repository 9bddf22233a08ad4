package dev.loomgate.cli.config.expansion;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Replaces `%(name)`, and `$(name)` and `@(name)` likewise.
///
/// The innermost one is replaced first, and its result is looked at again, except that a text's first character isn't:
/// `%(%(p))` stops at what `%(p)` gives. That is uWSGI's way, and files rely on it.
public final class Placeholders {
    private static final int MOST = 10_000;
    private static final int LONGEST = 1 << 20;

    private Placeholders() {}

    /// A text that never comes to an end.
    public static final class Circular extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Circular(String name) {
            super("circular: %(" + name + ") leads to itself");
        }
    }

    /// @param symbol the character before the parenthesis
    /// @param lookup what a name stands for; null leaves it as it is
    /// @throws Circular if a name leads to itself
    public static String replace(String text, char symbol, Function<String, @Nullable String> lookup) {
        return replace(text, symbol, lookup, step -> {});
    }

    /// @param step gets the text each time that something was replaced: a lookup may see it already
    public static String replace(
            String text, char symbol, Function<String, @Nullable String> lookup, Consumer<String> step) {
        String value = text;
        int replaced = 0;
        int seen = 0; // 1 after the symbol, 2 after its parenthesis, and one more for each character of the name
        int depth = 0;
        int name = 0;
        for (int j = 0; j < value.length(); j++) {
            char c = value.charAt(j);
            if (c == symbol) {
                seen = 1;
            } else if (c == '(' && seen == 1) {
                seen = 2;
                depth = 0;
                name = j + 1;
            } else if (seen <= 1) {
                seen = 0;
            } else if (c == '(') {
                seen++;
                depth++;
            } else if (c != ')') {
                seen++;
            } else if (depth > 0) {
                seen++;
                depth--;
            } else {
                String asked = value.substring(name, name + seen - 2);
                String found = asked.isEmpty() ? null : lookup.apply(asked);
                seen = 0;
                if (found != null) {
                    value = value.substring(0, name - 2) + found + value.substring(j + 1);
                    j = 0;
                    step.accept(value);
                    if (++replaced > MOST || value.length() > LONGEST) {
                        throw new Circular(asked);
                    }
                }
            }
        }
        return value;
    }
}
