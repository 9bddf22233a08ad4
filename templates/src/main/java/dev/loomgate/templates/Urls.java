package dev.loomgate.templates;

import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.routing.UrlMap;
import java.util.concurrent.ConcurrentHashMap;

/// Maps of one rule each, by the patterns that templates name: as many as there are in their texts.
final class Urls {
    private static final ConcurrentHashMap<String, UrlMap<String>> MAPS = new ConcurrentHashMap<>();

    private Urls() {}

    static UrlMap<String> of(String pattern) {
        return MAPS.computeIfAbsent(
                pattern,
                text -> UrlMap.<String>builder().add(Rule.of(text, text)).build());
    }
}
