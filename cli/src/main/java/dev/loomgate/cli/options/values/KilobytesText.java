package dev.loomgate.cli.options.values;

import picocli.CommandLine.ITypeConverter;

/// A size that uWSGI takes in kilobytes: `200` are 200 KiB; or with a unit, as in `200k`, `1m`. What is over an int is
/// the greatest int.
final class KilobytesText implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
        boolean plain = !text.isEmpty() && text.chars().allMatch(Character::isDigit);
        return (int) Math.min(new SizeText().convert(plain ? text + "k" : text), Integer.MAX_VALUE);
    }
}
