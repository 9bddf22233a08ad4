package dev.loomgate.python.shared;

import dev.loomgate.python.SharedOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Numbers by name that programs change. As in uWSGI, a name that nobody has asked for is 0 and can't be changed.
/// Used by one thread.
public final class SharedMetrics {
    /// Families of uWSGI's own metrics, which aren't here.
    private static final Set<String> OWN = Set.of("core", "worker", "plugin", "rss", "vsz", "socket", "route");

    private static final class Metric {
        private final long initial;
        private long value;

        Metric(long initial) {
            this.initial = initial;
            value = initial;
        }
    }

    /// What can be done with a metric.
    public enum Change {
        SET,
        INC,
        DEC,
        MUL,
        DIV,
        /// The greater of the two.
        SET_MAX,
        /// The lesser of the two, if it is greater than what the metric began with.
        SET_MIN
    }

    private final Map<String, Metric> metrics = new LinkedHashMap<>();

    /// @param asked a name that is there twice counts once, as the last one says
    public SharedMetrics(List<SharedOptions.Metric> asked) {
        asked.forEach(each -> metrics.put(each.name(), new Metric(each.initial())));
    }

    /// The value; 0 if there is no such metric.
    ///
    /// @throws IllegalArgumentException if it is one of uWSGI's own
    public long get(String name) {
        Metric metric = metrics.get(name);
        if (metric == null && OWN.contains(name.substring(0, Math.max(name.indexOf('.'), 0)))) {
            throw new IllegalArgumentException(
                    "the metric \"%s\" is uWSGI's own, and only the program's own are offered".formatted(name));
        }
        return metric == null ? 0 : metric.value;
    }

    /// Changes a metric.
    ///
    /// @return whether there is one, and the change makes sense
    public boolean change(Change how, String name, long amount) {
        Metric metric = metrics.get(name);
        if (metric == null || (how == Change.DIV && amount == 0)) {
            return false;
        }
        switch (how) {
            case SET -> metric.value = amount;
            case INC -> metric.value += amount;
            case DEC -> metric.value -= amount;
            case MUL -> metric.value *= amount;
            case DIV -> metric.value /= amount;
            case SET_MAX -> metric.value = Math.max(metric.value, amount);
            case SET_MIN -> metric.value = amount > metric.initial ? Math.min(metric.value, amount) : metric.value;
        }
        return true;
    }
}
