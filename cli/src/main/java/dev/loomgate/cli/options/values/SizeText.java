package dev.loomgate.cli.options.values;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A number of bytes: `65535`, or with a unit of 1024's powers, as in `64k`, `10m`, `1g`.
final class SizeText implements ITypeConverter<Long> {
    private static final String UNITS = "kmg";
    private static final Pattern FORM = Pattern.compile("([0-9]{1,15})([kmgKMG])?");

    /// How a size is written, in the largest unit that leaves a whole number.
    static String of(long bytes) {
        for (int i = UNITS.length(); i > 0; i--) {
            if (bytes != 0 && bytes % (1L << (10 * i)) == 0) {
                return (bytes >> (10 * i)) + UNITS.substring(i - 1, i);
            }
        }
        return Long.toString(bytes);
    }

    @Override
    public Long convert(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new TypeConversionException("'" + text + "' is not a size: say bytes, or 64k, 10m, 1g");
        }
        int shift =
                switch (form.group(2)) {
                    case "k", "K" -> 10;
                    case "m", "M" -> 20;
                    case "g", "G" -> 30;
                    case null, default -> 0;
                };
        long number = Long.parseLong(form.group(1));
        return number > Long.MAX_VALUE >> shift ? Long.MAX_VALUE : number << shift;
    }
}
