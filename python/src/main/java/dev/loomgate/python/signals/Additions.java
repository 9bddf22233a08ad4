package dev.loomgate.python.signals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a program has added of one kind, timers say: at most 64, as in uWSGI. Loop side only.
///
/// With lazy apps each worker imports the program, and so adds what it adds: what another process has added already
/// isn't new. What one process adds twice is there twice.
///
/// @param <E> a value
final class Additions<E> {
    static final int MOST = 64;

    private final String kind;
    private final String function;
    private final List<E> all = new ArrayList<>();
    private final Map<Object, Map<E, Integer>> byProcess = new HashMap<>();

    /// @param kind of the entries, in messages: `timers`
    /// @param function that adds one
    Additions(String kind, String function) {
        this.kind = kind;
        this.function = function;
    }

    List<E> all() {
        return all;
    }

    /// @return whether it is new
    /// @throws IllegalArgumentException if there are as many as there may be
    boolean add(Object process, E entry) {
        Map<E, Integer> own = byProcess.computeIfAbsent(process, any -> new HashMap<>());
        int count = own.getOrDefault(entry, 0) + 1;
        if (count > all.stream().filter(entry::equals).count()) {
            if (all.size() >= MOST) {
                throw new IllegalArgumentException(
                        "uwsgi.%s: the program has %d %s already, the most that there may be, as in uWSGI"
                                .formatted(function, MOST, kind));
            }
            all.add(entry);
            own.put(entry, count);
            return true;
        }
        own.put(entry, count);
        return false;
    }

    /// A process has ended. What it has added stays.
    void ended(Object process) {
        byProcess.remove(process);
    }
}
