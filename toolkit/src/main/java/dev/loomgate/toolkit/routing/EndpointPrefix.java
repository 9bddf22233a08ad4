package dev.loomgate.toolkit.routing;

import java.util.ArrayList;
import java.util.List;

/// Rules whose endpoints are names that begin alike: those of one part of an application.
///
/// @param rules all of them, with the prefix
public record EndpointPrefix(String prefix, List<Rule<String>> rules) implements RuleFactory<String> {
    /// The rules, with this prefix before each endpoint.
    @SafeVarargs
    public static EndpointPrefix of(String prefix, RuleFactory<String>... rules) {
        List<Rule<String>> changed = new ArrayList<>();
        for (RuleFactory<String> factory : rules) {
            factory.rules().forEach(rule -> changed.add(rule.withEndpoint(prefix + rule.endpoint())));
        }
        return new EndpointPrefix(prefix, List.copyOf(changed));
    }
}
