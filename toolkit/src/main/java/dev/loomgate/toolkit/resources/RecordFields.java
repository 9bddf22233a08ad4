package dev.loomgate.toolkit.resources;

import dev.loomgate.toolkit.MultiMap;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.UploadedFile;
import dev.loomgate.toolkit.resources.RecordShape.Component;
import dev.loomgate.toolkit.values.Faults;
import dev.loomgate.toolkit.values.Scalars;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes a record from texts by their names: a form's fields, a query's parameters, or header fields.
///
/// A component has its text, converted; an Optional the first one, if there is any; a List all of them. A boolean that
/// isn't there is false, as of a box that isn't ticked.
final class RecordFields {
    private final RecordShape shape;
    private final Faults.Input input;

    /// @param input what the texts are of
    RecordFields(RecordShape shape, Faults.Input input) {
        this.shape = shape;
        this.input = input;
    }

    /// Whether texts can be made into all of the components.
    ///
    /// @param files whether there may be uploaded files among them
    static boolean canMake(RecordShape shape, boolean files) {
        return shape.components().stream().allMatch(component -> canBe(component.generic(), files));
    }

    private static boolean canBe(Type type, boolean files) {
        if (type instanceof ParameterizedType generic) {
            Type argument = generic.getActualTypeArguments()[0];
            return (generic.getRawType() == List.class || generic.getRawType() == Optional.class)
                    && argument instanceof Class<?>
                    && canBe(argument, files);
        }
        return type instanceof Class<?> raw && ((files && raw == UploadedFile.class) || Scalars.knows(raw));
    }

    /// The record.
    ///
    /// @param request whose validator looks at the record
    /// @throws dev.loomgate.toolkit.exceptions.HttpException if values are missing, none of their type, or refused
    /// by the record's constructor or the validator; it tells of all of them
    Object read(Request request, MultiMap<String> texts, MultiMap<UploadedFile> files) {
        Faults faults = new Faults(input);
        List<Component> components = shape.components();
        @Nullable Object[] values = new Object[components.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(components.get(i), texts, files, faults);
        }
        faults.check();
        Record made = shape.create(values, e -> {
            faults.refused("", e);
            return faults.answer();
        });
        request.violations(made)
                .forEach(violation -> faults.violated(shape.type(), violation.path(), violation.message()));
        faults.check();
        return made;
    }

    private @Nullable Object value(
            Component component, MultiMap<String> texts, MultiMap<UploadedFile> files, Faults faults) {
        String name = input.named(component.name());
        if (component.generic() instanceof ParameterizedType generic) {
            Class<?> element = (Class<?>) generic.getActualTypeArguments()[0];
            List<?> all = element == UploadedFile.class
                    ? files.all(name)
                    : texts.all(name).stream()
                            .flatMap(text -> faults.parsed(name, text, element).stream())
                            .toList();
            return component.type() == List.class ? all : all.stream().findFirst();
        }
        Optional<?> given = component.type() == UploadedFile.class ? files.first(name) : texts.first(name);
        if (given.isPresent()) {
            return given.get() instanceof String text
                    ? faults.parsed(name, text, component.type()).orElse(null)
                    : given.get();
        }
        if (component.type() == boolean.class) {
            return false;
        }
        if (component.mayBeNull()) {
            return null;
        }
        faults.missing(name);
        return null;
    }
}
