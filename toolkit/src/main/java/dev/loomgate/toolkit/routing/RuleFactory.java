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
public sealed interface RuleFactory<E> permits EndpointPrefix, Rule, Subdomain, Submount {
    /// The rules, as they go into a map.
    List<Rule<E>> rules();
}
