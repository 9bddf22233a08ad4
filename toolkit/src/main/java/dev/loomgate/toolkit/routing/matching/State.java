package dev.loomgate.toolkit.routing.matching;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A place in the tree of all rules: the parts that led here have matched, and rules end here or go on.
///
/// ```
/// /            (domain "")──""──┬──""──        rule /
/// /user/<id>                    └──user──<id>  rule /user/<id>
/// ```
/// Immutable, and laid out for the walk: the ways on for fixed text are a hash table that is asked with a piece of
/// the path, which nobody needs to cut out. What a request doesn't look at costs it nothing, however many rules
/// there are; what it looks at should be few lines of cache.
///
/// @see Branch
public final class State<R extends RulePattern> {
    /// The way on for a segment with variables.
    ///
    /// @param alike whether its part has the same expression as that of the transition before it
    record Transition<R extends RulePattern>(Part.Dynamic part, State<R> next, boolean alike) {}

    private static final int PRIME = 31;

    // Shared, so that to find nothing there touches no memory that only this state has.
    private static final @Nullable State<?>[] NO_STATES = {null};
    private static final Transition<?>[] NO_TRANSITIONS = {};
    private static final RulePattern[] NO_RULES = {};

    /// The segment that leads here, for the table of the state before; empty after one with variables.
    private final String text;

    private final int hash;

    /// The ways on for segments that aren't empty, each at its hash or in a slot that follows. At least half of the
    /// slots are free.
    private final @Nullable State<R>[] table;

    /// The length of the longest of their texts: a segment that is longer, be it by 60 KB, isn't hashed.
    private final int longest;

    /// The way on for an empty segment.
    final @Nullable State<R> empty;

    /// The ways on for segments with variables, in the order in which they are tried.
    final Transition<R>[] dynamic;

    /// The first of the rules that end here: hardly ever is there another.
    private final @Nullable R rule;

    private final R[] others;

    /// The lowest rank of a rule here or farther on.
    final int firstRank;

    @SuppressWarnings("unchecked")
    State(String text, Collection<State<R>> fixed, List<Transition<R>> dynamic, List<R> rules, int firstRank) {
        this.text = text;
        hash = hash(text, 0, text.length());
        this.dynamic = (Transition<R>[]) dynamic.toArray(NO_TRANSITIONS);
        rule = rules.isEmpty() ? null : rules.getFirst();
        others = (R[]) rules.stream().skip(1).toList().toArray(NO_RULES);
        this.firstRank = firstRank;
        List<State<R>> texts =
                fixed.stream().filter(state -> !state.text.isEmpty()).toList();
        table = (State<R>[]) (texts.isEmpty() ? NO_STATES : table(texts));
        longest = texts.stream().mapToInt(state -> state.text.length()).max().orElse(0);
        empty = fixed.stream().filter(state -> state.text.isEmpty()).findFirst().orElse(null);
    }

    private static @Nullable State<?>[] table(List<? extends State<?>> states) {
        int size = Integer.highestOneBit(2 * states.size() - 1) << 1;
        @Nullable State<?>[] table = new State<?>[size];
        for (State<?> state : states) {
            int slot = state.hash & (size - 1);
            while (table[slot] != null) {
                slot = (slot + 1) & (size - 1);
            }
            table[slot] = state;
        }
        return table;
    }

    private static int hash(String path, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = PRIME * hash + path.charAt(i);
        }
        return mixed(hash);
    }

    // The low bits choose the slot; in a sum of products by 31 they depend on the last characters most.
    private static int mixed(int hash) {
        return hash ^ (hash >>> 15) ^ (hash >>> 7);
    }

    /// The way on for the segment from `start` to `end`, if it is one of fixed text.
    @Nullable
    State<R> next(String path, int start, int end) {
        if (start == end) {
            return empty;
        }
        if (end - start > longest) {
            return null;
        }
        int wanted = hash(path, start, end);
        int last = table.length - 1;
        for (int slot = wanted & last; ; slot = (slot + 1) & last) {
            State<R> state = table[slot];
            if (state == null) {
                return null;
            }
            if (state.hash == wanted && state.text.length() == end - start && path.startsWith(state.text, start)) {
                return state;
            }
        }
    }

    /// The first rule here that answers the request, or null. What is wrong with the others is noted.
    @Nullable
    R accept(Search<R> search, boolean lenientOnly) {
        if (rule == null || accepts(rule, search, lenientOnly)) {
            return rule;
        }
        for (R other : others) {
            if (accepts(other, search, lenientOnly)) {
                return other;
            }
        }
        return null;
    }

    private static boolean accepts(RulePattern rule, Search<?> search, boolean lenientOnly) {
        if (lenientOnly && rule.strictSlashes) {
            return false;
        }
        if (!rule.allows(search.verb)) {
            search.allowed(rule);
            return false;
        }
        if (rule.websocket != search.websocket) {
            search.websocketMismatch = true;
            return false;
        }
        return true;
    }

    /// The first rule here that would answer the request, or null. Nothing is noted.
    @Nullable
    R answering(Search<R> search) {
        if (rule == null || answers(rule, search)) {
            return rule;
        }
        for (R other : others) {
            if (answers(other, search)) {
                return other;
            }
        }
        return null;
    }

    private static boolean answers(RulePattern rule, Search<?> search) {
        return rule.websocket == search.websocket && rule.allows(search.verb);
    }
}
