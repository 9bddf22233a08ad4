package dev.loomgate.toolkit.routes;

import org.jspecify.annotations.Nullable;

/// A line: a place to go to, or something that is done where a condition holds.
sealed interface Rule {
    /// @param name where `goto` leads
    record Label(String name) implements Rule {}

    /// @param condition null for always
    record Step(@Nullable Condition condition, Action action) implements Rule {}
}
