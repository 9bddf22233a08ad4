package dev.loomgate.loop.watch;

/// What the watchdog looks at. The watchdog's thread only.
interface Watch {
    /// Looks, and never throws.
    ///
    /// @return the nanoseconds until the next look
    long look();

    /// Whether nothing has happened for so long that the watchdog may rest.
    boolean isQuiet();

    /// Has the watchdog's thread unparked when something happens. Never throws.
    ///
    /// @return false if something has happened since the last look
    default boolean beginRest() {
        return true;
    }

    /// The watchdog looks again.
    default void endRest() {}
}
