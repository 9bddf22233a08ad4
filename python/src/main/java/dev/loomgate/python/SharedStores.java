package dev.loomgate.python;

import java.util.Optional;

/// Opens stores of some kind: a service, which the module `loomgate-redis` offers for Redis.
public interface SharedStores {
    /// Opens a store. Waits for a moment: one that is gone now may come later.
    ///
    /// @return empty if it is another kind's
    /// @throws IllegalArgumentException if it can't be used so; the message says why, without a password
    Optional<SharedStore> open(SharedOptions.Store store);
}
