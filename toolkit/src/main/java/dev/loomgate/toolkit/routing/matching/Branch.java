package dev.loomgate.toolkit.routing.matching;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A [State] to be: takes rules until all are there.
public final class Branch<R extends RulePattern> {
    private record Variables<R extends RulePattern>(Part.Dynamic part, Branch<R> next) {}

    private final Map<String, Branch<R>> fixed = new LinkedHashMap<>();
    private final List<Variables<R>> dynamic = new ArrayList<>();
    private final List<R> rules = new ArrayList<>();
    private int firstRank = Integer.MAX_VALUE;

    /// Adds a rule to the tree below this branch, the root. If there is one already that no request could tell from it,
    /// nothing is added, and that one is returned.
    public Optional<R> add(R rule) {
        Branch<R> branch = this;
        branch.firstRank = Math.min(branch.firstRank, rule.rank);
        for (Part part : rule.parts()) {
            branch = switch (part) {
                case Part.Static(String text) -> branch.fixed.computeIfAbsent(text, _ -> new Branch<>());
                case Part.Dynamic variable -> branch.after(variable);
            };
            branch.firstRank = Math.min(branch.firstRank, rule.rank);
        }
        for (R other : branch.rules) {
            if (rule.duplicates(other)) {
                return Optional.of(other);
            }
        }
        branch.rules.add(rule);
        return Optional.empty();
    }

    private Branch<R> after(Part.Dynamic part) {
        for (Variables<R> variables : dynamic) {
            if (variables.part().identity().equals(part.identity())) {
                return variables.next();
            }
        }
        Variables<R> added = new Variables<>(part, new Branch<>());
        dynamic.add(added);
        return added.next();
    }

    /// The finished tree, its ways on in the order in which they are tried.
    public State<R> state() {
        return state("", new Shared());
    }

    private State<R> state(String text, Shared shared) {
        List<State<R>> states = new ArrayList<>();
        fixed.forEach((segment, branch) -> states.add(branch.state(shared.text(segment), shared)));
        List<State.Transition<R>> transitions = new ArrayList<>();
        for (List<Variables<R>> alike : ordered()) {
            for (int i = 0; i < alike.size(); i++) {
                Variables<R> variables = alike.get(i);
                State<R> next = variables.next().state("", shared);
                transitions.add(new State.Transition<>(shared.part(variables.part()), next, i > 0));
            }
        }
        return new State<>(text, states, transitions, rules, firstRank);
    }

    /// The ways on for segments with variables: by weight, then by the first rule behind them, those of the same
    /// expression together.
    private List<List<Variables<R>>> ordered() {
        List<Variables<R>> byRank = new ArrayList<>(dynamic);
        byRank.sort(Comparator.comparingInt(variables -> variables.next().firstRank));
        List<List<Variables<R>>> groups = new ArrayList<>();
        for (Variables<R> variables : byRank) {
            groups.stream()
                    .filter(group -> group.getFirst().part().isAlike(variables.part()))
                    .findFirst()
                    .orElseGet(() -> {
                        groups.add(new ArrayList<>());
                        return groups.getLast();
                    })
                    .add(variables);
        }
        groups.sort(Comparator.comparing(group -> group.getFirst().part().weight()));
        return groups;
    }

    /// Of texts and parts that are the same all over the tree, one: a walk then finds them in the processor's cache.
    private static final class Shared {
        private final Map<String, String> texts = new HashMap<>();
        private final Map<List<Object>, Part.Dynamic> parts = new HashMap<>();

        String text(String text) {
            return texts.computeIfAbsent(text, same -> same);
        }

        Part.Dynamic part(Part.Dynamic part) {
            return parts.computeIfAbsent(part.identity(), _ -> part);
        }
    }
}
