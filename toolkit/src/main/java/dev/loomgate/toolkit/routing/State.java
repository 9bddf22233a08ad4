package dev.loomgate.toolkit.routing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A place in the tree of all rules: the parts that led here have matched, and rules end here or go on.
///
/// ```
/// /            (domain "")──""──┬──""──        rule /
/// /user/<id>                    └──user──<id>  rule /user/<id>
/// ```
final class State<E> {
    /// The way on for a segment with variables.
    record Transition<E>(Part.Dynamic part, State<E> next) {}

    final Map<String, State<E>> fixed = new HashMap<>();
    final List<Transition<E>> dynamic = new ArrayList<>();
    final List<CompiledRule<E>> rules = new ArrayList<>();

    /// The lowest rank of a rule here or farther on.
    int firstRank = Integer.MAX_VALUE;

    /// Adds a rule to the tree below this state, the root.
    ///
    /// @throws DuplicateRuleException if there is one already that no request could tell from it
    void add(CompiledRule<E> rule) {
        State<E> state = this;
        state.firstRank = Math.min(state.firstRank, rule.rank);
        for (Part part : rule.parts) {
            state = switch (part) {
                case Part.Static(String text) -> state.fixed.computeIfAbsent(text, _ -> new State<>());
                case Part.Dynamic variable -> state.transition(variable);
            };
            state.firstRank = Math.min(state.firstRank, rule.rank);
        }
        for (CompiledRule<E> other : state.rules) {
            if (rule.duplicates(other)) {
                throw new DuplicateRuleException(other.rule, rule.rule);
            }
        }
        state.rules.add(rule);
    }

    private State<E> transition(Part.Dynamic part) {
        for (Transition<E> transition : dynamic) {
            if (transition.part().sameAs(part)) {
                return transition.next();
            }
        }
        Transition<E> added = new Transition<>(part, new State<>());
        dynamic.add(added);
        return added.next();
    }

    /// Puts the transitions into the order in which they are tried, all the way down.
    void sort() {
        dynamic.sort(Comparator.comparing(
                        (Transition<E> transition) -> transition.part().weight())
                .thenComparing(transition -> transition.next().firstRank));
        fixed.values().forEach(State::sort);
        dynamic.forEach(transition -> transition.next().sort());
    }

    /// The first rule here that answers the method, or null. What is wrong with the others is noted.
    @Nullable
    CompiledRule<E> accept(Search<E> search, boolean lenientOnly) {
        for (CompiledRule<E> rule : rules) {
            if (!lenientOnly || !rule.strictSlashes) {
                if (!rule.allows(search.method)) {
                    search.allowed(rule);
                } else if (rule.websocket != search.websocket) {
                    search.websocketMismatch = true;
                } else {
                    return rule;
                }
            }
        }
        return null;
    }
}
