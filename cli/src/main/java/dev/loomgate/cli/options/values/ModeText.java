package dev.loomgate.cli.options.values;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Permission bits of a file, in octal digits as `chmod` takes them: `660`.
final class ModeText implements ITypeConverter<Integer> {
    private static final Pattern FORM = Pattern.compile("0?[0-7]{3}");

    /// `660`.
    static String of(int mode) {
        return "%03o".formatted(mode);
    }

    @Override
    public Integer convert(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new TypeConversionException("'" + text + "' is not a mode: say three octal digits, as in 660");
        }
        return Integer.parseInt(text, 8);
    }
}
