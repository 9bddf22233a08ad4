package dev.loomgate.cli.options.table;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What options have been given, and with which values. Used by one thread.
public final class OptionValues {
    private final Map<Option<?>, Object> given = new HashMap<>();

    /// @param value of the option's type; null takes it away
    void put(Option<?> option, @Nullable Object value) {
        if (value == null) {
            given.remove(option);
        } else {
            given.put(option, value);
        }
    }

    /// The value that was given.
    @SuppressWarnings("unchecked") // `put` has the option's type
    public <T> Optional<T> given(Option<T> option) {
        return Optional.ofNullable((T) given.get(option));
    }

    /// Those that were given and are about what a process has once.
    public List<Option<?>> givenOfProcess() {
        return given.keySet().stream()
                .filter(Option::isOfProcess)
                .sorted(Comparator.comparing(Option::longName))
                .toList();
    }

    /// The value that was given, or the default.
    ///
    /// @throws IllegalStateException if there is neither
    public <T> T of(Option<T> option) {
        return given(option).orElseGet(option::standard);
    }

    /// Sets what was given, and such a builder sets.
    public void applyTo(Object builder) {
        for (Option<?> option : given.keySet()) {
            apply(option, builder);
        }
    }

    private <T> void apply(Option<T> option, Object builder) {
        given(option).ifPresent(value -> option.apply(builder, value));
    }
}
