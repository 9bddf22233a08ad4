package dev.loomgate.toolkit.routing.matching;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A piece of a rule's text.
public sealed interface RuleToken {
    /// `/`
    record Slash() implements RuleToken {}

    /// Text that stands for itself.
    record Static(String text) implements RuleToken {}

    /// `<converter(arguments):name>`; the converter of `<name>` is `default`.
    record Variable(String converter, String arguments, String name) implements RuleToken {}

    Pattern TOKEN = Pattern.compile(
            "/|(?<static>[^</]+)|<(?:(?<converter>[a-zA-Z_]\\w*)(?:\\((?<arguments>.*?)\\))?:)?(?<name>[a-zA-Z_]\\w*)>");

    /// The pieces of a rule, or of its host.
    ///
    /// @throws IllegalArgumentException if there is something else between them
    static List<RuleToken> parse(String rule) {
        List<RuleToken> tokens = new ArrayList<>();
        Matcher token = TOKEN.matcher(rule);
        int at = 0;
        while (at < rule.length()) {
            token.region(at, rule.length());
            if (!token.lookingAt()) {
                throw new IllegalArgumentException(
                        "malformed URL rule '%s': can't read '%s'".formatted(rule, rule.substring(at)));
            }
            String text = token.group("static");
            String name = token.group("name");
            if (text != null) {
                tokens.add(new Static(text));
            } else if (name != null) {
                String converter = token.group("converter");
                String arguments = token.group("arguments");
                tokens.add(new Variable(
                        converter == null ? "default" : converter, arguments == null ? "" : arguments, name));
            } else {
                tokens.add(new Slash());
            }
            at = token.end();
        }
        return tokens;
    }

    /// The pieces with each run of slashes made one.
    static List<RuleToken> mergeSlashes(List<RuleToken> tokens) {
        List<RuleToken> merged = new ArrayList<>();
        for (RuleToken token : tokens) {
            if (!(token instanceof Slash) || merged.isEmpty() || !(merged.getLast() instanceof Slash)) {
                merged.add(token);
            }
        }
        return merged;
    }
}
