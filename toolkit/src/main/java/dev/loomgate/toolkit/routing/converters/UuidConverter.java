package dev.loomgate.toolkit.routing.converters;

import java.util.Optional;
import java.util.UUID;

/// `uuid`: 8, 4, 4, 4 and 12 hexadecimal digits.
final class UuidConverter implements Converter<UUID> {
    UuidConverter(ConverterArguments arguments) {
        arguments.only();
    }

    @Override
    public Class<?> type() {
        return UUID.class;
    }

    @Override
    public String regex() {
        return "[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}";
    }

    @Override
    public Optional<UUID> toValue(String text) {
        return Optional.of(UUID.fromString(text));
    }
}
