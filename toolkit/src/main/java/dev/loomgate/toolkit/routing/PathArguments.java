package dev.loomgate.toolkit.routing;

import java.util.AbstractMap;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The values of a matched rule's variables, and its defaults: an immutable map with typed accessors.
public final class PathArguments extends AbstractMap<String, Object> {
    /// No values.
    public static final PathArguments NONE = new PathArguments(new String[0], new Object[0]);

    private final String[] names;
    private final Object[] values;

    PathArguments(String[] names, Object[] values) {
        this.names = names;
        this.values = values;
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return values[i];
            }
        }
        return null;
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return Arrays.asList(names).contains(name);
    }

    @Override
    public int size() {
        return names.length;
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        Map<String, Object> entries = LinkedHashMap.newLinkedHashMap(names.length);
        for (int i = 0; i < names.length; i++) {
            entries.put(names[i], values[i]);
        }
        return Collections.unmodifiableMap(entries).entrySet();
    }

    /// The value as text, whatever its type.
    ///
    /// @throws IllegalArgumentException if the rule has no such variable
    public String text(String name) {
        return String.valueOf(required(name));
    }

    /// The value of an `int` variable.
    ///
    /// @throws IllegalArgumentException if the rule has no such variable
    /// @throws ClassCastException if it isn't a whole number
    public long number(String name) {
        return (Long) required(name);
    }

    /// The value of a `float` variable.
    ///
    /// @throws IllegalArgumentException if the rule has no such variable
    /// @throws ClassCastException if it isn't one
    public double decimal(String name) {
        return (Double) required(name);
    }

    /// The value of a `uuid` variable.
    ///
    /// @throws IllegalArgumentException if the rule has no such variable
    /// @throws ClassCastException if it isn't one
    public UUID uuid(String name) {
        return (UUID) required(name);
    }

    private Object required(String name) {
        Object value = get(name);
        if (value == null) {
            throw new IllegalArgumentException("the rule has no variable <" + name + ">, only " + keySet());
        }
        return value;
    }
}
