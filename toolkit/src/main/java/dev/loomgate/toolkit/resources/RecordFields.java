package dev.loomgate.toolkit.resources;

import dev.loomgate.toolkit.MultiMap;
import dev.loomgate.toolkit.UploadedFile;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.resources.RecordShape.Component;
import dev.loomgate.toolkit.values.Scalars;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes a record from texts by their names: a form's fields, or a query's parameters.
///
/// A component has its text, converted; an Optional the first one, if there is any; a List all of them. A boolean that
/// isn't there is false, as of a box that isn't ticked.
final class RecordFields {
    private final RecordShape shape;
    private final Function<String, HttpException> missing;
    private final Function<String, HttpException> wrong;

    /// @param missing what answers a request that lacks the value of that name
    /// @param wrong what answers a value that is none of its type, with a sentence that says so
    RecordFields(RecordShape shape, Function<String, HttpException> missing, Function<String, HttpException> wrong) {
        this.shape = shape;
        this.missing = missing;
        this.wrong = wrong;
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

    /// The components' values, in their order.
    ///
    /// @throws HttpException if one is missing, or none of its type
    @Nullable
    Object[] values(MultiMap<String> texts, MultiMap<UploadedFile> files) {
        List<Component> components = shape.components();
        @Nullable Object[] values = new Object[components.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(components.get(i), texts, files);
        }
        return values;
    }

    private @Nullable Object value(Component component, MultiMap<String> texts, MultiMap<UploadedFile> files) {
        String name = component.name();
        if (component.generic() instanceof ParameterizedType generic) {
            Class<?> element = (Class<?>) generic.getActualTypeArguments()[0];
            List<?> all = element == UploadedFile.class
                    ? files.all(name)
                    : texts.all(name).stream()
                            .map(text -> value(name, text, element))
                            .toList();
            return component.type() == List.class ? all : all.stream().findFirst();
        }
        Optional<?> value = component.type() == UploadedFile.class
                ? files.first(name)
                : texts.first(name).map(text -> value(name, text, component.type()));
        if (value.isPresent()) {
            return value.get();
        }
        if (component.type() == boolean.class) {
            return false;
        }
        if (component.mayBeNull()) {
            return null;
        }
        throw missing.apply(name);
    }

    private Object value(String name, String text, Class<?> type) {
        try {
            return Scalars.parse(text, type);
        } catch (IllegalArgumentException e) {
            throw wrong.apply("The value for \"" + name + "\" is " + e.getMessage() + ".");
        }
    }
}
