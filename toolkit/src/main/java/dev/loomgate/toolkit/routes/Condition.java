package dev.loomgate.toolkit.routes;

/// What has to hold for a rule's action.
@FunctionalInterface
interface Condition {
    /// Whether it holds; the groups of a regular expression are put into [Trip#groups].
    boolean holds(Trip trip);
}
