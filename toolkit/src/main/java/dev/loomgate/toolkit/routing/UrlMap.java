package dev.loomgate.toolkit.routing;

import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.routing.converters.Converter;
import dev.loomgate.toolkit.routing.converters.StandardConverters;
import dev.loomgate.toolkit.routing.matching.Branch;
import dev.loomgate.toolkit.routing.matching.RulePattern;
import dev.loomgate.toolkit.routing.matching.RuleToken;
import dev.loomgate.toolkit.routing.matching.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// All URLs of an application: rules, compiled once, immutable, used by all threads.
///
/// ```java
/// UrlMap<Class<?>> urlMap = UrlMap.of(
///         Rule.of("/", IndexResource.class),
///         Rule.of("/user", UserResource.class));
///
/// MapAdapter<Class<?>> urls = urlMap.bindToEnviron(environ);
/// Match<Class<?>> match = urls.match();         // or NotFound, MethodNotAllowed, RequestRedirect
/// urls.build(UserResource.class);               // "/user"
/// ```
///
/// Which rule wins doesn't depend on their order: fixed text comes before variables, longer text before shorter
/// one, numbers before text, text before paths; only rules that weigh the same come in the order in which they are
/// given.
///
/// Source: Werkzeug 3.1, `werkzeug.routing.Map`.
///
/// @param <E> the endpoints' type
public final class UrlMap<E> {
    private final MapSettings settings;
    private final List<CompiledRule<E>> rules;
    private final State<CompiledRule<E>> root;
    private final Map<E, List<CompiledRule<E>>> byEndpoint = new LinkedHashMap<>();
    private final Map<String, List<CompiledRule<E>>> fixedPaths = new HashMap<>();

    private UrlMap(MapSettings settings, List<Rule<E>> given) {
        this.settings = settings;
        List<CompiledRule<E>> compiled = new ArrayList<>();
        for (Rule<E> rule : given) {
            compiled.add(new CompiledRule<>(rule, settings));
        }
        rules = Collections.unmodifiableList(compiled);
        root = compileMatching();
        compileBuilding();
        for (CompiledRule<E> rule : rules) {
            rule.leadsElsewhere = rule.rule.isAlias()
                    || !rule.canonical.isEmpty()
                    || rule.rule.redirect().isPresent();
        }
    }

    /// A map of these rules, with the usual settings.
    ///
    /// @throws IllegalArgumentException if a rule has an unknown converter or one with wrong arguments
    /// @throws DuplicateRuleException if no request could tell two rules apart
    @SafeVarargs
    public static <E> UrlMap<E> of(RuleFactory<? extends E>... rules) {
        Builder<E> builder = builder();
        for (RuleFactory<? extends E> factory : rules) {
            builder.add(factory);
        }
        return builder.build();
    }

    /// A map with other settings or converters.
    public static <E> Builder<E> builder() {
        return new Builder<>();
    }

    private State<CompiledRule<E>> compileMatching() {
        RulePattern.rank(rules);
        Branch<CompiledRule<E>> tree = new Branch<>();
        for (CompiledRule<E> rule : rules) {
            if (!rule.rule.isBuildOnly()) {
                tree.add(rule).ifPresent(same -> {
                    throw new DuplicateRuleException(same.rule, rule.rule);
                });
            }
        }
        for (CompiledRule<E> rule : rules) {
            if (!rule.rule.isBuildOnly()
                    && rule.domainTokens().isEmpty()
                    && rule.converters().isEmpty()) {
                fixedPaths
                        .computeIfAbsent(fixedPath(rule), _ -> new ArrayList<>())
                        .add(rule);
            }
        }
        return tree.state();
    }

    private static String fixedPath(CompiledRule<?> rule) {
        StringBuilder path = new StringBuilder();
        for (RuleToken token : rule.pathTokens()) {
            path.append(token instanceof RuleToken.Static(String text) ? text : "/");
        }
        return path.toString();
    }

    private void compileBuilding() {
        for (CompiledRule<E> rule : rules) {
            byEndpoint
                    .computeIfAbsent(rule.rule.endpoint(), _ -> new ArrayList<>())
                    .add(rule);
        }
        for (List<CompiledRule<E>> same : byEndpoint.values()) {
            same.sort(Comparator.comparing((CompiledRule<E> rule) -> rule.rule.isAlias())
                    .thenComparing(rule -> -rule.arguments.size())
                    .thenComparing(rule -> -rule.rule.defaults().size()));
            if (settings.redirectDefaults()) {
                for (int i = 1; i < same.size(); i++) {
                    CompiledRule<E> rule = same.get(i);
                    rule.canonical = same.subList(0, i).stream()
                            .filter(before -> before.providesDefaultsFor(rule))
                            .toList();
                }
            }
        }
    }

    /// The map for this request. Cheap: what isn't asked for isn't looked at.
    public MapAdapter<E> bindToEnviron(Environ environ) {
        return new MapAdapter<>(this, new EnvironBinding(environ, null));
    }

    /// The map for this request, to an application whose domain is `serverName`: what the request's host has
    /// before it is the subdomain. A host that doesn't end with it matches no rule.
    public MapAdapter<E> bindToEnviron(Environ environ, String serverName) {
        return new MapAdapter<>(this, new EnvironBinding(environ, serverName));
    }

    /// The map without a request: for building URLs in a job or a mail, and for tests.
    public MapAdapter<E> bind(FixedBinding binding) {
        return new MapAdapter<>(this, binding);
    }

    /// The rules in the order in which they were given.
    public List<Rule<E>> rules() {
        return rules.stream().map(rule -> rule.rule).toList();
    }

    /// The rules of an endpoint, in the order in which they are tried for its URLs.
    public List<Rule<E>> rules(E endpoint) {
        return ofEndpoint(endpoint).stream().map(rule -> rule.rule).toList();
    }

    /// Whether a rule of the endpoint has all of these as variables or defaults.
    public boolean isEndpointExpecting(E endpoint, String... arguments) {
        return ofEndpoint(endpoint).stream().anyMatch(rule -> rule.arguments.containsAll(List.of(arguments)));
    }

    /// What each rule says to a GET for this path, in the order in which they are asked: which one answers, and
    /// why the others don't.
    ///
    /// ```
    /// /user/new: no, 'bob' doesn't fit 'new'
    /// /user/<int:id>: no, 'bob' doesn't fit <int>
    /// /user/<name> (POST): no, GET is none of its methods
    /// ```
    public List<Explanation<E>> explain(String path) {
        return bind(FixedBinding.to("localhost")).explain(path, "GET");
    }

    List<CompiledRule<E>> compiled() {
        return rules;
    }

    /// The types of a rule's variables and defaults by their names: what its endpoint may count on.
    ///
    /// @throws IllegalArgumentException if the rule isn't one of this map
    public Map<String, Class<?>> variables(Rule<E> rule) {
        Map<String, Class<?>> types = new LinkedHashMap<>();
        converters(rule).forEach((name, converter) -> types.put(name, converter.type()));
        rule.defaults().forEach((name, value) -> types.put(name, value.getClass()));
        return types;
    }

    /// The converters of a rule's variables by their names, in order; those of its host are first.
    ///
    /// @throws IllegalArgumentException if the rule isn't one of this map
    public Map<String, Converter<?>> converters(Rule<E> rule) {
        return rules.stream()
                .filter(compiled -> compiled.rule == rule)
                .findFirst()
                .map(compiled -> Collections.unmodifiableMap(compiled.converters()))
                .orElseThrow(() -> new IllegalArgumentException("not a rule of this map: " + rule));
    }

    /// The same rules with other endpoints.
    ///
    /// @param change gives the same endpoint for the same one
    public UrlMap<E> withEndpoints(UnaryOperator<E> change) {
        return new UrlMap<>(
                settings,
                rules().stream()
                        .map(rule -> rule.withEndpoint(change.apply(rule.endpoint())))
                        .toList());
    }

    MapSettings settings() {
        return settings;
    }

    State<CompiledRule<E>> root() {
        return root;
    }

    /// The rules without variables that match this path.
    @Nullable
    List<CompiledRule<E>> fixed(String path) {
        return fixedPaths.get(path);
    }

    List<CompiledRule<E>> ofEndpoint(E endpoint) {
        return byEndpoint.getOrDefault(endpoint, List.of());
    }

    List<E> endpoints() {
        return List.copyOf(byEndpoint.keySet());
    }

    /// Collects rules, settings and converters.
    public static final class Builder<E> {
        private final List<Rule<E>> rules = new ArrayList<>();
        private final Map<String, Converter.Factory> converters = new HashMap<>(StandardConverters.byName());
        private boolean strictSlashes = true;
        private boolean mergeSlashes = true;
        private boolean redirectDefaults = true;
        private boolean hostMatching;
        private String defaultSubdomain = "";

        private Builder() {}

        public Builder<E> add(RuleFactory<? extends E> factory) {
            rules.addAll(RuleFactory.<E>widened(factory));
            return this;
        }

        public Builder<E> addAll(Collection<? extends RuleFactory<? extends E>> factories) {
            factories.forEach(this::add);
            return this;
        }

        /// A converter of that name, for `<name:variable>`; it may replace a built-in one.
        public Builder<E> converter(String name, Converter.Factory factory) {
            converters.put(name, factory);
            return this;
        }

        /// Whether a branch without its slash redirects (the default), or simply matches.
        public Builder<E> strictSlashes(boolean strict) {
            strictSlashes = strict;
            return this;
        }

        /// Whether several slashes in a row are taken for one, with a redirect. The default.
        public Builder<E> mergeSlashes(boolean merge) {
            mergeSlashes = merge;
            return this;
        }

        /// Whether a rule redirects to the rule of the same endpoint that has its values as defaults. The default.
        public Builder<E> redirectDefaults(boolean redirect) {
            redirectDefaults = redirect;
            return this;
        }

        /// Whether rules match by [Rule#withHost] instead of by [Rule#withSubdomain].
        public Builder<E> hostMatching(boolean matching) {
            hostMatching = matching;
            return this;
        }

        /// The subdomain of rules without one; empty by default.
        public Builder<E> defaultSubdomain(String subdomain) {
            defaultSubdomain = subdomain;
            return this;
        }

        /// @throws IllegalArgumentException if a rule has an unknown converter or one with wrong arguments
        /// @throws DuplicateRuleException if no request could tell two rules apart
        public UrlMap<E> build() {
            return new UrlMap<>(
                    new MapSettings(
                            strictSlashes,
                            mergeSlashes,
                            redirectDefaults,
                            hostMatching,
                            defaultSubdomain,
                            Map.copyOf(converters)),
                    rules);
        }
    }
}
