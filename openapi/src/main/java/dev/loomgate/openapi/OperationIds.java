package dev.loomgate.openapi;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names of operations, which programs have for their functions: of `GET /user/{id}` it is `getUserById`. Those that
/// would be the same get a number.
final class OperationIds {
    private static final Pattern WORD = Pattern.compile("\\{(?<variable>\\w+)}|(?<text>[A-Za-z0-9]+)");

    private final Set<String> taken = new HashSet<>();

    /// @param given one that the application has chosen; empty for none
    /// @throws IllegalArgumentException if a chosen one is taken
    String of(String method, String template, String given) {
        if (!given.isEmpty()) {
            if (!taken.add(given)) {
                throw new IllegalArgumentException("OpenApi: two operations have the id " + given
                        + ", the second one is " + method + " " + template);
            }
            return given;
        }
        String id = id(method, template);
        String unique = id;
        for (int i = 2; !taken.add(unique); i++) {
            unique = id + i;
        }
        return unique;
    }

    private static String id(String method, String template) {
        StringBuilder id = new StringBuilder(method.toLowerCase(Locale.ROOT));
        Matcher word = WORD.matcher(template);
        while (word.find()) {
            String variable = word.group("variable");
            id.append(variable == null ? capitalised(word.group("text")) : "By" + capitalised(variable));
        }
        return id.length() == method.length() ? id + "Root" : id.toString();
    }

    private static String capitalised(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
