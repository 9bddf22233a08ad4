package dev.loomgate.toolkit.routing;

import java.util.ArrayList;
import java.util.List;

/// Rules of a subdomain, which may have variables: `<string(length=2):language>`.
///
/// @param rules all of them, with the subdomain
public record Subdomain<E>(String subdomain, List<Rule<E>> rules) implements RuleFactory<E> {
    /// The rules on this subdomain.
    ///
    /// @throws IllegalArgumentException if the subdomain can't be read
    @SafeVarargs
    public static <E> Subdomain<E> of(String subdomain, RuleFactory<? extends E>... rules) {
        List<Rule<E>> changed = new ArrayList<>();
        for (RuleFactory<? extends E> factory : rules) {
            RuleFactory.<E>widened(factory).forEach(rule -> changed.add(rule.withSubdomain(subdomain)));
        }
        return new Subdomain<>(subdomain, List.copyOf(changed));
    }
}
