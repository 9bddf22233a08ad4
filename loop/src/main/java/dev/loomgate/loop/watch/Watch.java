package dev.loomgate.loop.watch;

/// What the watchdog looks at. The watchdog's thread only.
interface Watch {
    /// Looks, and never throws.
    ///
    /// @return the nanoseconds until the next look
    long look();
}
