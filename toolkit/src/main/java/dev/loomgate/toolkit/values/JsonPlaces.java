package dev.loomgate.toolkit.values;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where in JSON the values of a record are. A component has its own name there, or that of its `@JsonProperty`.
final class JsonPlaces {
    private JsonPlaces() {}

    /// A JSON pointer.
    ///
    /// @param root the record's class
    /// @param path from there: components and keys of maps by name, places in lists as numbers
    static String pointer(Class<?> root, List<?> path) {
        StringBuilder pointer = new StringBuilder();
        Type at = root;
        for (Object step : path) {
            RecordComponent component = component(at, step);
            pointer.append(JsonFaults.step(component == null ? step.toString() : name(component)));
            at = content(component == null ? element(at) : component.getGenericType());
        }
        return pointer.toString();
    }

    private static @Nullable RecordComponent component(@Nullable Type at, Object name) {
        Type raw = at instanceof ParameterizedType generic ? generic.getRawType() : at;
        return raw instanceof Class<?> type && type.isRecord()
                ? Arrays.stream(type.getRecordComponents())
                        .filter(component -> component.getName().equals(name))
                        .findFirst()
                        .orElse(null)
                : null;
    }

    private static String name(RecordComponent component) {
        JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
        return property == null || property.value().isEmpty() ? component.getName() : property.value();
    }

    /// What a list, a map or an array has in it; null if that isn't known.
    private static @Nullable Type element(@Nullable Type container) {
        return switch (container) {
            // Of a map, the values.
            case ParameterizedType generic ->
                generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            case GenericArrayType array -> array.getGenericComponentType();
            case Class<?> array -> array.getComponentType();
            case null, default -> null;
        };
    }

    /// Of an Optional, what may be in it.
    private static @Nullable Type content(@Nullable Type type) {
        return type instanceof ParameterizedType generic && generic.getRawType() == Optional.class
                ? element(generic)
                : type;
    }
}
