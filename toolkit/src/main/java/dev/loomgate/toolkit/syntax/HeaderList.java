package dev.loomgate.toolkit.syntax;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A header that is a list: `token, "quoted text", name=value` (RFC 9110 section 5.6.1).
public final class HeaderList {
    private HeaderList() {}

    /// The items, without the quotes of those that are quoted altogether. Empty ones are left out; a list with a
    /// quote that doesn't end is empty.
    public static List<String> parse(String header) {
        List<String> items = new ArrayList<>();
        int start = 0;
        boolean quoted = false;
        for (int i = 0; i < header.length(); i++) {
            char c = header.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                add(header.substring(start, i), items);
                start = i + 1;
            }
        }
        if (quoted) {
            return List.of();
        }
        add(header.substring(start), items);
        return items;
    }

    private static void add(String item, List<String> items) {
        String trimmed = Ascii.trim(item);
        if (!trimmed.isEmpty()) {
            items.add(QuotedString.unquote(trimmed));
        }
    }

    /// The items as names and values; a name without `=` has none. Names keep their case, and end with `*` no more
    /// where the value was in a charset of its own (RFC 8187).
    public static Map<String, Optional<String>> parsePairs(String header) {
        Map<String, Optional<String>> pairs = new LinkedHashMap<>();
        for (String item : parse(header)) {
            int equals = item.indexOf('=');
            String name = Ascii.trim(equals < 0 ? item : item.substring(0, equals));
            if (name.isEmpty()) {
                continue;
            }
            if (equals < 0) {
                pairs.put(name, Optional.empty());
                continue;
            }
            String value = Ascii.trim(item.substring(equals + 1));
            if (name.endsWith("*")) {
                name = name.substring(0, name.length() - 1);
                ExtendedValue extended = ExtendedValue.of(value);
                value = ExtendedValue.decode(extended.text(), extended.charset());
            }
            pairs.put(name, Optional.of(QuotedString.unquote(value)));
        }
        return pairs;
    }

    /// A list of these items, quoted where they are no tokens.
    public static String format(Iterable<String> items) {
        StringBuilder header = new StringBuilder();
        for (String item : items) {
            header.append(header.isEmpty() ? "" : ", ").append(QuotedString.quote(item));
        }
        return header.toString();
    }

    /// A list of these names and values.
    public static String formatPairs(Map<String, Optional<String>> pairs) {
        StringBuilder header = new StringBuilder();
        pairs.forEach((name, value) -> {
            header.append(header.isEmpty() ? "" : ", ").append(name);
            value.ifPresent(text -> header.append('=').append(name.endsWith("*") ? text : QuotedString.quote(text)));
        });
        return header.toString();
    }

    /// Whether one of the items is this token, in whatever case.
    public static boolean contains(String header, String token) {
        return parse(header).stream()
                .anyMatch(item -> item.toLowerCase(Locale.ROOT).equals(token));
    }
}
