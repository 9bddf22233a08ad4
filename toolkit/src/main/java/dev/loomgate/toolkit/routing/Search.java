package dev.loomgate.toolkit.routing;

import dev.loomgate.toolkit.routing.converters.Converter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/// One walk through the tree, depth first, for one path: fixed text before variables, then by weight.
///
/// Transitions of equal weight are all tried, and the rule that is first in the order of whole rules wins. So it
/// doesn't matter which unrelated rule happened to make a transition first (where Werkzeug's order does depend on
/// it, pallets/werkzeug#3156). Those that have the same expression as well, such as `<int:n>` and `<int(max=9):n>`, are
/// one transition to the order: a limit decides whether a rule matches, never which of two that match wins. Every state
/// is visited at most once, so a search takes no longer than the tree is large.
///
/// The path isn't cut up: a place in it is where its segment starts. The domain, which comes before, starts at -1,
/// and what starts past the path's end is the end.
final class Search<E> {
    private static final int DOMAIN = -1;
    private static final Object[] NO_VALUES = {};

    /// What a branch of the walk has found. Made at the end of the path; the values come in on the way back.
    static final class Candidate<E> {
        final CompiledRule<E> rule;

        private final Form form;

        /// The lowest rank of this and of those that it won against because it has the form that was asked for.
        private int rank;

        /// Of the path's variables, in order.
        final Object[] values;

        Candidate(CompiledRule<E> rule, int count, Form form) {
            this.rule = rule;
            this.form = form;
            rank = rule.rank;
            values = count == 0 ? NO_VALUES : new Object[count];
        }

        /// Whether the path needs a slash at its end.
        boolean slash() {
            return form == Form.BRANCH && rule.strictSlashes;
        }

        /// That of the two which one walk comes to first, had their ways been one.
        static <E> Candidate<E> first(@Nullable Candidate<E> a, Candidate<E> b) {
            if (a == null) {
                return b;
            }
            Candidate<E> first = a.rule.precedes(b.rule, a.form, b.form) ? a : b;
            first.rank = Math.min(a.rank, b.rank);
            return first;
        }
    }

    /// How a path fits a rule; the better comes first.
    enum Form {
        /// As it is.
        EXACT,
        /// It lacks the slash of a branch.
        BRANCH,
        /// It has a slash more than a leaf that doesn't mind.
        LEAF
    }

    final Verb verb;
    final boolean websocket;
    boolean websocketMismatch;

    private final String domain;
    private final String path;
    private @Nullable Set<String> allowed;

    Search(String domain, String path, Verb verb, boolean websocket) {
        this.domain = domain;
        this.path = path;
        this.verb = verb;
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

    /// The best rule below this state, the root.
    @Nullable
    Candidate<E> walk(State<E> root) {
        State<E> next = root.next(domain, 0, domain.length());
        Candidate<E> found = next == null ? null : walk(next, 0, 0);
        return found == null && root.dynamic.length > 0 ? variable(root, DOMAIN, DOMAIN, 0) : found;
    }

    /// The best rule from this state on.
    ///
    /// @param at where the segment that comes next starts
    /// @param count how many values have been found on the way
    private @Nullable Candidate<E> walk(State<E> from, int at, int count) {
        State<E> state = from;
        int start = at;
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            State<E> next = state.next(path, start, end);
            boolean slashTooMany = start == path.length();
            if (state.dynamic.length > 0 || slashTooMany) {
                Candidate<E> found = next == null ? null : walk(next, end + 1, count);
                if (found == null && state.dynamic.length > 0) {
                    found = variable(state, start, end, count);
                }
                if (found == null && slashTooMany) {
                    // For rules that don't mind.
                    CompiledRule<E> rule = state.accept(this, true);
                    found = rule == null ? null : new Candidate<>(rule, count, Form.LEAF);
                }
                return found;
            }
            if (next == null) {
                return null;
            }
            state = next;
            start = end + 1;
        }
        return arrive(state, count);
    }

    private @Nullable Candidate<E> variable(State<E> state, int start, int end, int count) {
        State.Transition<E>[] ways = state.dynamic;
        Candidate<E> best = null;
        Part.@Nullable Weight weight = null;
        int i = 0;
        while (i < ways.length) {
            State.Transition<E> way = ways[i++];
            if (best != null && !way.part().weight().equals(weight)) {
                return best;
            }
            weight = way.part().weight();
            boolean mayWin = best == null || way.next().firstRank < best.rank;
            Candidate<E> found = mayWin ? follow(way, start, end, count) : null;
            for (; i < ways.length && ways[i].alike(); i++) {
                Candidate<E> other = mayWin ? follow(ways[i], start, end, count) : null;
                found = other == null ? found : Candidate.first(found, other);
            }
            if (found != null && (best == null || found.rank < best.rank)) {
                best = found;
            }
        }
        return best;
    }

    private @Nullable Candidate<E> follow(State.Transition<E> transition, int start, int end, int count) {
        Part.Dynamic part = transition.part();
        String text = part.takesRest() ? rest(start) : start == DOMAIN ? domain : path.substring(start, end);
        int next = part.takesRest() ? path.length() + 1 : end + 1;
        Converter<?> whole = part.whole();
        if (whole == null) {
            return match(transition, text, next, count);
        }
        Optional<?> value = part.value(whole, text);
        if (value.isEmpty()) {
            return null;
        }
        Candidate<E> found = walk(transition.next(), next, count + 1);
        if (found != null) {
            found.values[count] = value.get();
        }
        return found;
    }

    private @Nullable Candidate<E> match(State.Transition<E> transition, String text, int next, int count) {
        Part.Dynamic part = transition.part();
        Matcher matcher = part.pattern().matcher(new BoundedText(text));
        try {
            if (!matcher.lookingAt()) {
                return null;
            }
        } catch (BoundedText.Exhausted | StackOverflowError e) {
            // The JDK's expressions recurse once for each repetition of a group.
            return null;
        }
        List<Converter<?>> converters = part.converters();
        Object[] values = new Object[converters.size()];
        for (int i = 0; i < values.length; i++) {
            Optional<?> value = part.value(converters.get(i), matcher.group("v" + i));
            if (value.isEmpty()) {
                return null;
            }
            values[i] = value.get();
        }
        Candidate<E> found;
        if (part.suffixed() && !matcher.group("slash").isEmpty()) {
            // The slash is the branch's own: one more segment, an empty one past the end.
            State<E> branch = transition.next().empty;
            found = branch == null ? null : arrive(branch, count + values.length);
        } else {
            found = walk(transition.next(), next, count + values.length);
        }
        if (found != null) {
            System.arraycopy(values, 0, found.values, count, values.length);
        }
        return found;
    }

    private @Nullable Candidate<E> arrive(State<E> state, int count) {
        CompiledRule<E> rule = state.accept(this, false);
        if (rule != null) {
            return new Candidate<>(rule, count, Form.EXACT);
        }
        State<E> branch = state.empty;
        CompiledRule<E> other = branch == null ? null : branch.answering(this);
        return other == null ? null : new Candidate<>(other, count, Form.BRANCH);
    }

    private String rest(int start) {
        return start == DOMAIN ? domain + "/" + path : path.substring(start);
    }
}
