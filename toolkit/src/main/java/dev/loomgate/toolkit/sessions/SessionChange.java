package dev.loomgate.toolkit.sessions;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// What one request did to its session, to be done to what is kept by then: another request may have changed other
/// values meanwhile, and those stay as that one left them.
///
/// @param cleared whether everything from before is to go
/// @param put values that were set, or changed in place
/// @param removed names of values that were taken away
/// @param renewed whether the session gets another name
record SessionChange(boolean cleared, Map<String, Object> put, Set<String> removed, boolean renewed) {
    /// One that leaves the values as they are.
    static final SessionChange NONE = new SessionChange(false, Map.of(), Set.of(), false);

    /// The change from these values to those. A value counts as changed if its JSON has.
    static SessionChange between(
            Map<String, Object> before, Map<String, Object> after, boolean cleared, boolean renewed) {
        Map<String, Object> put = new LinkedHashMap<>();
        after.forEach((name, value) -> {
            Object old = before.get(name);
            if (old == null || cleared || !Arrays.equals(SessionJson.write(old), SessionJson.write(value))) {
                put.put(name, value);
            }
        });
        Set<String> removed = new LinkedHashSet<>(before.keySet());
        removed.removeAll(after.keySet());
        return new SessionChange(cleared, put, removed, renewed);
    }

    /// What becomes of these values.
    Map<String, Object> appliedTo(Map<String, Object> values) {
        Map<String, Object> changed = cleared ? new LinkedHashMap<>() : new LinkedHashMap<>(values);
        changed.keySet().removeAll(removed);
        changed.putAll(put);
        return changed;
    }
}
