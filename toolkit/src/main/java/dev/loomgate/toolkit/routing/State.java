package dev.loomgate.toolkit.routing;

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
final class State<E> {
    /// The way on for a segment with variables.
    record Transition<E>(Part.Dynamic part, State<E> next) {}

    private static final int PRIME = 31;

    /// The segment that leads here, for the table of the state before; empty after one with variables.
    private final String text;

    private final int hash;

    /// The ways on for segments that aren't empty, each at its hash or in a slot that follows. At least half of the
    /// slots are free.
    private final @Nullable State<E>[] table;

    /// The length of the longest of their texts: a segment that is longer, be it by 60 KB, isn't hashed.
    private final int longest;

    /// The way on for an empty segment.
    final @Nullable State<E> empty;

    /// The ways on for segments with variables, in the order in which they are tried.
    final Transition<E>[] dynamic;

    /// The rules that end here.
    final CompiledRule<E>[] rules;

    /// The lowest rank of a rule here or farther on.
    final int firstRank;

    @SuppressWarnings({"unchecked", "rawtypes"})
    State(
            String text,
            Collection<State<E>> fixed,
            List<Transition<E>> dynamic,
            List<CompiledRule<E>> rules,
            int firstRank) {
        this.text = text;
        hash = hash(text, 0, text.length());
        this.dynamic = dynamic.toArray(Transition[]::new);
        this.rules = rules.toArray(CompiledRule[]::new);
        this.firstRank = firstRank;
        int size = Integer.highestOneBit(Math.max(1, 2 * fixed.size() - 1)) << 1;
        table = new State[size];
        State<E> emptyOne = null;
        for (State<E> state : fixed) {
            if (state.text.isEmpty()) {
                emptyOne = state;
            } else {
                int slot = state.hash & (size - 1);
                while (table[slot] != null) {
                    slot = (slot + 1) & (size - 1);
                }
                table[slot] = state;
            }
        }
        empty = emptyOne;
        longest = fixed.stream().mapToInt(state -> state.text.length()).max().orElse(0);
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
    State<E> next(String path, int start, int end) {
        if (start == end) {
            return empty;
        }
        if (end - start > longest) {
            return null;
        }
        int wanted = hash(path, start, end);
        int last = table.length - 1;
        for (int slot = wanted & last; ; slot = (slot + 1) & last) {
            State<E> state = table[slot];
            if (state == null) {
                return null;
            }
            if (state.hash == wanted && state.text.length() == end - start && path.startsWith(state.text, start)) {
                return state;
            }
        }
    }

    /// The first rule here that answers the method, or null. What is wrong with the others is noted.
    @Nullable
    CompiledRule<E> accept(Search<E> search, boolean lenientOnly) {
        for (CompiledRule<E> rule : rules) {
            if (!lenientOnly || !rule.strictSlashes) {
                if (!rule.allows(search.verb)) {
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
