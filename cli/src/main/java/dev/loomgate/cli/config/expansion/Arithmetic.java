package dev.loomgate.cli.config.expansion;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What is between `%(` and `)`: a name, or names and numbers with operators, separated by blanks.
///
/// Names side by side are concatenated, operators take what is before them as a whole: `a b + 2 * 3` is `(ab + 2) * 3`.
/// `++` and `--` follow what they change. Numbers have 64 bits; what isn't one counts as far as it is one, or as 0, and
/// so does a division by 0.
public final class Arithmetic {
    private Arithmetic() {}

    /// @param lookup the value of a name; null if there is none
    /// @return null if it is a name alone, and there is no such name
    public static @Nullable String value(String expression, Function<String, @Nullable String> lookup) {
        if (expression.indexOf(' ') < 0) {
            return lookup.apply(expression);
        }
        String value = null;
        String operator = "";
        for (String word : expression.split(" ", -1)) {
            switch (word) {
                case "" -> {}
                case "+", "-", "*", "/" -> operator = word;
                case "++", "--" -> {
                    if (value != null) {
                        value = Long.toString(number(value) + (word.equals("++") ? 1 : -1));
                    }
                    operator = "";
                }
                default -> {
                    value = combined(value == null ? "" : value, operator, operand(word, lookup));
                    operator = "";
                }
            }
        }
        return value;
    }

    private static String operand(String word, Function<String, @Nullable String> lookup) {
        if (word.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return word;
        }
        String found = lookup.apply(word);
        return found == null ? "" : found;
    }

    private static String combined(String left, String operator, String right) {
        return switch (operator) {
            case "+" -> Long.toString(number(left) + number(right));
            case "-" -> Long.toString(number(left) - number(right));
            case "*" -> Long.toString(number(left) * number(right));
            case "/" -> Long.toString(number(right) == 0 ? 0 : number(left) / number(right));
            default -> left + right;
        };
    }

    /// The number that a text begins with, as C's `strtoll` reads it; 0 without one.
    public static long number(String text) {
        int i = 0;
        while (i < text.length() && " \t\n\u000b\f\r".indexOf(text.charAt(i)) >= 0) {
            i++;
        }
        boolean negative = i < text.length() && text.charAt(i) == '-';
        if (negative || (i < text.length() && text.charAt(i) == '+')) {
            i++;
        }
        long number = 0; // negative, since the smallest one has no positive counterpart
        for (; i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9'; i++) {
            int digit = text.charAt(i) - '0';
            if (number < (Long.MIN_VALUE + digit) / 10) {
                return negative ? Long.MIN_VALUE : Long.MAX_VALUE;
            }
            number = number * 10 - digit;
        }
        if (negative) {
            return number;
        }
        return number == Long.MIN_VALUE ? Long.MAX_VALUE : -number;
    }
}
