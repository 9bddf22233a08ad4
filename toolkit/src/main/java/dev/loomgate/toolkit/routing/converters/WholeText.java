package dev.loomgate.toolkit.routing.converters;

/// A converter whose `toValue` refuses by itself whatever its expression doesn't match. Where its variable is all
/// of a part, no regular expression needs to run.
public interface WholeText {}
