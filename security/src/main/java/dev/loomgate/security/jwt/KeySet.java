package dev.loomgate.security.jwt;

/// What is known of the set that keys come from.
@FunctionalInterface
interface KeySet {
    /// Of keys that are just there.
    KeySet NONE = () -> true;

    /// Whether the set was there when it was last fetched.
    boolean isThere();
}
