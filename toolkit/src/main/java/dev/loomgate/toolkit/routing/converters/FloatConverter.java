package dev.loomgate.toolkit.routing.converters;

import dev.loomgate.toolkit.syntax.PlainNumber;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// `float`: a number with a point in ASCII digits, such as `1.5`. One that is larger than any double is none.
final class FloatConverter implements Converter<Double> {
    // The order of a double's largest value, and of its smallest.
    private static final int MAX_EXPONENT = 400;

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
    public Map<String, Object> schema() {
        Map<String, Object> schema = new TreeMap<>();
        if (Double.isFinite(min) || !signed) {
            schema.put("minimum", signed ? min : Math.max(0, min));
        }
        if (Double.isFinite(max)) {
            schema.put("maximum", max);
        }
        return schema;
    }

    @Override
    public Optional<Double> toValue(String text) {
        double value = Double.parseDouble(text);
        return Double.isFinite(value) && value >= min && value <= max ? Optional.of(value) : Optional.empty();
    }

    /// Never with an exponent, which this converter couldn't read.
    @Override
    public String toUrl(Object value) {
        BigDecimal number = decimal(value);
        if (Math.abs((long) number.precision() - number.scale()) > MAX_EXPONENT) {
            throw new IllegalArgumentException("no URL has the number " + value);
        }
        return PlainNumber.of(number);
    }

    /// @throws IllegalArgumentException if it is no number, or not a finite one
    static BigDecimal decimal(Object value) {
        try {
            return new BigDecimal(value.toString());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("no URL has the number " + value, e);
        }
    }
}
