package dev.loomgate.toolkit.values;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A record class, ready to be made and looked at.
public final class RecordShape {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    /// @param mayBeNull whether it is declared to be
    public record Component(
            String name, Class<?> type, java.lang.reflect.Type generic, boolean mayBeNull, MethodHandle accessor) {}

    private final Class<?> type;
    private final MethodHandle constructor;
    private final MethodHandle fromArray; // (Object[])Record
    private final List<Component> components = new ArrayList<>();

    private RecordShape(Class<?> type) throws ReflectiveOperationException {
        this.type = type;
        RecordShape.class.getModule().addReads(type.getModule());
        MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, LOOKUP);
        RecordComponent[] declared = type.getRecordComponents();
        Class<?>[] types = Arrays.stream(declared).map(RecordComponent::getType).toArray(Class<?>[]::new);
        constructor = lookup.unreflectConstructor(type.getDeclaredConstructor(types));
        fromArray = constructor
                .asSpreader(Object[].class, types.length)
                .asType(MethodType.methodType(Record.class, Object[].class));
        for (RecordComponent component : declared) {
            components.add(new Component(
                    component.getName(),
                    component.getType(),
                    component.getGenericType(),
                    Components.mayBeNull(component),
                    lookup.unreflect(component.getAccessor())));
        }
    }

    /// @throws ReflectiveOperationException if it isn't accessible
    public static RecordShape of(Class<?> type) throws ReflectiveOperationException {
        return new RecordShape(type);
    }

    public Class<?> type() {
        return type;
    }

    public MethodHandle constructor() {
        return constructor;
    }

    public List<Component> components() {
        return components;
    }

    /// A record of these values.
    ///
    /// @param refused what is thrown if the constructor refuses them, as by an IllegalArgumentException
    public Record create(@Nullable Object[] values, Function<RuntimeException, ? extends RuntimeException> refused) {
        try {
            return (Record) fromArray.invokeExact(values);
        } catch (RuntimeException e) {
            throw Scalars.isRefusal(e) ? refused.apply(e) : e;
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(type.getName() + " threw a checked exception", e);
        }
    }
}
