package dev.loomgate.toolkit.values;

import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// Which components of a record must have a value: all but those that are declared nullable or Optional.
public final class Components {
    private static final Set<Class<?>> OPTIONALS =
            Set.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);

    private Components() {}

    /// Whether the component may be left out, or null.
    public static boolean mayBeNull(RecordComponent component) {
        return OPTIONALS.contains(component.getType()) || isNullable(component.getAnnotatedType());
    }

    /// Whether the elements of a component that is a list, an array or the like may be null: where they are
    /// declared nullable, and where nothing is said of them, as in a `Map<String, Object>`.
    public static boolean mayHoldNull(RecordComponent component) {
        AnnotatedType element =
                switch (component.getAnnotatedType()) {
                    case AnnotatedArrayType array -> array.getAnnotatedGenericComponentType();
                    case AnnotatedParameterizedType generic ->
                        // Of a map, the values.
                        generic.getAnnotatedActualTypeArguments()[generic.getAnnotatedActualTypeArguments().length - 1];
                    default -> null;
                };
        return element == null || element.getType() == Object.class || isNullable(element);
    }

    // By its name: which library it is of doesn't matter, and none need be there.
    private static boolean isNullable(AnnotatedType type) {
        return Arrays.stream(type.getAnnotations())
                .anyMatch(annotation ->
                        annotation.annotationType().getSimpleName().equals("Nullable"));
    }
}
