package dev.loomgate.cli.options.values;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/// A value that is made of keys and values, as uWSGI has it: `name=pages,items=100`. A backslash takes the next
/// character as it is. A value begins after the first `=` and may have more of them.
public final class KeyValues {
    private KeyValues() {}

    /// @param option for messages
    /// @param keys those that there are, with their usual names
    /// @param notOffered others that uWSGI has, with the reason
    /// @return the values by their usual names; the last one counts
    /// @throws IllegalArgumentException if a part has no `=`, or a key isn't known
    public static Map<String, String> parse(
            String option, String text, Map<String, String> keys, Map<String, String> notOffered) {
        Map<String, String> values = new LinkedHashMap<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                part.append(text.charAt(++i));
            } else if (c == ',') {
                put(values, option, part.toString(), keys, notOffered);
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        if (!part.isEmpty()) {
            put(values, option, part.toString(), keys, notOffered);
        }
        return values;
    }

    private static void put(
            Map<String, String> values,
            String option,
            String part,
            Map<String, String> keys,
            Map<String, String> notOffered) {
        int equals = part.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException(
                    "%s: '%s' is not KEY=VALUE; a comma in a value is written \\,".formatted(option, part));
        }
        String key = part.substring(0, equals);
        String name = keys.get(key);
        if (name == null) {
            String why = notOffered.get(key);
            throw new IllegalArgumentException(
                    why != null
                            ? "%s: %s is not offered: %s".formatted(option, key, why)
                            : "%s: there is no key '%s', but %s"
                                    .formatted(option, key, String.join(", ", new TreeSet<>(keys.values()))));
        }
        values.put(name, part.substring(equals + 1));
    }
}
