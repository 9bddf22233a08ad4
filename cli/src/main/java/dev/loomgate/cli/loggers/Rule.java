package dev.loomgate.cli.loggers;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Which messages something applies to.
///
/// @param option which says it
/// @param logger where they go; empty for a rule that sends none anywhere
public record Rule(String option, String logger, Pattern pattern) {
    /// `REGEX`.
    ///
    /// @throws IllegalArgumentException if it is none
    public static Rule expression(String option, String text) {
        return new Rule(option, "", pattern(option, text));
    }

    /// `LOGGER REGEX`.
    ///
    /// @throws IllegalArgumentException if it isn't that
    public static Rule route(String option, String text) {
        int space = text.indexOf(' ');
        if (space < 1 || space == text.length() - 1) {
            throw new IllegalArgumentException("%s: '%s' is not LOGGER REGEX".formatted(option, text));
        }
        return new Rule(option, text.substring(0, space), pattern(option, text.substring(space + 1)));
    }

    private static Pattern pattern(String option, String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "%s: '%s' is no regular expression: %s".formatted(option, text, e.getDescription()), e);
        }
    }

    /// Whether it applies. It doesn't to a message that is too long for the expression: one such as `(a|b)*`
    /// takes some of the stack for each character, and what is logged comes from strangers.
    boolean applies(String message) {
        try {
            return pattern.matcher(message).find();
        } catch (StackOverflowError e) {
            return false;
        }
    }
}
