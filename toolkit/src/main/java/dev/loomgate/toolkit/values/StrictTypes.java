package dev.loomgate.toolkit.values;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.std.DelegatingDeserializer;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;

/// What Jackson takes for a value of a type, and isn't: `"NaN"` for a number, 200 for a byte, Base64 for a UUID, and
/// `"+1"` as the key of a map.
public final class StrictTypes {
    private static final Set<Class<?>> NUMBERS =
            Set.of(byte.class, Byte.class, float.class, Float.class, double.class, Double.class);

    private static final List<Class<?>> KEYS =
            List.of(Byte.class, Short.class, Integer.class, Long.class, Float.class, Double.class, UUID.class);

    private StrictTypes() {}

    public static JacksonModule module() {
        SimpleModule module = new SimpleModule("strict types");
        module.setDeserializerModifier(new ValueDeserializerModifier() {
            private static final long serialVersionUID = 1;

            @Override
            public ValueDeserializer<?> modifyDeserializer(
                    DeserializationConfig config, BeanDescription.Supplier bean, ValueDeserializer<?> deserializer) {
                return NUMBERS.contains(deserializer.handledType()) ? new NumberOnly(deserializer) : deserializer;
            }
        });
        module.addDeserializer(UUID.class, new OfText<>(UUID.class));
        module.addDeserializer(OptionalDouble.class, new MaybeDouble());
        module.addDeserializer(double[].class, new DoublesOnly());
        module.addDeserializer(float[].class, new FloatsOnly());
        KEYS.forEach(type -> module.addKeyDeserializer(type, new Key(type)));
        return module;
    }

    /// Takes a number's own token, and no text.
    private static final class NumberOnly extends DelegatingDeserializer {
        NumberOnly(ValueDeserializer<?> inner) {
            super(inner);
        }

        @Override
        protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> inner) {
            return new NumberOnly(inner);
        }

        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context) {
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                return context.handleUnexpectedToken(handledType(), parser);
            }
            boolean isByte = handledType() == byte.class || handledType() == Byte.class;
            if (isByte && parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                int value = parser.getIntValue();
                if (value != (byte) value) {
                    throw context.weirdNumberException(value, handledType(), "out of range");
                }
            }
            return super.deserialize(parser, context);
        }
    }

    /// Takes what [Scalars] takes.
    private static final class OfText<T> extends StdScalarDeserializer<T> {
        private final Class<T> type;

        OfText(Class<T> type) {
            super(type);
            this.type = type;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                return type.cast(context.handleUnexpectedToken(type, parser));
            }
            String text = parser.getString();
            try {
                return type.cast(Scalars.parse(text, type));
            } catch (IllegalArgumentException e) {
                throw context.weirdStringException(text, type, String.valueOf(e.getMessage()));
            }
        }
    }

    private static final class MaybeDouble extends StdScalarDeserializer<OptionalDouble> {
        MaybeDouble() {
            super(OptionalDouble.class);
        }

        @Override
        public OptionalDouble deserialize(JsonParser parser, DeserializationContext context) {
            return parser.currentToken().isNumeric()
                    ? OptionalDouble.of(parser.getDoubleValue())
                    : (OptionalDouble) context.handleUnexpectedToken(OptionalDouble.class, parser);
        }

        @Override
        public OptionalDouble getNullValue(DeserializationContext context) {
            return OptionalDouble.empty();
        }

        @Override
        public OptionalDouble getAbsentValue(DeserializationContext context) {
            return OptionalDouble.empty();
        }
    }

    private static final class Key extends KeyDeserializer {
        private final Class<?> type;

        Key(Class<?> type) {
            this.type = type;
        }

        @Override
        public Object deserializeKey(String key, DeserializationContext context) {
            try {
                return Scalars.parse(key, type);
            } catch (IllegalArgumentException e) {
                throw context.weirdKeyException(type, key, String.valueOf(e.getMessage()));
            }
        }
    }

    private static List<Double> numbers(Class<?> type, JsonParser parser, DeserializationContext context) {
        List<Double> numbers = new ArrayList<>();
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            context.handleUnexpectedToken(type, parser);
        }
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            try {
                if (token == null || !token.isNumeric()) {
                    context.handleUnexpectedToken(type.componentType(), parser);
                }
                numbers.add(type == float[].class ? (double) parser.getFloatValue() : parser.getDoubleValue());
            } catch (JacksonException e) {
                throw e.prependPath(numbers, numbers.size());
            }
        }
        return numbers;
    }

    private static final class DoublesOnly extends StdScalarDeserializer<double[]> {
        DoublesOnly() {
            super(double[].class);
        }

        @Override
        public double[] deserialize(JsonParser parser, DeserializationContext context) {
            return numbers(double[].class, parser, context).stream()
                    .mapToDouble(Double::doubleValue)
                    .toArray();
        }
    }

    private static final class FloatsOnly extends StdScalarDeserializer<float[]> {
        FloatsOnly() {
            super(float[].class);
        }

        @Override
        public float[] deserialize(JsonParser parser, DeserializationContext context) {
            List<Double> numbers = numbers(float[].class, parser, context);
            float[] floats = new float[numbers.size()];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = numbers.get(i).floatValue();
            }
            return floats;
        }
    }
}
