package dev.loomgate.python.snapshot;

import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/// A request that runs.
///
/// @param age how long it has been in its worker
/// @param reader of [#variables]: they are decoded by who wants to see them, and not on a loop
public record RequestSnapshot(Duration age, Supplier<Map<String, String>> reader) {
    /// Those of its variables that may be shown, in their order. Neither cookies nor what authorizes are among them.
    public Map<String, String> variables() {
        return reader.get();
    }
}
