package dev.loomgate.toolkit.routing.matching;

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
public final class Search<R extends RulePattern> {
    private static final int DOMAIN = -1;
    private static final Object[] NO_VALUES = {};

    /// What a branch of the walk has found. Made at the end of the path; the values come in on the way back.
    public static final class Candidate<R extends RulePattern> {
        private final R rule;
        private final Form form;

        /// The lowest rank of this and of those that it won against because it has the form that was asked for.
        private int rank;

        private final Object[] values;

        Candidate(R rule, int count, Form form) {
            this.rule = rule;
            this.form = form;
            rank = rule.rank;
            values = count == 0 ? NO_VALUES : new Object[count];
        }

        public R rule() {
            return rule;
        }

        /// Of the path's variables, in order. The array becomes the caller's.
        public Object[] values() {
            return values;
        }

        /// Whether the path needs a slash at its end.
        public boolean slash() {
            return form == Form.BRANCH && rule.strictSlashes;
        }

        /// That of the two which one walk comes to first, had their ways been one.
        static <R extends RulePattern> Candidate<R> first(@Nullable Candidate<R> a, Candidate<R> b) {
            if (a == null) {
                return b;
            }
            Candidate<R> first = a.rule.precedes(b.rule, a.form, b.form) ? a : b;
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

    public Search(String domain, String path, Verb verb, boolean websocket) {
        this.domain = domain;
        this.path = path;
        this.verb = verb;
        this.websocket = websocket;
    }

    void allowed(RulePattern rule) {
        if (rule.methods != null) {
            if (allowed == null) {
                allowed = new TreeSet<>();
            }
            allowed.addAll(rule.methods);
        }
    }

    /// The methods of rules that only the method kept from matching.
    public Set<String> allowed() {
        return allowed == null ? Set.of() : allowed;
    }

    /// Whether a rule matches that is for WebSockets where the request isn't, or the other way round.
    public boolean websocketMismatch() {
        return websocketMismatch;
    }

    /// Adds what kept rules from matching in an earlier search.
    public void takeOver(Search<R> before) {
        allowed = before.allowed;
        websocketMismatch |= before.websocketMismatch;
    }

    /// The best rule below this state, the root.
    public @Nullable Candidate<R> walk(State<R> root) {
        State<R> next = root.next(domain, 0, domain.length());
        Candidate<R> found = next == null ? null : walk(next, 0, 0);
        return found == null && root.dynamic.length > 0 ? variable(root, DOMAIN, DOMAIN, 0) : found;
    }

    /// The best rule from this state on.
    ///
    /// @param at where the segment that comes next starts
    /// @param count how many values have been found on the way
    private @Nullable Candidate<R> walk(State<R> from, int at, int count) {
        State<R> state = from;
        int start = at;
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            State<R> next = state.next(path, start, end);
            boolean slashTooMany = start == path.length();
            if (state.dynamic.length > 0 || slashTooMany) {
                Candidate<R> found = next == null ? null : walk(next, end + 1, count);
                if (found == null && state.dynamic.length > 0) {
                    found = variable(state, start, end, count);
                }
                if (found == null && slashTooMany) {
                    // For rules that don't mind.
                    R rule = state.accept(this, true);
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

    private @Nullable Candidate<R> variable(State<R> state, int start, int end, int count) {
        State.Transition<R>[] ways = state.dynamic;
        Candidate<R> best = null;
        Part.@Nullable Weight weight = null;
        int i = 0;
        while (i < ways.length) {
            State.Transition<R> way = ways[i++];
            if (best != null && !way.part().weight().equals(weight)) {
                return best;
            }
            weight = way.part().weight();
            boolean mayWin = best == null || way.next().firstRank < best.rank;
            Candidate<R> found = mayWin ? follow(way, start, end, count) : null;
            for (; i < ways.length && ways[i].alike(); i++) {
                Candidate<R> other = mayWin ? follow(ways[i], start, end, count) : null;
                found = other == null ? found : Candidate.first(found, other);
            }
            if (found != null && (best == null || found.rank < best.rank)) {
                best = found;
            }
        }
        return best;
    }

    private @Nullable Candidate<R> follow(State.Transition<R> transition, int start, int end, int count) {
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
        Candidate<R> found = walk(transition.next(), next, count + 1);
        if (found != null) {
            found.values[count] = value.get();
        }
        return found;
    }

    private @Nullable Candidate<R> match(State.Transition<R> transition, String text, int next, int count) {
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
        Candidate<R> found;
        if (part.suffixed() && !matcher.group("slash").isEmpty()) {
            // The slash is the branch's own: one more segment, an empty one past the end.
            State<R> branch = transition.next().empty;
            found = branch == null ? null : arrive(branch, count + values.length);
        } else {
            found = walk(transition.next(), next, count + values.length);
        }
        if (found != null) {
            System.arraycopy(values, 0, found.values, count, values.length);
        }
        return found;
    }

    private @Nullable Candidate<R> arrive(State<R> state, int count) {
        R rule = state.accept(this, false);
        if (rule != null) {
            return new Candidate<>(rule, count, Form.EXACT);
        }
        State<R> branch = state.empty;
        R other = branch == null ? null : branch.answering(this);
        return other == null ? null : new Candidate<>(other, count, Form.BRANCH);
    }

    private String rest(int start) {
        return start == DOMAIN ? domain + "/" + path : path.substring(start);
    }
}
