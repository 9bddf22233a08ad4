package dev.loomgate.toolkit.resources;

import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.UploadedFile;
import dev.loomgate.toolkit.exceptions.UnprocessableEntity;
import dev.loomgate.toolkit.exceptions.UnsupportedMediaType;
import dev.loomgate.toolkit.records.Components;
import dev.loomgate.toolkit.resources.RecordShape.Component;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes a record from a request's body: from JSON, or from a form's fields by their names.
///
/// What the client must have sent is there: a component that isn't declared nullable or Optional. What it may have
/// sent is the record's own business: its constructor throws an IllegalArgumentException, whose message the client
/// sees.
final class BodyRecord {
    private static final Set<String> TRUE = Set.of("true", "on", "yes", "1");
    private static final Set<String> FALSE = Set.of("false", "off", "no", "0", "");

    private final RecordShape shape;
    private final boolean formable;

    BodyRecord(RecordShape shape) {
        this.shape = shape;
        formable = shape.components().stream().allMatch(component -> isFormable(component.generic()));
    }

    private static boolean isFormable(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type argument = generic.getActualTypeArguments()[0];
            return (generic.getRawType() == List.class || generic.getRawType() == Optional.class)
                    && argument instanceof Class<?>
                    && isFormable(argument);
        }
        return type instanceof Class<?> raw
                && (raw.isEnum()
                        || Set.of(
                                        String.class,
                                        UploadedFile.class,
                                        UUID.class,
                                        int.class,
                                        Integer.class,
                                        long.class,
                                        Long.class,
                                        double.class,
                                        Double.class,
                                        boolean.class,
                                        Boolean.class)
                                .contains(raw));
    }

    /// @throws UnsupportedMediaType if the body is neither
    /// @throws UnprocessableEntity if a value is missing, or refused
    Object read(Request request) {
        if (request.isJson()) {
            return request.json(shape.type());
        }
        boolean form = request.mimetype().equals("multipart/form-data")
                || request.mimetype().equals("application/x-www-form-urlencoded");
        if (!form || !formable) {
            throw new UnsupportedMediaType(
                    "The request's body must be JSON" + (formable ? ", or a form." : ", of type application/json."));
        }
        List<Component> components = shape.components();
        Object[] values = new Object[components.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(request, components.get(i));
        }
        return shape.create(values);
    }

    private static @Nullable Object value(Request request, Component component) {
        String name = component.name();
        if (component.generic() instanceof ParameterizedType generic) {
            Class<?> element = (Class<?>) generic.getActualTypeArguments()[0];
            List<?> all = element == UploadedFile.class
                    ? request.files().all(name)
                    : request.form().all(name).stream()
                            .map(text -> value(name, text, element))
                            .toList();
            return component.type() == List.class ? all : all.stream().findFirst();
        }
        Optional<?> value = component.type() == UploadedFile.class
                ? request.files().first(name)
                : request.form().first(name).map(text -> value(name, text, component.type()));
        if (value.isPresent()) {
            return value.get();
        }
        if (component.type() == boolean.class) {
            // A box that isn't ticked isn't sent.
            return false;
        }
        if (component.mayBeNull()) {
            return null;
        }
        throw Components.missing(name);
    }

    private static Object value(String name, String text, Class<?> type) {
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .filter(constant -> constant.toString().equalsIgnoreCase(text)
                            || ((Enum<?>) constant).name().equalsIgnoreCase(text))
                    .findFirst()
                    .orElseThrow(() -> wrong(name, "none of " + Arrays.toString(type.getEnumConstants())));
        }
        try {
            return switch (type.getSimpleName()) {
                case "int", "Integer" -> (Object) Integer.parseInt(text.strip());
                case "long", "Long" -> Long.parseLong(text.strip());
                case "double", "Double" -> Double.parseDouble(text.strip());
                case "boolean", "Boolean" -> truth(name, text);
                case "UUID" -> UUID.fromString(text.strip());
                default -> text;
            };
        } catch (IllegalArgumentException e) {
            throw wrong(name, type == UUID.class ? "no UUID" : "no number, or too large");
        }
    }

    private static boolean truth(String name, String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (!TRUE.contains(word) && !FALSE.contains(word)) {
            throw wrong(name, "neither true nor false");
        }
        return TRUE.contains(word);
    }

    private static UnprocessableEntity wrong(String name, String what) {
        return new UnprocessableEntity("The value for \"" + name + "\" is " + what + ".");
    }
}
