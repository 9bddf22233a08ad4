package dev.loomgate.cli.config;

import dev.loomgate.cli.config.entries.Origin;
import dev.loomgate.cli.config.entries.WrongConfiguration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The options that a configuration declares itself: `declare-option = site=socket=$1;module=$2`, then
/// `site = :3031 shop.wsgi`.
final class CustomOptions {
    private final Map<String, String> templates = new LinkedHashMap<>();

    boolean has(String name) {
        return templates.containsKey(name);
    }

    void declare(String declaration, Origin origin) {
        int equals = declaration.indexOf('=');
        if (equals < 0) {
            throw new WrongConfiguration(
                    origin, "'" + declaration + "' is not NAME=TEMPLATE, as declare-option needs it");
        }
        templates.putIfAbsent(declaration.substring(0, equals), declaration.substring(equals + 1));
    }

    /// Gives the options that one stands for.
    ///
    /// @param value its arguments, separated by blanks
    void apply(String name, String value, BiConsumer<String, String> option) {
        List<@Nullable String> arguments = arguments(value);
        for (String part : templates.getOrDefault(name, "").split(";", -1)) {
            int equals = part.indexOf('=');
            if (part.isEmpty()) {
                continue;
            }
            if (equals < 0) {
                return; // uWSGI goes no further, too
            }
            option.accept(
                    replaced(part.substring(0, equals), arguments), replaced(part.substring(equals + 1), arguments));
        }
    }

    /// One more than there are blanks; where several follow each other, the last ones are null and replace nothing.
    private static List<@Nullable String> arguments(String value) {
        List<@Nullable String> arguments = new ArrayList<>();
        int count = 1 + (int) value.chars().filter(c -> c == ' ').count();
        for (String word : value.split(" ", -1)) {
            if (!word.isEmpty()) {
                arguments.add(word);
            }
        }
        if (value.isEmpty()) {
            arguments.add("");
        }
        while (arguments.size() < count) {
            arguments.add(null);
        }
        return arguments;
    }

    private static String replaced(String template, List<@Nullable String> arguments) {
        String text = template;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument != null) {
                text = text.replace("$" + (i + 1), argument);
            }
        }
        return text;
    }
}
