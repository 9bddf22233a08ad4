package dev.loomgate.toolkit;

import dev.loomgate.toolkit.exceptions.BadRequest;
import dev.loomgate.toolkit.exceptions.BadRequestKeyError;
import dev.loomgate.toolkit.values.Faults;
import dev.loomgate.toolkit.values.Scalars;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Values by name, where a name may have several: what a query, a form or a Cookie header is. Ordered and
/// immutable.
///
/// ```java
/// request.args().get("name", "World!")             // the first value, or this
/// request.args().get("page", int.class, 1)          // converted, or this where it is missing or no number
/// request.args().get("day", LocalDate::parse, today)
/// request.args().all("tag")                         // every value
/// request.form().required("email")                  // or 400
/// ```
public final class MultiMap<V> {
    private static final MultiMap<?> EMPTY = new MultiMap<>(new String[0], new Object[0], 0);

    // A scan beats a hash for the few names of a usual query; a form may have thousands.
    private static final int SCANNED = 16;

    private final String[] names;
    private final Object[] values;
    private final int size;
    private @Nullable Map<String, List<V>> index;

    private MultiMap(String[] names, Object[] values, int size) {
        this.names = names;
        this.values = values;
        this.size = size;
    }

    /// A map without values.
    @SuppressWarnings("unchecked")
    public static <V> MultiMap<V> empty() {
        return (MultiMap<V>) EMPTY;
    }

    /// Alternating names and values.
    ///
    /// @throws IllegalArgumentException if their number is odd
    public static MultiMap<String> of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("names and values must come in pairs, not " + namesAndValues.length);
        }
        Builder<String> builder = new Builder<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    public static <V> Builder<V> builder() {
        return new Builder<>();
    }

    /// The first value of that name.
    public Optional<V> first(String name) {
        return Optional.ofNullable(firstOrNull(name));
    }

    /// The first value of that name, or `otherwise`.
    public V get(String name, V otherwise) {
        V value = firstOrNull(name);
        return value == null ? otherwise : value;
    }

    /// The first value of that name, converted; or `otherwise` if there is none, or it is none of the type. Numbers
    /// are strict: ASCII digits that the type can hold, with nothing around them, where a `Integer::valueOf` takes
    /// `+1` and `\u0661`.
    ///
    /// @param type a primitive type or its box, BigInteger, BigDecimal, String, UUID, URI, an enum, or one of
    /// java.time
    /// @throws IllegalArgumentException if the type is none of these
    public <T> T get(String name, Class<T> type, T otherwise) {
        checkKnown(type);
        return get(name, value -> Scalars.boxed(type).cast(Scalars.parse(String.valueOf(value), type)), otherwise);
    }

    /// The first value of that name, converted; or `otherwise` if there is none, or `type` can't read it: it throws an
    /// [IllegalArgumentException], as a [NumberFormatException] is, a [java.time.DateTimeException], an
    /// [ArithmeticException] or an [IndexOutOfBoundsException].
    public <T> T get(String name, Function<? super V, ? extends T> type, T otherwise) {
        V value = firstOrNull(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return type.apply(value);
        } catch (RuntimeException e) {
            if (!Scalars.isUnreadable(e)) {
                throw e;
            }
            return otherwise;
        }
    }

    /// The first value of that name.
    ///
    /// @throws BadRequestKeyError if there is none: a 400, unless it is caught
    public V required(String name) {
        V value = firstOrNull(name);
        if (value == null) {
            throw new BadRequestKeyError(name);
        }
        return value;
    }

    /// The first value of that name, converted as by [#get(String, Class, Object)]; empty if there is none.
    ///
    /// @throws BadRequest if it is none of the type: a 400 that names it
    /// @throws IllegalArgumentException if a text can't be made into the type
    public <T> Optional<T> value(String name, Class<T> type) {
        return first(name).map(value -> converted(name, value, type));
    }

    /// The first value of that name, converted as by [#get(String, Class, Object)].
    ///
    /// @throws BadRequestKeyError if there is none: a 400, unless it is caught
    /// @throws BadRequest if it is none of the type: a 400 that names it
    /// @throws IllegalArgumentException if a text can't be made into the type
    public <T> T required(String name, Class<T> type) {
        return converted(name, required(name), type);
    }

    private static <T> T converted(String name, Object value, Class<T> type) {
        checkKnown(type);
        Faults faults = new Faults(Faults.Input.QUERY);
        return Scalars.boxed(type)
                .cast(faults.parsed(name, String.valueOf(value), type).orElseThrow(faults::answer));
    }

    private static void checkKnown(Class<?> type) {
        if (!Scalars.knows(type)) {
            throw new IllegalArgumentException("a text is no " + type.getName() + ": convert it by a function");
        }
    }

    /// All values of that name, in order; an empty list if there is none.
    public List<V> all(String name) {
        return toMap().getOrDefault(name, List.of());
    }

    public boolean contains(String name) {
        return firstOrNull(name) != null;
    }

    /// The names, each once, in order.
    public Set<String> names() {
        return Collections.unmodifiableSet(
                new LinkedHashSet<>(Arrays.asList(names).subList(0, size)));
    }

    /// The number of values, over all names.
    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /// Calls `action` for each pair in order.
    public void forEach(BiConsumer<? super String, ? super V> action) {
        for (int i = 0; i < size; i++) {
            action.accept(names[i], value(i));
        }
    }

    /// The values by their names; immutable.
    public Map<String, List<V>> toMap() {
        Map<String, List<V>> known = index;
        if (known == null) {
            Map<String, List<V>> lists = new LinkedHashMap<>();
            forEach((name, value) ->
                    lists.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value));
            lists.replaceAll((_, list) -> Collections.unmodifiableList(list));
            known = Collections.unmodifiableMap(lists);
            index = known;
        }
        return known;
    }

    private @Nullable V firstOrNull(String name) {
        if (size > SCANNED) {
            List<V> all = toMap().get(name);
            return all == null ? null : all.getFirst();
        }
        for (int i = 0; i < size; i++) {
            if (names[i].equals(name)) {
                return value(i);
            }
        }
        return null;
    }

    @SuppressWarnings("unchecked")
    private V value(int i) {
        return (V) values[i];
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MultiMap<?> that
                && Arrays.equals(names, 0, size, that.names, 0, that.size)
                && Arrays.equals(values, 0, size, that.values, 0, that.size);
    }

    @Override
    public int hashCode() {
        return toMap().hashCode();
    }

    @Override
    public String toString() {
        return toMap().toString();
    }

    /// Collects pairs.
    public static final class Builder<V> {
        private String[] names = new String[4];
        private Object[] values = new Object[4];
        private int size;

        private Builder() {}

        public Builder<V> add(String name, V value) {
            if (size == names.length) {
                names = Arrays.copyOf(names, 2 * size);
                values = Arrays.copyOf(values, 2 * size);
            }
            names[size] = name;
            values[size++] = value;
            return this;
        }

        /// The map. The builder must not be used any more.
        public MultiMap<V> build() {
            return size == 0 ? empty() : new MultiMap<>(names, values, size);
        }
    }
}
