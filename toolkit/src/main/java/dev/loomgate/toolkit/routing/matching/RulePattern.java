package dev.loomgate.toolkit.routing.matching;

import dev.loomgate.toolkit.routing.converters.Converter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What requests are matched against: the compiled text of a rule, its methods, and its place among the others. What
/// a match leads to is the subclass's affair.
public abstract class RulePattern {
    private final List<Part> parts;
    private final Map<String, Converter<?>> converters = new LinkedHashMap<>();
    private final List<RuleToken> domainTokens;
    private final List<RuleToken> pathTokens;
    private final boolean mergeSlashes;
    private final int usualMethods;

    final boolean strictSlashes;
    final @Nullable Set<String> methods;
    final boolean websocket;

    /// The place among all rules of the map in the order in which they are tried.
    int rank;

    /// @param domain the subdomain or host, which may have variables; empty for any
    /// @param path the rule's text
    /// @param methods those that are answered; null for all
    /// @param factories makes the converters, by their names
    /// @throws IllegalArgumentException if a converter is unknown or refuses its arguments, or a name occurs twice
    protected RulePattern(
            String domain,
            String path,
            boolean strictSlashes,
            boolean mergeSlashes,
            @Nullable Set<String> methods,
            boolean websocket,
            Map<String, Converter.Factory> factories) {
        this.strictSlashes = strictSlashes;
        this.mergeSlashes = mergeSlashes;
        this.methods = methods;
        this.websocket = websocket;
        usualMethods = methods == null
                ? -1
                : methods.stream().mapToInt(name -> Verb.of(name).bit()).reduce(0, (a, b) -> a | b);
        domainTokens = RuleToken.parse(domain);
        List<RuleToken> tokens = RuleToken.parse(path);
        pathTokens = mergeSlashes ? RuleToken.mergeSlashes(tokens) : tokens;
        try {
            parts = new ArrayList<>(PartBuilder.build(domainTokens, factories, converters));
            parts.addAll(PartBuilder.build(pathTokens, factories, converters));
        } catch (IllegalArgumentException e) {
            throw wrong(methods == null ? path : path + " (" + String.join(", ", methods) + ")", e);
        }
    }

    /// What is wrong with a rule, with its text before it.
    protected static IllegalArgumentException wrong(String path, IllegalArgumentException e) {
        return new IllegalArgumentException("URL rule '" + path + "': " + e.getMessage(), e);
    }

    /// Gives each its place in the order in which rules are tried, which is that of the list for those of the same
    /// weight.
    public static void rank(List<? extends RulePattern> rules) {
        List<RulePattern> ranked = new ArrayList<>(rules);
        ranked.sort(RulePattern::compareParts);
        for (int i = 0; i < ranked.size(); i++) {
            ranked.get(i).rank = i;
        }
    }

    /// Its segments, that of the domain first.
    public final List<Part> parts() {
        return parts;
    }

    /// Of all variables, in order, by their names.
    public final Map<String, Converter<?>> converters() {
        return converters;
    }

    public final List<RuleToken> domainTokens() {
        return domainTokens;
    }

    public final List<RuleToken> pathTokens() {
        return pathTokens;
    }

    /// Whether several slashes in a row are taken for one.
    public final boolean mergesSlashes() {
        return mergeSlashes;
    }

    public final boolean isWebsocket() {
        return websocket;
    }

    /// The place among all rules of the map in the order in which they are tried.
    public final int rank() {
        return rank;
    }

    /// The order in which rules are tried, part by part. A slash at the end doesn't count: `/<a>` and `/<b>/`
    /// weigh the same.
    private int compareParts(RulePattern other) {
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
    final boolean precedes(RulePattern other, Search.Form form, Search.Form formOfOther) {
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

    public final boolean allows(String method) {
        return methods == null || methods.contains(method);
    }

    public final boolean allows(Verb verb) {
        return verb.bit() == 0 ? allows(verb.name()) : (usualMethods & verb.bit()) != 0;
    }

    /// Whether no request could tell the two apart. HEAD and OPTIONS alone are no conflict: they come with others.
    final boolean duplicates(RulePattern other) {
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
}
