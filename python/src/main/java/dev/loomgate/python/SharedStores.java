package dev.loomgate.python;

import dev.loomgate.loop.settings.InvalidSetting;
import java.util.Optional;
import java.util.ServiceLoader;

/// Opens stores of some kind: a service, which the module `loomgate-redis` offers for Redis.
public interface SharedStores {
    /// Opens a store. Waits for a moment: one that is gone now may come later.
    ///
    /// @return empty if it is another kind's
    /// @throws IllegalArgumentException if it can't be used so; the message says why, without a password
    Optional<SharedStore> open(SharedOptions.Store store);

    /// Opens a store by whatever offers its kind. Nothing of that is loaded before. Waits for a moment, as [#open].
    ///
    /// @throws IllegalArgumentException if it can't be used so, or nothing here offers it
    static SharedStore find(SharedOptions.Store store) {
        return ServiceLoader.load(SharedStores.class, SharedStores.class.getClassLoader()).stream()
                .map(stores -> stores.get().open(store))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new InvalidSetting("store", "needs the module loomgate-redis, which isn't there"));
    }
}
