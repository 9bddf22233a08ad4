package dev.loomgate.python.states;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A life as a table: which event may happen in which state, and which state follows.
///
/// What isn't in the table can't happen. If it does, that is a defect, which [#after] tells with both names.
///
/// ```java
/// static final Transitions<Light, Press> TABLE = new Transitions<>("a light", Light.class, Press.class)
///         .on(Light.OFF, Press.SWITCH, Light.ON)
///         .on(Light.ON, Press.SWITCH, Light.OFF);
/// ```
final class Transitions<S extends Enum<S>, E extends Enum<E>> {
    private final String what;
    private final Class<E> events;
    private final Map<S, Map<E, S>> table;

    /// @param what the owner of such a state, for the message: `a call`
    Transitions(String what, Class<S> states, Class<E> events) {
        this.what = what;
        this.events = events;
        this.table = new EnumMap<>(states);
    }

    /// Adds a row, while the table is made.
    ///
    /// @throws IllegalStateException if there is one already for this state and event
    Transitions<S, E> on(S state, E event, S next) {
        S before = table.computeIfAbsent(state, key -> new EnumMap<>(events)).put(event, next);
        if (before != null) {
            throw new IllegalStateException("%s has two rows for %s in %s".formatted(what, event, state));
        }
        return this;
    }

    /// The state after an event.
    ///
    /// @throws IllegalStateException if the event isn't allowed in the state
    S after(S state, E event) {
        Map<E, S> row = table.get(state);
        @Nullable S next = row == null ? null : row.get(event);
        if (next == null) {
            throw new IllegalStateException("%s can't be %s in the state %s".formatted(what, event, state));
        }
        return next;
    }
}
