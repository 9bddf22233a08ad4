package dev.loomgate.toolkit.values;

import dev.loomgate.toolkit.values.RecordShape.Component;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Makes a record from texts by their names, wherever they are from.
///
/// A component has its text, converted; an Optional the first one, if there is any; a List all of them.
/// A boolean that isn't there is false, as of a box that isn't ticked.
public final class RecordReader {
    private RecordReader() {}

    /// Where the values are: texts, or values that are none and are taken as they are.
    public interface Source {
        /// The first value of that name.
        ///
        /// @param type what it is to become
        Optional<?> first(String name, Class<?> type);

        /// All values of that name, in order.
        ///
        /// @param type what each is to become
        List<?> all(String name, Class<?> type);
    }

    /// The names of the components that can't be made.
    ///
    /// @param others the types that can be made besides those that [Scalars] knows
    public static List<String> strangers(RecordShape shape, Predicate<Class<?>> others) {
        return shape.components().stream()
                .filter(component -> !canBe(component.generic(), others))
                .map(Component::name)
                .toList();
    }

    private static boolean canBe(Type type, Predicate<Class<?>> others) {
        if (type instanceof ParameterizedType generic) {
            Type argument = generic.getActualTypeArguments()[0];
            return (generic.getRawType() == List.class || generic.getRawType() == Optional.class)
                    && argument instanceof Class<?>
                    && canBe(argument, others);
        }
        return type instanceof Class<?> raw && (others.test(raw) || Scalars.knows(raw));
    }

    /// The type of a component's value, or of each of its values.
    public static Class<?> element(Component component) {
        return component.generic() instanceof ParameterizedType generic
                ? (Class<?>) generic.getActualTypeArguments()[0]
                : component.type();
    }

    /// The record.
    ///
    /// @param shape one without [#strangers]
    /// @throws RuntimeException the faults', if values are missing, none of their type, or refused by
    /// the record's constructor
    public static Record read(RecordShape shape, Source source, TextFaults faults) {
        List<Component> components = shape.components();
        @Nullable Object[] values = new Object[components.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(components.get(i), source, faults);
        }
        faults.check();
        return shape.create(values, faults::refusal);
    }

    private static @Nullable Object value(Component component, Source source, TextFaults faults) {
        String name = faults.named(component.name());
        Class<?> element = element(component);
        if (component.generic() instanceof ParameterizedType) {
            List<?> all = source.all(name, element).stream()
                    .flatMap(given -> converted(name, given, element, faults).stream())
                    .toList();
            return component.type() == List.class ? all : all.stream().findFirst();
        }
        Optional<?> given = source.first(name, element);
        if (given.isPresent()) {
            return converted(name, given.get(), element, faults).orElse(null);
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

    private static Optional<Object> converted(String name, Object given, Class<?> type, TextFaults faults) {
        return given instanceof String text ? faults.parsed(name, text, type) : Optional.of(given);
    }
}
