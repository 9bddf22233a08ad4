package dev.loomgate.cli;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Whether SIGTERM would have uWSGI reload: 2.0 does so, unless its configuration says otherwise. Here it stops always.
final class UwsgiStops {
    private static final Pattern OFF = Pattern.compile("(?i)false|off|no|0");
    private static final String STOPPING_HOOK = "unix_signal:15 gracefully_kill_them_all";

    private UwsgiStops() {}

    /// @param options as `uwsgi.opt` has them: texts, true, and lists of both
    static boolean isReload(Map<String, Object> options) {
        return !isOn(options.get("die-on-term")) && options.values().stream().noneMatch(UwsgiStops::isStoppingHook);
    }

    private static boolean isOn(@Nullable Object value) {
        Object last = value instanceof List<?> all ? all.getLast() : value;
        return last != null && !OFF.matcher(last.toString()).matches();
    }

    private static boolean isStoppingHook(Object value) {
        return value.toString().contains(STOPPING_HOOK);
    }
}
