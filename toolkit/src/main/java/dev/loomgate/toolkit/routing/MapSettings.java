package dev.loomgate.toolkit.routing;

import dev.loomgate.toolkit.routing.converters.Converter;
import java.util.Map;

/// What a map says for all its rules.
record MapSettings(
        boolean strictSlashes,
        boolean mergeSlashes,
        boolean redirectDefaults,
        boolean hostMatching,
        String defaultSubdomain,
        Map<String, Converter.Factory> converters) {}
