package dev.loomgate.toolkit.resources;

import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.UploadedFile;
import dev.loomgate.toolkit.exceptions.UnprocessableEntity;
import dev.loomgate.toolkit.exceptions.UnsupportedMediaType;
import dev.loomgate.toolkit.resources.RecordShape.Component;
import dev.loomgate.toolkit.values.Components;
import dev.loomgate.toolkit.values.Scalars;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes a record from a request's body: from JSON, or from a form's fields by their names.
///
/// What the client must have sent is there: a component that isn't declared nullable or Optional. What it may have
/// sent is the record's own business: its constructor throws an IllegalArgumentException, a DateTimeException or an
/// ArithmeticException, whose message the client sees.
final class BodyRecord {
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
        return type instanceof Class<?> raw && (raw == UploadedFile.class || Scalars.knows(raw));
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
        try {
            return Scalars.parse(text, type);
        } catch (IllegalArgumentException e) {
            throw new UnprocessableEntity("The value for \"" + name + "\" is " + e.getMessage() + ".");
        }
    }
}
