package dev.loomgate.toolkit.routing;

import dev.loomgate.toolkit.routing.matching.RulePattern;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A rule with its map's settings worked in.
final class CompiledRule<E> extends RulePattern {
    final Rule<E> rule;
    final Set<String> arguments;
    final E endpoint;

    private final String[] names;
    private final Object[] defaultValues;
    private final boolean hasDefaults;

    /// The match of a rule without variables.
    final Match<E> constant;

    /// Rules of the same endpoint that stand before this one and have its variables as defaults.
    List<CompiledRule<E>> canonical = List.of();

    /// Whether a match of this rule may lead elsewhere: it is an alias, redirects, or has canonical ones.
    boolean leadsElsewhere;

    CompiledRule(Rule<E> rule, MapSettings settings) {
        super(
                settings.hostMatching()
                        ? rule.host().orElse("")
                        : rule.subdomain().orElse(settings.defaultSubdomain()),
                rule.pattern(),
                rule.strictSlashesOr(settings.strictSlashes()),
                rule.mergeSlashesOr(settings.mergeSlashes()),
                rule.allowedMethods().orElse(null),
                rule.isWebsocket(),
                settings.converters());
        this.rule = rule;
        endpoint = rule.endpoint();
        try {
            rule.redirect().ifPresent(target -> target.check(converters()));
        } catch (IllegalArgumentException e) {
            throw wrong(rule.toString(), e);
        }
        arguments = new HashSet<>(converters().keySet());
        arguments.addAll(rule.defaults().keySet());

        Map<String, Object> defaults = rule.defaults();
        List<String> allNames = new ArrayList<>(converters().keySet());
        defaults.keySet().stream()
                .filter(name -> !converters().containsKey(name))
                .forEach(allNames::add);
        names = allNames.toArray(String[]::new);
        defaultValues = allNames.stream().map(defaults::get).toArray();
        hasDefaults = !defaults.isEmpty();
        constant = new Match<>(
                rule.endpoint(),
                names.length == 0 ? PathArguments.NONE : new PathArguments(names, defaultValues),
                rule);
    }

    /// The match with these values of the path's variables, in order. Where a name has a default too, that wins, as
    /// in the original.
    ///
    /// @param variables one for each variable; becomes the match's own
    Match<E> match(Object[] variables) {
        if (variables.length == 0) {
            return constant;
        }
        Object[] values = variables;
        if (hasDefaults) {
            values = defaultValues.clone();
            for (int i = 0; i < variables.length; i++) {
                if (values[i] == null) {
                    values[i] = variables[i];
                }
            }
        }
        return new Match<>(endpoint, new PathArguments(names, values), rule);
    }

    /// Whether this rule is the better URL for a match of `other`, if the values agree.
    boolean providesDefaultsFor(CompiledRule<?> other) {
        return !rule.isBuildOnly()
                && !rule.defaults().isEmpty()
                && rule.endpoint().equals(other.rule.endpoint())
                && !(domainTokens().equals(other.domainTokens()) && pathTokens().equals(other.pathTokens()))
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

    @Override
    public String toString() {
        return rule.toString();
    }
}
