package dev.loomgate.toolkit.routing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A rule with its map's settings worked in.
final class CompiledRule<E> {
    final Rule<E> rule;
    final List<Part> parts;
    final Map<String, Converter<?>> converters = new LinkedHashMap<>();
    final List<RuleToken> domainTokens;
    final List<RuleToken> pathTokens;
    final boolean strictSlashes;
    final boolean mergeSlashes;
    final Set<String> arguments;
    final @Nullable Set<String> methods;
    final boolean websocket;

    private final String[] names;
    private final Object[] defaultValues;

    /// The match of a rule without variables.
    final Match<E> constant;

    /// Rules of the same endpoint that stand before this one and have its variables as defaults.
    List<CompiledRule<E>> canonical = List.of();

    /// The place among all rules of the map in the order in which they are tried.
    int rank;

    CompiledRule(Rule<E> rule, MapSettings settings) {
        this.rule = rule;
        strictSlashes = rule.strictSlashesOr(settings.strictSlashes());
        mergeSlashes = rule.mergeSlashesOr(settings.mergeSlashes());
        methods = rule.allowedMethods().orElse(null);
        websocket = rule.isWebsocket();
        String domain = settings.hostMatching()
                ? rule.host().orElse("")
                : rule.subdomain().orElse(settings.defaultSubdomain());
        domainTokens = RuleToken.parse(domain);
        List<RuleToken> tokens = RuleToken.parse(rule.pattern());
        pathTokens = mergeSlashes ? RuleToken.mergeSlashes(tokens) : tokens;
        try {
            parts = new ArrayList<>(PartBuilder.build(domainTokens, settings.converters(), converters));
            parts.addAll(PartBuilder.build(pathTokens, settings.converters(), converters));
            rule.redirect().ifPresent(target -> target.check(converters));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("URL rule '" + rule.pattern() + "': " + e.getMessage(), e);
        }
        arguments = new HashSet<>(converters.keySet());
        arguments.addAll(rule.defaults().keySet());

        Map<String, Object> defaults = rule.defaults();
        List<String> allNames = new ArrayList<>(converters.keySet());
        defaults.keySet().stream().filter(name -> !converters.containsKey(name)).forEach(allNames::add);
        names = allNames.toArray(String[]::new);
        // Where a name is both, the default wins, as in the original.
        defaultValues = allNames.stream().map(defaults::get).toArray();
        constant = new Match<>(
                rule.endpoint(),
                names.length == 0 ? PathArguments.NONE : new PathArguments(names, defaultValues),
                rule);
    }

    int weighedParts() {
        return parts.getLast() instanceof Part.Static(String text) && text.isEmpty() ? parts.size() - 1 : parts.size();
    }

    boolean allows(String method) {
        return methods == null || methods.contains(method);
    }

    Match<E> match(@Nullable Object[] variables, int count) {
        if (count == 0) {
            return constant;
        }
        Object[] values = defaultValues.clone();
        for (int i = 0; i < count; i++) {
            if (values[i] == null) {
                values[i] = java.util.Objects.requireNonNull(variables[i]);
            }
        }
        return new Match<>(rule.endpoint(), new PathArguments(names, values), rule);
    }

    /// Whether this rule is the better URL for a match of `other`, if the values agree.
    boolean providesDefaultsFor(CompiledRule<?> other) {
        return !rule.isBuildOnly()
                && !rule.defaults().isEmpty()
                && rule.endpoint().equals(other.rule.endpoint())
                && !(domainTokens.equals(other.domainTokens) && pathTokens.equals(other.pathTokens))
                && arguments.equals(other.arguments);
    }

    /// Whether the values are enough to build this rule's URL, and don't contradict its defaults.
    boolean suits(Map<String, ?> values, @Nullable String method) {
        if (method != null && !allows(method)) {
            return false;
        }
        Map<String, Object> defaults = rule.defaults();
        for (String name : arguments) {
            Object fixed = defaults.get(name);
            Object value = values.get(name);
            if (value == null ? fixed == null : fixed != null && !same(fixed, value)) {
                return false;
            }
        }
        return true;
    }

    /// Whether both stand for the same value: 1 and 1L do.
    private static boolean same(Object a, Object b) {
        if (a instanceof Number x && b instanceof Number y && x.getClass() != y.getClass()) {
            return x.longValue() == y.longValue() && Double.compare(x.doubleValue(), y.doubleValue()) == 0;
        }
        return a.equals(b);
    }

    /// Whether no request could tell the two apart. HEAD and OPTIONS alone are no conflict: they come with others.
    boolean duplicates(CompiledRule<?> other) {
        if (websocket != other.websocket) {
            return false;
        }
        if (methods == null || other.methods == null || methods.equals(other.methods)) {
            return true;
        }
        Set<String> both = new HashSet<>(methods);
        both.retainAll(other.methods);
        both.removeAll(Set.of("HEAD", "OPTIONS"));
        return !both.isEmpty();
    }

    @Override
    public String toString() {
        return rule.toString();
    }
}
