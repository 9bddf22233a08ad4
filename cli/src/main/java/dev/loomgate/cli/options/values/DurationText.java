package dev.loomgate.cli.options.values;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A time: seconds as `30` or `0.5`, or with a unit, as in `200ms`, `30s`, `5m`, `1h`, `7d`.
public final class DurationText implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ms|s|m|h|d)?");

    @Override
    public Duration convert(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new TypeConversionException("'" + text + "' is not a time: say seconds, or 200ms, 30s, 5m, 1h, 7d");
        }
        BigDecimal unitNanos =
                switch (form.group(2)) {
                    case "ms" -> BigDecimal.valueOf(1_000_000);
                    case "m" -> BigDecimal.valueOf(60_000_000_000L);
                    case "h" -> BigDecimal.valueOf(3_600_000_000_000L);
                    case "d" -> BigDecimal.valueOf(86_400_000_000_000L);
                    case null, default -> BigDecimal.valueOf(1_000_000_000);
                };
        BigInteger nanos = new BigDecimal(form.group(1)).multiply(unitNanos).toBigInteger();
        return Duration.ofNanos(nanos.min(BigInteger.valueOf(Long.MAX_VALUE)).longValue());
    }
}
