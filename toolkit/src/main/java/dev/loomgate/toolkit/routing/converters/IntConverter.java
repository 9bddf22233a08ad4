package dev.loomgate.toolkit.routing.converters;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// `int`: a whole number in ASCII digits. One that a long can't hold is none.
final class IntConverter implements Converter<Long>, WholeText {
    private static final int MAX_DIGITS = 1000;

    private final int fixedDigits;
    private final long min;
    private final long max;
    private final boolean signed;

    IntConverter(ConverterArguments arguments) {
        arguments.only("fixed_digits", "min", "max", "signed");
        fixedDigits = Math.toIntExact(arguments.number("fixed_digits").orElse(0));
        min = arguments.number("min").orElse(Long.MIN_VALUE);
        max = arguments.number("max").orElse(Long.MAX_VALUE);
        signed = arguments.flag("signed");
    }

    @Override
    public Class<?> type() {
        return Long.class;
    }

    @Override
    public String regex() {
        return signed ? "-?[0-9]+" : "[0-9]+";
    }

    @Override
    public int weight() {
        return 50;
    }

    @Override
    public Map<String, Object> schema() {
        if (fixedDigits != 0) {
            String digits = signed ? "^(?=.{%d}$)-?[0-9]+$" : "^[0-9]{%d}$";
            return Map.of("type", "string", "pattern", digits.formatted(fixedDigits));
        }
        Map<String, Object> schema = new TreeMap<>();
        if (min != Long.MIN_VALUE || !signed) {
            schema.put("minimum", signed ? min : Math.max(0, min));
        }
        if (max != Long.MAX_VALUE) {
            schema.put("maximum", max);
        }
        return schema;
    }

    @Override
    public Optional<Long> toValue(String text) {
        int start = signed && text.startsWith("-") ? 1 : 0;
        if (start == text.length() || (fixedDigits != 0 && text.length() != fixedDigits)) {
            return Optional.empty();
        }
        // Counted downwards, where the longs reach one farther.
        long value = 0;
        for (int i = start; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || value < (Long.MIN_VALUE + digit) / 10) {
                return Optional.empty();
            }
            value = 10 * value - digit;
        }
        if (start == 0) {
            if (value == Long.MIN_VALUE) {
                return Optional.empty();
            }
            value = -value;
        }
        return value >= min && value <= max ? Optional.of(value) : Optional.empty();
    }

    /// Any whole number, also one that a long can't hold. Of one with a fraction, what stands before the point, as in
    /// the original.
    @Override
    public String toUrl(Object value) {
        BigInteger number = whole(value);
        String digits = number.abs().toString();
        String sign = number.signum() < 0 ? "-" : "";
        return sign + "0".repeat(Math.max(0, fixedDigits - sign.length() - digits.length())) + digits;
    }

    private static BigInteger whole(Object value) {
        return switch (value) {
            case BigInteger number -> number;
            case Long _, Integer _, Short _, Byte _ -> BigInteger.valueOf(((Number) value).longValue());
            case Double _, Float _, BigDecimal _ -> {
                BigDecimal number = FloatConverter.decimal(value);
                if (number.precision() - (long) number.scale() > MAX_DIGITS) {
                    throw new IllegalArgumentException("no URL has a number of so many digits: " + value);
                }
                yield number.toBigInteger();
            }
            default -> new BigInteger(value.toString());
        };
    }
}
