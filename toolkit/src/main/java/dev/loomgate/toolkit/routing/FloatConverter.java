package dev.loomgate.toolkit.routing;

import java.math.BigDecimal;
import java.util.Optional;

/// `float`: a number with a point in ASCII digits, such as `1.5`.
final class FloatConverter implements Converter<Double> {
    private final double min;
    private final double max;
    private final boolean signed;

    FloatConverter(ConverterArguments arguments) {
        arguments.only("min", "max", "signed");
        min = arguments.decimal("min").orElse(Double.NEGATIVE_INFINITY);
        max = arguments.decimal("max").orElse(Double.POSITIVE_INFINITY);
        signed = arguments.flag("signed");
    }

    @Override
    public Class<?> type() {
        return Double.class;
    }

    @Override
    public String regex() {
        return signed ? "-?[0-9]+\\.[0-9]+" : "[0-9]+\\.[0-9]+";
    }

    @Override
    public int weight() {
        return 50;
    }

    @Override
    public Optional<Double> toValue(String text) {
        double value = Double.parseDouble(text);
        return value >= min && value <= max ? Optional.of(value) : Optional.empty();
    }

    /// Never with an exponent, which this converter couldn't read.
    @Override
    public String toUrl(Object value) {
        double number = value instanceof Number n ? n.doubleValue() : Double.parseDouble(String.valueOf(value));
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("no URL has the number " + number);
        }
        String digits = BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
        return digits.indexOf('.') < 0 ? digits + ".0" : digits;
    }
}
