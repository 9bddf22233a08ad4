package dev.loomgate.cli.options.values;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A whole number, which may have a sign: the range is checked later.
final class NumberText implements ITypeConverter<Integer> {
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+");

    @Override
    public Integer convert(String text) {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException(
                    "'" + text + "' is " + (WHOLE.matcher(text).matches() ? "too large" : "not a whole number"));
        }
    }
}
