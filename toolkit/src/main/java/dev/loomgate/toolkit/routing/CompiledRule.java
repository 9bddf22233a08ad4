package dev.loomgate.toolkit.routing;

import dev.loomgate.toolkit.routing.converters.Converter;
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
    final E endpoint;

    private final int usualMethods;
    private final String[] names;
    private final Object[] defaultValues;
    private final boolean hasDefaults;

    /// The match of a rule without variables.
    final Match<E> constant;

    /// Rules of the same endpoint that stand before this one and have its variables as defaults.
    List<CompiledRule<E>> canonical = List.of();

    /// Whether a match of this rule may lead elsewhere: it is an alias, redirects, or has canonical ones.
    boolean leadsElsewhere;

    /// The place among all rules of the map in the order in which they are tried.
    int rank;

    CompiledRule(Rule<E> rule, MapSettings settings) {
        this.rule = rule;
        endpoint = rule.endpoint();
        strictSlashes = rule.strictSlashesOr(settings.strictSlashes());
        mergeSlashes = rule.mergeSlashesOr(settings.mergeSlashes());
        methods = rule.allowedMethods().orElse(null);
        usualMethods = methods == null
                ? -1
                : methods.stream().mapToInt(name -> Verb.of(name).bit()).reduce(0, (a, b) -> a | b);
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
        defaultValues = allNames.stream().map(defaults::get).toArray();
        hasDefaults = !defaults.isEmpty();
        constant = new Match<>(
                rule.endpoint(),
                names.length == 0 ? PathArguments.NONE : new PathArguments(names, defaultValues),
                rule);
    }

    /// The order in which rules are tried, part by part. A slash at the end doesn't count: `/<a>` and `/<b>/`
    /// weigh the same.
    int compareParts(CompiledRule<?> other) {
        int length = weighedParts();
        int lengthOfOther = other.weighedParts();
        for (int i = 0; i < Math.min(length, lengthOfOther); i++) {
            int order = compare(parts.get(i), other.parts.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(length, lengthOfOther);
    }

    private static int compare(Part a, Part b) {
        return switch (a) {
            case Part.Static _ -> b instanceof Part.Static ? 0 : -1;
            case Part.Dynamic x -> b instanceof Part.Dynamic y ? x.weight().compareTo(y.weight()) : 1;
        };
    }

    /// Whether one walk, along parts that are alike, would come to this rule before the other one.
    ///
    /// @param form how the path fits this rule
    /// @param formOfOther how it fits the other one
    boolean precedes(CompiledRule<?> other, Search.Form form, Search.Form formOfOther) {
        int common = Math.min(weighedParts(), other.weighedParts());
        for (int i = 0; i < common; i++) {
            Part part = parts.get(i);
            Part partOfOther = other.parts.get(i);
            int order = compare(part, partOfOther);
            if (order != 0) {
                return order < 0;
            }
            if (part instanceof Part.Dynamic x && partOfOther instanceof Part.Dynamic y && !x.isAlike(y)) {
                return rank < other.rank;
            }
        }
        return form == formOfOther ? rank < other.rank : form.compareTo(formOfOther) < 0;
    }

    private int weighedParts() {
        return parts.getLast() instanceof Part.Static(String text) && text.isEmpty() ? parts.size() - 1 : parts.size();
    }

    boolean allows(String method) {
        return methods == null || methods.contains(method);
    }

    boolean allows(Verb verb) {
        return verb.bit() == 0 ? allows(verb.name()) : (usualMethods & verb.bit()) != 0;
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
