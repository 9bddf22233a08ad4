package dev.loomgate.toolkit.routing;

/// What a path and a method lead to.
///
/// @param endpoint the rule's endpoint
/// @param arguments the values of the rule's variables
/// @param rule the rule
public record Match<E>(E endpoint, PathArguments arguments, Rule<E> rule) {}
