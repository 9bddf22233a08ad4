package dev.loomgate.openapi;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A type without variables and wildcards: `Page<User>` of a component `Page<T>`.
///
/// @param arguments those of a generic class; of an array its elements' type
record ValueType(Class<?> raw, List<ValueType> arguments) {
    static final ValueType ANY = new ValueType(Object.class, List.of());

    // A record that has itself with ever longer arguments has no end.
    private static final int MAX_DEPTH = 8;

    static ValueType of(Type type) {
        return of(type, Map.of());
    }

    private static ValueType of(Type type, Map<TypeVariable<?>, ValueType> known) {
        return switch (type) {
            case Class<?> array when array.isArray() -> new ValueType(array, List.of(of(array.componentType(), known)));
            case Class<?> plain -> new ValueType(plain, List.of());
            case ParameterizedType generic ->
                new ValueType(
                                (Class<?>) generic.getRawType(),
                                Arrays.stream(generic.getActualTypeArguments())
                                        .map(argument -> of(argument, known))
                                        .toList())
                        .bounded();
            case GenericArrayType array -> {
                ValueType element = of(array.getGenericComponentType(), known);
                yield new ValueType(element.raw().arrayType(), List.of(element));
            }
            case WildcardType wildcard -> of(wildcard.getUpperBounds()[0], known);
            case TypeVariable<?> variable -> known.getOrDefault(variable, ANY);
            default -> ANY;
        };
    }

    private ValueType bounded() {
        return depth() > MAX_DEPTH ? ANY : this;
    }

    private int depth() {
        return 1 + arguments.stream().mapToInt(ValueType::depth).max().orElse(0);
    }

    /// The type of one of a record's components.
    ValueType of(RecordComponent component) {
        Map<TypeVariable<?>, ValueType> known = new HashMap<>();
        TypeVariable<?>[] variables = raw.getTypeParameters();
        for (int i = 0; i < variables.length; i++) {
            known.put(variables[i], argument(i));
        }
        return of(component.getGenericType(), known);
    }

    /// An argument; any type where it isn't known.
    ValueType argument(int i) {
        return i < arguments.size() ? arguments.get(i) : ANY;
    }

    boolean is(Class<?> type) {
        return type.isAssignableFrom(raw);
    }
}
