package dev.loomgate.toolkit.routing;

import java.util.ArrayList;
import java.util.List;

/// Rules below a path.
///
/// @param path put before each rule's pattern; a slash at its end doesn't count
/// @param rules all of them, with the path
public record Submount<E>(String path, List<Rule<E>> rules) implements RuleFactory<E> {
    /// The rules below this path.
    ///
    /// @throws IllegalArgumentException if the path doesn't begin with a slash or can't be read
    @SafeVarargs
    public static <E> Submount<E> of(String path, RuleFactory<? extends E>... rules) {
        String prefix = Urls.withoutTrailingSlashes(path);
        List<Rule<E>> changed = new ArrayList<>();
        for (RuleFactory<? extends E> factory : rules) {
            RuleFactory.<E>widened(factory).forEach(rule -> changed.add(rule.withPattern(prefix + rule.pattern())));
        }
        return new Submount<>(path, List.copyOf(changed));
    }
}
