package dev.loomgate.python.uwsgi;

import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.python.SharedOptions;
import dev.loomgate.python.SharedStore;
import dev.loomgate.python.SharedStores;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/// Finds what offers a store. Nothing of it is loaded before something is to be in one.
final class Stores {
    private Stores() {}

    /// Opens the store; null if nothing is in one. Waits for a moment.
    ///
    /// @param isNeeded whether something besides caches is in it
    /// @throws IllegalArgumentException if it can't be used, or nothing here offers it
    static @Nullable SharedStore open(SharedOptions shared, boolean isNeeded) {
        SharedOptions.Store asked = shared.store();
        if (asked == null || (!isNeeded && shared.caches().stream().allMatch(cache -> cache.whenGone() == null))) {
            return null;
        }
        return ServiceLoader.load(SharedStores.class, Stores.class.getClassLoader()).stream()
                .map(stores -> stores.get().open(asked))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new InvalidSetting("store", "needs the module loomgate-redis, which isn't there"));
    }
}
