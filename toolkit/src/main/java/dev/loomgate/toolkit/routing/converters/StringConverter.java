package dev.loomgate.toolkit.routing.converters;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/// `string`, and a variable without a converter: text within one segment. Lengths count code points.
final class StringConverter implements Converter<String>, WholeText {
    private final int minLength;
    private final int maxLength;
    private final boolean exact;

    StringConverter(ConverterArguments arguments) {
        arguments.only("minlength", "maxlength", "length");
        OptionalLong length = arguments.number("length");
        exact = length.isPresent();
        minLength = Math.toIntExact(length.orElse(arguments.number("minlength").orElse(1)));
        maxLength = Math.toIntExact(length.orElse(arguments.number("maxlength").orElse(Integer.MAX_VALUE)));
        if (minLength < 0 || maxLength < minLength) {
            throw new IllegalArgumentException("no text is %d to %d long".formatted(minLength, maxLength));
        }
    }

    @Override
    public Class<?> type() {
        return String.class;
    }

    @Override
    public String regex() {
        return exact
                ? "[^/]{" + minLength + "}"
                : maxLength == Integer.MAX_VALUE
                        ? "[^/]{" + minLength + ",}"
                        : "[^/]{%d,%d}".formatted(minLength, maxLength);
    }

    @Override
    public boolean partIsolating() {
        return true;
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> schema = new TreeMap<>();
        if (minLength > 1) {
            schema.put("minLength", minLength);
        }
        if (maxLength != Integer.MAX_VALUE) {
            schema.put("maxLength", maxLength);
        }
        return schema;
    }

    @Override
    public Optional<String> toValue(String text) {
        int length = text.length();
        if (length > maxLength || minLength > 1) {
            length = text.codePointCount(0, length);
        }
        return length >= minLength && length <= maxLength && text.indexOf('/') < 0
                ? Optional.of(text)
                : Optional.empty();
    }
}
