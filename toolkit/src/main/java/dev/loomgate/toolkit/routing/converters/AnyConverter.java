package dev.loomgate.toolkit.routing.converters;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// `any(a, b)`: one of these texts.
final class AnyConverter implements Converter<String> {
    private final List<String> items;

    AnyConverter(ConverterArguments arguments) {
        items = arguments.positional();
        if (items.isEmpty()) {
            throw new IllegalArgumentException("needs the texts to choose from");
        }
    }

    @Override
    public Class<?> type() {
        return String.class;
    }

    // An item with a slash in it can't match, as in the original: the segment that it is tried on has none.
    @Override
    public boolean partIsolating() {
        return true;
    }

    @Override
    public String regex() {
        return items.stream().map(Pattern::quote).collect(Collectors.joining("|", "(?:", ")"));
    }

    @Override
    public Map<String, Object> schema() {
        return Map.of("enum", items);
    }

    @Override
    public Optional<String> toValue(String text) {
        return Optional.of(text);
    }

    @Override
    public String toUrl(Object value) {
        String text = String.valueOf(value);
        if (!items.contains(text)) {
            throw new IllegalArgumentException("'%s' is not one of %s"
                    .formatted(
                            text,
                            new TreeSet<>(items).stream().map("'%s'"::formatted).collect(Collectors.joining(", "))));
        }
        return text;
    }
}
