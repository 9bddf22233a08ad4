package dev.loomgate.toolkit.routing;

import java.util.List;

/// A rule, or several that have something in common.
///
/// ```java
/// UrlMap.of(
///         Rule.of("/", "index"),
///         Submount.of("/blog", EndpointPrefix.of("blog/", Rule.of("/", "index"), Rule.of("/<slug>", "show"))),
///         Subdomain.of("api", Rule.of("/", "api")))
/// ```
///
/// @param <E> the endpoints' type
public sealed interface RuleFactory<E> permits EndpointPrefix, Guarded, Rule, Subdomain, Submount {
    /// The rules, as they go into a map.
    List<Rule<E>> rules();

    /// The same rules behind a guard. Of several the outermost is asked first: the application's own,
    /// then a submount's, then a rule's.
    ///
    /// A [dev.loomgate.toolkit.resources.WebApplication] asks guards; a map of rules by itself doesn't.
    default RuleFactory<E> guardedBy(Guard guard) {
        return new Guarded<>(rules().stream().map(rule -> rule.guardedBy(guard)).toList());
    }

    /// The rules as such of a wider type of endpoints. Nothing takes an endpoint from outside, so that is safe.
    @SuppressWarnings("unchecked")
    static <E> List<Rule<E>> widened(RuleFactory<? extends E> factory) {
        return (List<Rule<E>>) (List<?>) factory.rules();
    }
}
