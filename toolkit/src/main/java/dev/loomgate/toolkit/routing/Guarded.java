package dev.loomgate.toolkit.routing;

import java.util.List;

/// Rules that a guard stands before.
///
/// @param rules all of them, with the guard
record Guarded<E>(List<Rule<E>> rules) implements RuleFactory<E> {}
