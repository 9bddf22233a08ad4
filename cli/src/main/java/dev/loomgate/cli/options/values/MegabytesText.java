package dev.loomgate.cli.options.values;

import picocli.CommandLine.ITypeConverter;

/// A size that uWSGI takes in megabytes: `200` are 200 MiB; or with a unit, as in `200m`, `1g`.
final class MegabytesText implements ITypeConverter<Long> {
    /// How such a size is written: with a unit, unless it is 0.
    static String of(long bytes) {
        return SizeText.of(bytes);
    }

    @Override
    public Long convert(String text) {
        boolean plain = !text.isEmpty() && text.chars().allMatch(Character::isDigit);
        return new SizeText().convert(plain ? text + "m" : text);
    }
}
