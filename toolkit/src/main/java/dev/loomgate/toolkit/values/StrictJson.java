package dev.loomgate.toolkit.values;

import java.math.BigDecimal;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.util.JsonParserDelegate;

/// JSON whose numbers are those that Java's types can hold: `1e400` is no double, and `1e1000000000` none that anybody
/// could calculate with. Whatever reads a number asks here, for a record's component, an array, or an untyped map.
public final class StrictJson extends JsonParserDelegate {
    public StrictJson(JsonParser inner) {
        super(inner);
    }

    @Override
    public double getDoubleValue() {
        return finite(delegate.getDoubleValue(), double.class);
    }

    @Override
    public float getFloatValue() {
        float value = delegate.getFloatValue();
        finite(value, float.class);
        return value;
    }

    @Override
    public BigDecimal getDecimalValue() {
        return bounded(delegate.getDecimalValue());
    }

    @Override
    public Number getNumberValue() {
        return checked(delegate.getNumberValue());
    }

    @Override
    public Number getNumberValueExact() {
        return checked(delegate.getNumberValueExact());
    }

    private Number checked(Number value) {
        return switch (value) {
            case Double number -> finite(number, double.class);
            case Float number -> {
                finite(number, float.class);
                yield number;
            }
            case BigDecimal number -> bounded(number);
            default -> value;
        };
    }

    private double finite(double value, Class<?> type) {
        if (!Double.isFinite(value)) {
            throw outOfRange(type);
        }
        return value;
    }

    private BigDecimal bounded(BigDecimal value) {
        try {
            return Scalars.bounded(value);
        } catch (ArithmeticException e) {
            throw outOfRange(BigDecimal.class);
        }
    }

    private InputCoercionException outOfRange(Class<?> type) {
        return new InputCoercionException(this, "number out of range", currentToken(), type);
    }
}
