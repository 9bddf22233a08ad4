package dev.loomgate.toolkit.routing;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/// One walk through the tree, depth first, for one path: fixed text before variables, then by weight.
///
/// Transitions of equal weight are all tried, and the rule that is first in the order of whole rules wins. So it
/// doesn't matter which unrelated rule happened to make a transition first (where Werkzeug's order does depend on
/// it, pallets/werkzeug#3156). Every state is visited at most once, so a search takes no longer than the tree is
/// large.
final class Search<E> {
    /// What a branch of the walk has found.
    ///
    /// @param slash whether the path needs a slash at its end
    @SuppressWarnings("ArrayRecordComponent")
    record Candidate<E>(CompiledRule<E> rule, @Nullable Object[] values, int count, boolean slash) {}

    final String method;
    final boolean websocket;
    boolean websocketMismatch;

    private final String[] segments;
    private @Nullable Object[] values = new Object[8];
    private @Nullable Set<String> allowed;

    /// @param segments the domain, then the path cut at its slashes
    Search(String[] segments, String method, boolean websocket) {
        this.segments = segments;
        this.method = method;
        this.websocket = websocket;
    }

    void allowed(CompiledRule<?> rule) {
        if (rule.methods != null) {
            if (allowed == null) {
                allowed = new TreeSet<>();
            }
            allowed.addAll(rule.methods);
        }
    }

    /// The methods of rules that only the method kept from matching.
    Set<String> allowed() {
        return allowed == null ? Set.of() : allowed;
    }

    void takeOver(Search<E> before) {
        allowed = before.allowed;
        websocketMismatch |= before.websocketMismatch;
    }

    /// The best rule from this state on.
    ///
    /// @param at the segment that comes next
    /// @param count how many values have been found on the way
    @Nullable
    Candidate<E> walk(State<E> state, int at, int count) {
        return walk(state, at, segments.length, count);
    }

    private @Nullable Candidate<E> walk(State<E> state, int at, int end, int count) {
        if (at == end) {
            return arrive(state, count);
        }
        String segment = at < segments.length ? segments[at] : "";
        State<E> next = state.fixed.get(segment);
        Candidate<E> found = next == null ? null : walk(next, at + 1, end, count);
        if (found == null && !state.dynamic.isEmpty()) {
            found = variable(state, at, end, count);
        }
        if (found == null && at + 1 == end && segment.isEmpty()) {
            // A slash too many, for rules that don't mind.
            CompiledRule<E> rule = state.accept(this, true);
            found = rule == null ? null : candidate(rule, count, false);
        }
        return found;
    }

    private @Nullable Candidate<E> variable(State<E> state, int at, int end, int count) {
        Candidate<E> best = null;
        Part.@Nullable Weight weight = null;
        for (State.Transition<E> transition : state.dynamic) {
            Part.Dynamic part = transition.part();
            if (best != null && !part.weight().equals(weight)) {
                return best;
            }
            weight = part.weight();
            if (best == null || transition.next().firstRank < best.rule().rank) {
                Candidate<E> found = follow(transition, at, end, count);
                if (found != null && (best == null || found.rule().rank < best.rule().rank)) {
                    best = found;
                }
            }
        }
        return best;
    }

    private @Nullable Candidate<E> follow(State.Transition<E> transition, int at, int end, int count) {
        Part.Dynamic part = transition.part();
        String text = part.takesRest() ? rest(at, end) : at < segments.length ? segments[at] : "";
        int next = part.takesRest() ? end : at + 1;
        if (part.whole() != null) {
            Optional<?> value = part.whole().toValue(text);
            if (value.isEmpty()) {
                return null;
            }
            put(count, value.get());
            return walk(transition.next(), next, end, count + 1);
        }
        Matcher matcher = part.pattern().matcher(new BoundedText(text));
        try {
            if (!matcher.lookingAt()) {
                return null;
            }
        } catch (BoundedText.Exhausted | StackOverflowError e) {
            // The JDK's expressions recurse once for each repetition of a group.
            return null;
        }
        int found = count;
        for (int i = 0; i < part.converters().size(); i++) {
            Optional<?> value = part.converters().get(i).toValue(matcher.group("v" + i));
            if (value.isEmpty()) {
                return null;
            }
            put(found++, value.get());
        }
        if (part.suffixed() && !matcher.group("slash").isEmpty()) {
            // The slash is the branch's own: one more segment, an empty one past the end.
            return walk(transition.next(), segments.length, segments.length + 1, found);
        }
        return walk(transition.next(), next, end, found);
    }

    private @Nullable Candidate<E> arrive(State<E> state, int count) {
        CompiledRule<E> rule = state.accept(this, false);
        if (rule != null) {
            return candidate(rule, count, false);
        }
        State<E> branch = state.fixed.get("");
        if (branch != null) {
            for (CompiledRule<E> other : branch.rules) {
                if (other.websocket == websocket && other.allows(method)) {
                    return candidate(other, count, other.strictSlashes);
                }
            }
        }
        return null;
    }

    private Candidate<E> candidate(CompiledRule<E> rule, int count, boolean slash) {
        return new Candidate<>(rule, values.clone(), count, slash);
    }

    private String rest(int at, int end) {
        return at + 1 == end && at < segments.length
                ? segments[at]
                : String.join("/", java.util.Arrays.asList(segments).subList(at, segments.length));
    }

    private void put(int index, Object value) {
        if (index == values.length) {
            values = java.util.Arrays.copyOf(values, 2 * index);
        }
        values[index] = value;
    }
}
