package dev.loomgate.python.uwsgi;

import dev.loomgate.python.SharedOptions;
import dev.loomgate.python.SharedStore;
import dev.loomgate.python.SharedStores;
import org.jspecify.annotations.Nullable;

/// Opens the store where something of a program is to be in one.
final class Stores {
    private Stores() {}

    /// Opens the store; null if nothing is in one. Waits for a moment.
    ///
    /// @param isNeeded whether something is in it that `shared` doesn't tell
    /// @throws IllegalArgumentException if it can't be used, or nothing here offers it
    static @Nullable SharedStore open(SharedOptions shared, boolean isNeeded) {
        SharedOptions.Store asked = shared.store();
        boolean hasCaches = shared.caches().stream().anyMatch(cache -> cache.whenGone() != null);
        return asked != null && (hasCaches || shared.channels() != null || isNeeded) ? SharedStores.find(asked) : null;
    }
}
